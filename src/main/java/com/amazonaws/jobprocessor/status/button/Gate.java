package com.amazonaws.jobprocessor.status.button;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.status.Request;
import com.amazonaws.jobprocessor.status.button.Sessions.Session;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may press the buttons: whoever gives the token, in a header for scripts or once in a
 * form for people, whose browser then has a cookie that is a session's and never the token.
 *
 * <p>What browsers send on behalf of other pages is refused by what they say of it: {@code
 * Sec-Fetch-Site}, which they send to localhost and by HTTPS, and {@code Origin}. The cookie is
 * {@code SameSite=Strict}, and each form has a key of its session, which no other page can read.
 */
final class Gate {
  private static final String BEARER = "bearer ";

  private final Token token;
  private final Sessions sessions;

  /** Who a request is from. */
  sealed interface Visitor {
    /** A script with the token. */
    record Script() implements Visitor {}

    /** Somebody with a session. */
    record Person(Session session) implements Visitor {}

    /** Nobody known. */
    record Stranger() implements Visitor {}

    /** Somebody with a wrong token. */
    record Wrong(boolean tooMany) implements Visitor {}
  }

  Gate(String token, MonotonicClock clock) {
    this.token = new Token(token, clock);
    this.sessions = new Sessions(clock);
  }

  /** Why a request is refused whoever it is from; null if it is not. */
  static @Nullable String refusal(Request request) {
    String host = request.header("host");
    if (host == null || host.isEmpty()) {
      return "the request has no Host";
    }
    String site = request.header("sec-fetch-site");
    boolean ours =
        site == null || site.equals("same-origin") || (!request.isPost() && site.equals("none"));
    if (!ours) {
      return "another page sent this; open it from the worker's own page";
    }
    String origin = request.header("origin");
    if (origin != null && !isOrigin(origin.toLowerCase(Locale.ROOT), host)) {
      return "another page sent this; open it from the worker's own page";
    }
    return null;
  }

  /** By HTTPS if the tunnel that leads here speaks it. */
  private static boolean isOrigin(String origin, String host) {
    String here = host.toLowerCase(Locale.ROOT);
    return origin.equals("http://" + here) || origin.equals("https://" + here);
  }

  /** Who a request is from, that was not refused. */
  Visitor visitor(Request request) throws InterruptedException {
    String authorization = request.header("authorization");
    if (authorization != null && isBearer(authorization)) {
      return switch (token.check(authorization.substring(BEARER.length()).strip())) {
        case RIGHT -> new Visitor.Script();
        case WRONG -> new Visitor.Wrong(false);
        case TOO_MANY -> new Visitor.Wrong(true);
      };
    }
    Session session = session(request);
    return session == null ? new Visitor.Stranger() : new Visitor.Person(session);
  }

  private static boolean isBearer(String authorization) {
    return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
  }

  private @Nullable Session session(Request request) {
    String cookies = request.header("cookie");
    if (cookies == null) {
      return null;
    }
    String prefix = cookieName(request) + "=";
    for (String cookie : cookies.split("[;,]", -1)) {
      if (cookie.strip().startsWith(prefix)) {
        Session found = sessions.find(cookie.strip().substring(prefix.length()));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Checks the token of a form. */
  Token.Answer check(String given) throws InterruptedException {
    return token.check(given.strip());
  }

  /** True if a form is of a session: its page was shown to whoever sends it. */
  static boolean isFormOf(Session session, String formKey) {
    return MessageDigest.isEqual(session.formKey().getBytes(US_ASCII), formKey.getBytes(US_ASCII));
  }

  /** Opens a session and says what to set as its cookie. */
  String newCookie(Request request) {
    return "%s=%s; Path=/; Max-Age=%s; HttpOnly; SameSite=Strict"
        .formatted(cookieName(request), sessions.open().id(), Sessions.LASTS.toSeconds());
  }

  /**
   * Named by the port that the browser sees: cookies ignore ports, and tunnels to several workers
   * share one localhost.
   */
  private static String cookieName(Request request) {
    String host = String.valueOf(request.header("host"));
    int colon = host.lastIndexOf(':');
    String port = colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    return "job-processor-" + (port.matches("[0-9]{1,5}") ? port : "80");
  }
}
