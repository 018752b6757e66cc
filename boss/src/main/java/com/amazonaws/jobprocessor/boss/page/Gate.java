package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.api.Caller;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import io.javalin.http.Context;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells whose a request is, and refuses what browsers send on behalf of other sites' pages: by
 * {@code Sec-Fetch-Site}, which they send to localhost and by HTTPS, by {@code Origin}, and by the
 * form's key, which only the session's own pages have. The cookie is {@code SameSite=Strict}.
 */
final class Gate {
  private static final String ELSEWHERE =
      "This form was sent from another site's page. Open it here and send it again.";

  private final Sessions sessions;
  private final Hosts hosts;
  private final boolean https;

  /**
   * A gate.
   *
   * @param publicUrl of a proxy before the server; null if there is none
   */
  Gate(Sessions sessions, String address, @Nullable URI publicUrl) {
    this.sessions = sessions;
    this.hosts = new Hosts(address, publicUrl);
    this.https = publicUrl != null && "https".equals(publicUrl.getScheme());
  }

  /** Refuses what cannot be meant for this server. */
  void checkHost(Context request) {
    if (!hosts.isOurs(request.header("Host"))) {
      throw new Refused(
          421,
          "This server is not known by that name. If it is its name, start the boss with"
              + " --public-url.");
    }
  }

  /** Refuses a form that is not from a page of ours. */
  void checkOrigin(Context request) {
    String site = request.header("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      throw new Refused(403, ELSEWHERE);
    }
    String origin = request.header("Origin");
    if (origin != null) {
      String here = String.valueOf(request.header("Host")).toLowerCase(Locale.ROOT);
      String said = origin.toLowerCase(Locale.ROOT);
      if (!said.equals("http://" + here) && !said.equals("https://" + here)) {
        throw new Refused(403, ELSEWHERE);
      }
    }
  }

  /** Refuses a form that no page of the session has shown. */
  static void checkKey(Context request, Session session) {
    String key = request.formParam("form_key");
    if (key == null
        || !MessageDigest.isEqual(key.getBytes(UTF_8), session.formKey().getBytes(UTF_8))) {
      throw new Refused(
          403, "This form belongs to another session. Open its page and send it again.");
    }
  }

  /** Who makes a request; null for a stranger. This counts as use of the session. */
  @Nullable Session session(Context request) {
    String id = request.cookie(cookieName(request));
    return id == null || id.isEmpty()
        ? null
        : sessions.use(id).map(member -> Session.of(id, member)).orElse(null);
  }

  /** True if a session has not ended; this does not count as use of it. */
  boolean isOpen(Session session) {
    return sessions
        .look(session.id())
        .filter(member -> member.role() == session.role())
        .isPresent();
  }

  /** Opens a session for whoever makes the request. */
  void open(Context request, long user) {
    setCookie(request, sessions.open(user), Sessions.LASTS.toSeconds());
  }

  /** Ends it. */
  void close(Context request, Session session) {
    sessions.end(session.id());
    setCookie(request, "", 0);
  }

  private void setCookie(Context request, String id, long seconds) {
    addCookie(request, cookieName(request), id, "/", seconds);
  }

  /** Sets a cookie that no script can read and no other site's page can send. */
  void addCookie(Context request, String name, String value, String path, long seconds) {
    request.addHeader(
        "Set-Cookie",
        "%s=%s; Path=%s; Max-Age=%s; HttpOnly; SameSite=Strict%s"
            .formatted(name, value, path, seconds, isHttps(request) ? "; Secure" : ""));
  }

  /**
   * True if the browser speaks HTTPS, to a proxy; only one on this machine is believed to say so.
   */
  private boolean isHttps(Context request) {
    return https
        || (Caller.isLocal(request) && "https".equals(request.header("X-Forwarded-Proto")));
  }

  /** How the pages are addressed by whoever makes the request: {@code http://127.0.0.1:8070}. */
  String origin(Context request) {
    return (isHttps(request) ? "https://" : "http://") + request.header("Host");
  }

  /** By the port that the browser sees: cookies ignore ports, and tunnels share one localhost. */
  private static String cookieName(Context request) {
    String host = String.valueOf(request.header("Host"));
    int colon = host.lastIndexOf(':');
    String port = colon > host.lastIndexOf(']') ? host.substring(colon + 1) : "";
    return "boss-" + (port.matches("[0-9]{1,5}") ? port : "session");
  }
}
