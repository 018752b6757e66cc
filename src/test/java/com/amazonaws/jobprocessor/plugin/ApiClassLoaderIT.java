package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an executor sees of the worker, and what it does not. */
class ApiClassLoaderIT extends LoaderFixture {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "software.amazon.awssdk.services.sqs.SqsClient",
        "ch.qos.logback.classic.Logger",
        "com.amazonaws.jobprocessor.work.Worker",
        "com.amazonaws.jobprocessor.plugin.ExecutorLoader",
        "com.amazonaws.jobprocessor.executors.Sleep",
        "org.apache.commons.daemon.Daemon"
      })
  void nothing_else_of_the_worker_is_visible(String className) throws Exception {
    assertTrue(Class.forName(className, false, getClass().getClassLoader()) != null);
    install(source(EXECUTE));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      ClassLoader loader = loaded.classLoader();
      assertThrows(ClassNotFoundException.class, () -> Class.forName(className, false, loader));
      String resource = className.replace('.', '/') + ".class";
      assertTrue(loader.getResource(resource) == null);
      assertFalse(loader.getResources(resource).hasMoreElements());
    }
  }

  @Test
  void the_workers_resources_and_services_are_not_visible() throws Exception {
    install(source(EXECUTE));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      assertFalse(loaded.classLoader().getResources("logback.xml").hasMoreElements());
      assertFalse(
          loaded
              .classLoader()
              .getResources("META-INF/services/org.slf4j.spi.SLF4JServiceProvider")
              .hasMoreElements());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.amazonaws.jobprocessor.JobExecutor",
        "com.amazonaws.jobprocessor.RetryAfter",
        "org.slf4j.Logger",
        "org.slf4j.LoggerFactory",
        "org.slf4j.event.Level"
      })
  void the_api_and_slf4j_are_the_workers_own(String className) throws Exception {
    install(source(EXECUTE));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      assertSame(Class.forName(className), Class.forName(className, false, loaded.classLoader()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"java.net.http.HttpClient", "java.sql.Driver", "javax.xml.XMLConstants"})
  void the_jdk_is_visible(String className) throws Exception {
    install(source(EXECUTE));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      assertTrue(Class.forName(className, false, loaded.classLoader()) != null);
    }
  }
}
