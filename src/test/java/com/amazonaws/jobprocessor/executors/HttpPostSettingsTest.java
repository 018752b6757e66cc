package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that are refused. */
class HttpPostSettingsTest {
  private static void configure(String name, String value) {
    Map<String, String> settings = new HashMap<>(Map.of("url", "http://127.0.0.1:8000/job"));
    settings.put(name, value);
    new HttpPost().configure(settings);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://127.0.0.1/",
        "127.0.0.1:8000",
        "/job",
        "http://",
        "http:///job",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1/a b",
        "http://hush:hush@127.0.0.1/",
        "http://hush@127.0.0.1/",
        "http://hush:hush@127.0.0.1:port/"
      })
  void a_url_that_cannot_work_is_refused_and_not_repeated(String url) {
    String message = Thrown.message(IllegalArgumentException.class, () -> configure("url", url));
    assertTrue(message.startsWith("executor.url: "), message);
    assertFalse(message.contains("hush"), message);
  }

  @ParameterizedTest
  @CsvSource({
    "connect_timeout_in_secs,0",
    "connect_timeout_in_secs,61",
    "read_timeout_in_secs,0",
    "read_timeout_in_secs,43001",
    "read_timeout_in_secs,1.5",
    "permanent_statuses,299",
    "permanent_statuses,600",
    "permanent_statuses,'400,404'",
    "content_type,täxt",
    "content_type,text/plain; charset=x-unknown",
    "content_type,text/plain; charset=ISO-2022-CN",
    "urk,x"
  })
  void settings_that_cannot_work_are_refused_by_name(String name, String value) {
    String message = Thrown.message(IllegalArgumentException.class, () -> configure(name, value));
    assertTrue(message.startsWith("executor." + name + ": "), message);
  }

  @Test
  void the_url_is_required() {
    assertTrue(
        Thrown.message(IllegalArgumentException.class, () -> new HttpPost().configure(Map.of()))
            .startsWith("executor.url: missing"));
  }
}
