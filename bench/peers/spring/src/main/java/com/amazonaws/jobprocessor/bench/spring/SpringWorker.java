package com.amazonaws.jobprocessor.bench.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Starts a listener: {@link OneByOne} with the profile {@code one}, {@link Batched} with the
 * profile {@code batched}. Queues are the properties {@code backlog} and {@code results}; how many
 * messages at the same time is Spring Cloud AWS's own property.
 */
@SpringBootApplication
public class SpringWorker {
  /**
   * Works until it is killed.
   *
   * @param arguments properties as Spring Boot reads them
   */
  public static void main(String[] arguments) {
    SpringApplication.run(SpringWorker.class, arguments);
  }

  static String reverse(String text) {
    return new StringBuilder(text).reverse().toString();
  }
}
