package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Tokens.Bearer;
import com.amazonaws.jobprocessor.boss.store.Tokens.Scope;
import com.amazonaws.jobprocessor.boss.store.Trouble;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The server of the API: who may, which route, and what went wrong. */
public final class Api implements AutoCloseable {
  /** What all paths begin with. */
  static final String ROOT = "/api/v1";

  private static final Logger LOG = LoggerFactory.getLogger(Api.class);
  private static final String BEARER = "Bearer ";
  private static final String WHO = "who";
  private static final String AWAY_SECONDS = "5";

  /** Jetty ends the connection at once for this (org.eclipse.jetty.ee10.servlet, sendError). */
  private static final int ABORT = -1;

  private static final int MAX_HEADER_BYTES = 16 * 1024;

  private final Tokens tokens;
  private final String adminToken;
  private final Site site;
  private final Javalin server;

  /** Answers a request. */
  interface Handler {
    void answer(Context request) throws Exception;
  }

  /**
   * A route.
   *
   * @param path behind {@link #ROOT}; {@code {id}} is a parameter
   * @param scope null if everybody may
   */
  record Route(HandlerType method, String path, @Nullable Scope scope, Handler handler) {}

  /** The port is taken, or may not be taken; the message is one line. */
  public static final class CannotListen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotListen(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /**
   * Starts to serve.
   *
   * @param adminToken of whoever may read the boss's folder
   * @param site what is served beside the API
   * @param port 0 for any that is free
   * @throws CannotListen if it cannot
   */
  public Api(Routes routes, Tokens tokens, String adminToken, Site site, String address, int port) {
    this.tokens = tokens;
    this.adminToken = adminToken;
    this.site = site;
    this.server = create(routes.all());
    try {
      Listening.check(address, port);
      server.start(address, port);
    } catch (IOException | JavalinBindException e) {
      throw new CannotListen(
          "cannot listen on " + address + ":" + port + ": " + reason(e) + "; choose another --port",
          e);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage());
  }

  /** The port that it listens on. */
  public int port() {
    return server.port();
  }

  private Javalin create(List<Route> routes) {
    return Javalin.create(
        config -> {
          config.startup.showJavalinBanner = false;
          config.startup.showOldJavalinVersionWarning = false;
          config.startup.startupWatcherEnabled = false;
          config.concurrency.useVirtualThreads = true;
          config.http.prefer405over404 = true;
          config.http.maxRequestSize = Uploads.MAX_BYTES;
          config.jetty.modifyServer(server -> server.setErrorHandler(new ServerErrors()));
          config.jetty.modifyHttpConfiguration(
              http -> {
                http.setSendServerVersion(false);
                http.setRequestHeaderSize(MAX_HEADER_BYTES);
              });
          for (Route route : routes) {
            String path = ROOT + route.path();
            config.routes.addHttpHandler(route.method(), path, request -> serve(route, request));
            if (route.method().equals(HandlerType.GET)) {
              // Jetty leaves out the body; Javalin would say 200 to everybody.
              config.routes.addHttpHandler(
                  HandlerType.HEAD, path, request -> serve(route, request));
            }
          }
          site.addTo(config.routes);
          config.routes.exception(Problem.class, Api::answer);
          config.routes.exception(HttpResponseException.class, this::refused);
          config.routes.exception(Downloads.BrokenOff.class, Api::brokenOff);
          config.routes.exception(Exception.class, this::failed);
        });
  }

  private static boolean isOurs(Context request) {
    return request.path().equals(ROOT) || request.path().startsWith(ROOT + "/");
  }

  private void refused(HttpResponseException e, Context request) {
    if (isOurs(request)) {
      answer(new Problem(e.getStatus(), detail(e)), request);
    } else {
      site.refuse(
          request,
          e.getStatus(),
          e.getStatus() == 404 ? "There is no such page." : String.valueOf(e.getMessage()));
    }
  }

  private static String detail(HttpResponseException e) {
    return switch (e.getStatus()) {
      case 404 -> "there is nothing at this path; see " + ROOT + "/openapi.json";
      case 405 -> "this path does not know the method; see " + ROOT + "/openapi.json";
      default -> String.valueOf(e.getMessage());
    };
  }

  private void serve(Route route, Context request) throws Exception {
    request.header("Cache-Control", "no-store").header("X-Content-Type-Options", "nosniff");
    Scope needed = route.scope();
    if (needed != null) {
      Bearer bearer = bearer(request);
      if (!bearer.scope().includes(needed)) {
        throw new Problem(
            403, "the token's scope is " + bearer.scope().text() + "; needed is " + needed.text());
      }
      request.attribute(WHO, bearer.name());
    }
    String encoding = request.header("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Problem(415, "send the body as it is, without Content-Encoding");
    }
    route.handler().answer(request);
    EntityTag.put(request);
  }

  private Bearer bearer(Context request) {
    String header = request.header("Authorization");
    // The name of a scheme may be written in small letters (RFC 9110, section 11.1).
    if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      String token = header.substring(BEARER.length()).strip();
      if (isAdmin(token)) {
        return new Bearer("admin", Scope.ADMIN);
      }
      Optional<Bearer> bearer = tokens.find(token);
      if (bearer.isPresent()) {
        return bearer.get();
      }
      tokens.refused(Caller.address(request));
    }
    request.header("WWW-Authenticate", "Bearer");
    throw new Problem(
        401, "send Authorization: Bearer TOKEN, with a token of: bin/boss token create");
  }

  private boolean isAdmin(String token) {
    return MessageDigest.isEqual(
        token.getBytes(StandardCharsets.UTF_8), adminToken.getBytes(StandardCharsets.UTF_8));
  }

  /** Whose token the request has. */
  static String who(Context request) {
    String who = request.attribute(WHO);
    return who == null ? "" : who;
  }

  private void failed(Exception e, Context request) {
    Optional<Trouble> trouble = Trouble.of(e);
    if (trouble.isPresent()) {
      // The loops say so in the log.
      request.header("Retry-After", AWAY_SECONDS);
      refuse(request, 503, trouble.get().words() + "; send it again in a moment");
      return;
    }
    LOG.error("{} {} failed", request.method(), request.path(), e);
    refuse(request, 500, "the boss could not do it; its log says why");
  }

  /** The connection ends without the answer's end, so that nobody takes a part for the whole. */
  private static void brokenOff(Downloads.BrokenOff e, Context request) {
    if (!e.isClientGone()) {
      String why = reason(e).lines().findFirst().orElse("");
      LOG.warn("{} {} broke off: {}", request.method(), request.path(), why);
    }
    try {
      request.res().sendError(ABORT);
    } catch (IOException gone) {
      LOG.debug("{} {}: {}", request.method(), request.path(), gone.toString());
    }
  }

  private void refuse(Context request, int status, String why) {
    if (isOurs(request)) {
      answer(new Problem(status, why), request);
    } else {
      site.refuse(request, status, "T" + why.substring(1) + ".");
    }
  }

  private static void answer(Problem problem, Context request) {
    ObjectNode json = Json.object();
    json.put("type", "about:blank");
    json.put("title", HttpStatus.forStatus(problem.status()).getMessage());
    json.put("status", problem.status());
    json.put("detail", problem.getMessage());
    if (!problem.flaws().isEmpty()) {
      ArrayNode errors = json.putArray("errors");
      problem
          .flaws()
          .forEach(flaw -> errors.addObject().put("at", flaw.at()).put("problem", flaw.problem()));
    }
    request.status(problem.status());
    request.contentType("application/problem+json");
    request.result(Json.bytes(json));
  }

  /** Stops to serve. */
  @Override
  public void close() {
    site.close();
    server.stop();
  }
}
