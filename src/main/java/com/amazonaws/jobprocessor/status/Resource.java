package com.amazonaws.jobprocessor.status;

/** What is at a path of the status server. Called by many threads; must not wait for AWS. */
@FunctionalInterface
public interface Resource {
  /**
   * Answers a GET; of a HEAD the body is left out afterwards.
   *
   * @param accept the request's Accept header, empty if it has none
   */
  Reply get(String accept) throws InterruptedException;
}
