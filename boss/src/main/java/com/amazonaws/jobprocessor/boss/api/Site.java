package com.amazonaws.jobprocessor.boss.api;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** What the API's server serves outside {@code /api/v1}. */
public interface Site extends AutoCloseable {
  /** Nothing. */
  Site NONE =
      new Site() {
        @Override
        public void addTo(RoutesConfig routes) {}

        @Override
        public void refuse(Context request, int status, String why) {
          request.status(status).contentType("text/plain").result(why + "\n");
        }

        @Override
        public void close() {}
      };

  /** Adds its routes. */
  void addTo(RoutesConfig routes);

  /**
   * Answers a request that no route answers.
   *
   * @param why in one line
   */
  void refuse(Context request, int status, String why);

  /** Ends what goes on after it was sent. */
  @Override
  void close();
}
