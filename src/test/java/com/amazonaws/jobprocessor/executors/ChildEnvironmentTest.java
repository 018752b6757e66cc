package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.JobContext;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChildEnvironmentTest {
  @Test
  void a_job_sees_the_workers_environment_and_its_own_ids() {
    assertEquals(
        Map.of(
            "PATH", "/bin",
            "AWS_REGION", "us-east-1",
            "JOB_ID", "job-1",
            "JOB_MESSAGE_ID", "message-1",
            "JOB_ATTEMPT", "3",
            "JOB_PROCESSOR_RUN", "run-1"),
        ChildEnvironment.of(
            Map.of("PATH", "/bin", "AWS_REGION", "us-east-1"), Jobs.job(), "run-1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SECRET_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "NOTIFY_SOCKET",
        "WATCHDOG_PID",
        "WATCHDOG_USEC",
        "JOURNAL_STREAM",
        "INVOCATION_ID",
        "LISTEN_FDS",
        "LISTEN_FDNAMES",
        "LISTEN_PID",
        "LISTEN_PIDFDID",
        "MAINPID",
        "CREDENTIALS_DIRECTORY",
        "JOB_PROCESSOR_LIB",
        "db_password",
        "MyApiKey",
        "gitToken",
        "Client_Secret"
      })
  void secrets_and_what_speaks_for_the_service_are_withheld(String name) {
    assertEquals(
        ChildEnvironment.of(Map.of(), Jobs.job(), "run-1"),
        ChildEnvironment.of(Map.of(name, "x"), Jobs.job(), "run-1"));
  }

  @Test
  void a_job_cannot_pose_as_another_run_or_end_its_variable() {
    Map<String, String> child =
        ChildEnvironment.of(
            Map.of("JOB_PROCESSOR_RUN", "other", "JOB_ID", "other"),
            new JobContext("a\0JOB_PROCESSOR_RUN=other\n", "m", 1, Map.of()),
            "run-1");
    assertEquals("a\uFFFDJOB_PROCESSOR_RUN=other\n", child.get("JOB_ID"));
    assertEquals("run-1", child.get("JOB_PROCESSOR_RUN"));
  }
}
