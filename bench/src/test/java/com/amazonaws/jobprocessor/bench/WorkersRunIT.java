package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkersRunIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"));

  @TempDir Path work;

  private Map<String, String> environment(Tls tls, Map<String, String> callers) {
    Map<String, String> environment = new HashMap<>(callers);
    Site site = new Site(work, work, JAVA, work, tls);
    Worker.setEnvironment(environment, site, "one", "http://127.0.0.1:1", work);
    return environment;
  }

  @Test
  void nothing_of_the_callers_account_or_settings_gets_into_a_worker() {
    Map<String, String> environment =
        environment(
            Tls.NONE,
            Map.of(
                "AWS_PROFILE",
                "mine",
                "JOB_PROCESSOR_HOME",
                "/mine",
                "https_proxy",
                "http://mine"));

    assertFalse(environment.toString().contains("mine"), environment::toString);
    assertEquals("true", environment.get("AWS_EC2_METADATA_DISABLED"));
  }

  @Test
  void options_of_the_jvm_are_the_callers_and_then_what_tls_needs() throws Exception {
    Map<String, String> callers = Map.of("JOB_PROCESSOR_JVM_OPTS", "-XX:+UseG1GC");
    Tls tls = Tls.make(JAVA, work);

    assertEquals("-XX:+UseG1GC", environment(Tls.NONE, callers).get("JOB_PROCESSOR_JVM_OPTS"));
    assertEquals(
        "-XX:+UseG1GC " + tls.jvmOptions().getFirst(),
        environment(tls, callers).get("JOB_PROCESSOR_JVM_OPTS"));
  }
}
