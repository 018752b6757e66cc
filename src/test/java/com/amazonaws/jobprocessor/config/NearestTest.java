package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({
    "poll_rate_per_minute, poll_rate_per_min",
    "POLL_RATE_PER_MIN, poll_rate_per_min",
    "concurency, concurrency",
    "region, aws_region",
    "job_failure_retry, job_failure_retries",
    "result_queue_name, results_queue_name",
    "backlog_queue_name, job_backlog_queue_name",
    "expected_job_execution_time, expected_job_execution_time_in_secs",
    "secret_acess_key, secret_access_key",
    "job_excutor, job_executor",
    "executer.url, executor.url",
    "Executor.url, executor.url"
  })
  void misspelt_key_has_a_suggestion(String key, String expected) {
    assertEquals(expected, Nearest.to(key));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "cd", "foo", "wJalrXUtnFEMI", "instance.type", "executor."})
  void other_text_has_none(String key) {
    assertNull(Nearest.to(key));
  }

  @Test
  void long_text_is_not_compared() {
    assertNull(Nearest.to("concurrency".repeat(1_000)));
  }

  @Test
  void key_in_another_notation_is_found_and_nothing_behind_it() {
    for (String text :
        List.of(
            "export CONCURRENCY",
            "\"concurrency\"",
            "{\"concurrency\": 4",
            "concurrency: 4",
            "- concurrency",
            "\u00a0concurrency",
            "conc\u200burrency",
            "concurrency\uff1d4;x")) {
      assertEquals("concurrency", Nearest.to(text), text);
    }
    assertEquals("executor.url", Nearest.to("executor.url hunter2hunter2"));
    assertEquals("executor.url", Nearest.to("export executor.url: hunter2"));
  }
}
