package com.amazonaws.jobprocessor.status;

/** What is at a path that acts: it may be posted to. Called by many threads. */
@FunctionalInterface
public interface Action {
  /** Answers a GET, a HEAD or a POST; within some seconds, since the server cuts longer answers. */
  Reply answer(Request request) throws InterruptedException;
}
