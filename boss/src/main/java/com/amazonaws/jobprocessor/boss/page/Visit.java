package com.amazonaws.jobprocessor.boss.page;

import io.javalin.http.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request for a page, who makes it, and how it is answered. */
final class Visit {
  private final Context request;
  private final @Nullable Session session;
  private final Instant now;
  private final Site site;

  /** What all visits have in common. */
  interface Site {
    /** The pages that somebody is led to. */
    List<Navigation.Entry> navigation(@Nullable Session session);

    Assets assets();

    Templates templates();
  }

  Visit(Context request, @Nullable Session session, Instant now, Site site) {
    this.request = request;
    this.session = session;
    this.now = now;
    this.site = site;
  }

  /** The request, for what is not to be had by the methods here. */
  Context request() {
    return request;
  }

  /** The moment for which the answer is made. */
  Instant now() {
    return now;
  }

  /** Who makes it; only strangers have none, on routes that are open to them. */
  Session session() {
    if (session == null) {
      throw new IllegalStateException("a route for users was answered for a stranger");
    }
    return session;
  }

  /** Who makes it, on a route that is open to strangers. */
  Optional<Session> visitor() {
    return Optional.ofNullable(session);
  }

  /** A parameter of the URL without blanks at its ends; empty if it is missing. */
  String query(String name) {
    String value = request.queryParam(name);
    return value == null ? "" : value.strip();
  }

  /** A field of the form; empty if it is missing. */
  String field(String name) {
    String value = request.formParam(name);
    return value == null ? "" : value;
  }

  /**
   * The number in the path in place of {@code {id}}.
   *
   * @param what it numbers: one that cannot be a number is one that is not there
   */
  long id(String what) {
    String text = request.pathParam("id");
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw Refused.notFound("such " + what);
    }
    return Long.parseLong(text);
  }

  /** Answers with a page. */
  void show(String title, String template, Map<String, Object> parameters) {
    show(200, title, template, parameters);
  }

  /**
   * Answers with a page.
   *
   * @param title without the program's name
   * @param template has these parameters and the frame
   */
  void show(int status, String title, String template, Map<String, Object> parameters) {
    Frame frame =
        new Frame(
            title,
            request.path(),
            session,
            site.navigation(session),
            site.assets(),
            now,
            Notices.text(query("done")));
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("frame", frame);
    request.status(status);
    request.contentType("text/html; charset=utf-8");
    request.result(site.templates().render(template, all));
  }

  /** Answers with a part of a page, which a script puts into it. */
  void part(String template, Map<String, Object> parameters) {
    request.contentType("text/html; charset=utf-8");
    request.result(site.templates().render(template, parameters));
  }

  /** Answers with somebody's text, which browsers save and do not show: it may be anything. */
  void text(String text, String file) {
    request.contentType("text/plain; charset=utf-8");
    request.header("Content-Disposition", "attachment; filename=\"" + file + "\"");
    request.result(text);
  }

  /** Leads to another page, after a form has done what it does: reloading it does nothing twice. */
  void seeOther(String path) {
    request.status(303).header("Location", path);
  }
}
