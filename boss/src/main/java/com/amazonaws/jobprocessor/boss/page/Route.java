package com.amazonaws.jobprocessor.boss.page;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.amazonaws.jobprocessor.boss.store.Role;
import io.javalin.http.HandlerType;
import org.jspecify.annotations.Nullable;

/**
 * A page, or what a form is sent to.
 *
 * @param path {@code {id}} is a parameter
 * @param role who may; null if strangers may
 * @param maxBytes of a form that is sent there
 */
record Route(HandlerType method, String path, @Nullable Role role, long maxBytes, Handler handler) {
  private static final long FORM = 64 * 1024;
  private static final long STREAM = -1;
  private static final long LARGE = -2;
  private static final long REPORT = -3;

  /** Answers a request. */
  interface Handler {
    void answer(Visit visit) throws Exception;
  }

  /** A page that every user may see. */
  static Route page(String path, Handler handler) {
    return new Route(GET, path, Role.VIEWER, 0, handler);
  }

  /** A file for every user that may have some megabytes. */
  static Route file(String path, Handler handler) {
    return new Route(GET, path, Role.VIEWER, LARGE, handler);
  }

  /** A file that may have some megabytes, too, and takes seconds to make. */
  static Route report(String path, Handler handler) {
    return new Route(GET, path, Role.VIEWER, REPORT, handler);
  }

  /** A page for operators: a form, or a question before something is done. */
  static Route operatorPage(String path, Handler handler) {
    return new Route(GET, path, Role.OPERATOR, 0, handler);
  }

  /** What an operator's form does. */
  static Route action(String path, Handler handler) {
    return new Route(POST, path, Role.OPERATOR, FORM, handler);
  }

  /** What an operator's form does that brings a file. */
  static Route upload(String path, long maxBytes, Handler handler) {
    return new Route(POST, path, Role.OPERATOR, maxBytes, handler);
  }

  /** Events for a page of every user's: who has not signed in is refused, and not led elsewhere. */
  static Route stream(String path, Handler handler) {
    return new Route(GET, path, Role.VIEWER, STREAM, handler);
  }

  /** True if it is a stream of events. */
  boolean isStream() {
    return maxBytes == STREAM;
  }

  /** True if an answer may have some megabytes. */
  boolean isLarge() {
    return maxBytes == LARGE || isReport();
  }

  /** True if it waits for its turn among reports only. */
  boolean isReport() {
    return maxBytes == REPORT;
  }

  /** What every user's form does. */
  static Route ownAction(String path, Handler handler) {
    return new Route(POST, path, Role.VIEWER, FORM, handler);
  }

  /** For whoever comes. */
  static Route open(HandlerType method, String path, Handler handler) {
    return new Route(method, path, null, FORM, handler);
  }
}
