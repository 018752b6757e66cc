package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartTimeoutTest {
  private static List<String> warnings(String settings) {
    return Configuration.read(List.of(new Source("user data", settings)), 2).warnings();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job_executor=PersistentCommand,job_timeout_in_secs=60",
        "job_executor=com.amazonaws.jobprocessor.executors.PersistentCommand,job_timeout_in_secs=60",
        "job_executor=PersistentCommand,job_timeout_in_secs=60,executor.start_timeout_in_secs=60"
      })
  void a_job_whose_time_is_up_before_its_process_must_have_begun_is_warned_of(String settings) {
    assertEquals(
        List.of(
            "job_timeout_in_secs: 60 is not longer than executor.start_timeout_in_secs (60): a"
                + " command that hangs when it starts fails one job after the other as JobTimeout"),
        warnings(settings));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "job_executor=PersistentCommand",
        "job_executor=PersistentCommand,job_timeout_in_secs=61",
        "job_executor=PersistentCommand,job_timeout_in_secs=20,executor.start_timeout_in_secs=19",
        "job_executor=PersistentCommand,job_timeout_in_secs=20,executor.start_timeout_in_secs=soon",
        "job_executor=PersistentCommand,job_timeout_in_secs=0",
        "job_executor=ShellCommand,job_timeout_in_secs=20",
        "job_executor=com.example.PersistentCommand,job_timeout_in_secs=20"
      })
  void others_are_not(String settings) {
    assertEquals(List.of(), warnings(settings));
  }
}
