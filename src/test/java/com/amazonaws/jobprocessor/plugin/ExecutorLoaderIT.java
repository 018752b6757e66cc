package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.executors.ReverseSpacelessString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorLoaderIT extends LoaderFixture {
  @Test
  void an_executor_in_a_jar_runs() throws Exception {
    assertEquals("mine job", run(EXECUTE));
  }

  @Test
  void what_an_executor_in_a_jar_says_of_its_box_is_understood() throws Exception {
    install(
        source(
            """
            public String execute(String job) throws Exception {
              throw new ExecutorUnavailable("no GPU", new java.io.IOException("driver"));
            }
            """));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      ExecutorUnavailable thrown =
          assertThrows(ExecutorUnavailable.class, () -> loaded.executor().execute("job"));
      assertEquals("no GPU", thrown.getMessage());
      assertInstanceOf(IOException.class, thrown.getCause());
    }
  }

  @Test
  void an_executor_whose_close_never_returns_does_not_hold_up_the_end() throws Exception {
    install(
        source(
            "public class Mine implements JobExecutor, AutoCloseable",
            EXECUTE
                + """

                public void close() throws Exception {
                  new java.util.concurrent.CountDownLatch(1).await();
                }
                """));
    LoadedExecutor loaded = load(MINE, Map.of());

    assertTimeoutPreemptively(Duration.ofMinutes(1), () -> loaded.close(Duration.ofMillis(1)));

    assertEquals("mine job", loaded.executor().execute("job"));
  }

  @Test
  void an_executor_finds_its_dependencies_and_resources_in_the_other_jars() throws Exception {
    JarOf both =
        compiled(
            Map.of(
                MINE,
                source("public String execute(String job) throws Exception { return Dep.text(); }"),
                "com.example.Dep",
                """
                package com.example;
                class Dep {
                  static String text() throws Exception {
                    try (var in = Dep.class.getResourceAsStream("/greeting.txt")) {
                      return new String(in.readAllBytes());
                    }
                  }
                }
                """));
    byte[] dep = both.bytes("com/example/Dep.class");
    both.remove("com/example/Dep.class").write(lib.resolve("a.jar"));
    new JarOf(folder)
        .add("com/example/Dep.class", dep)
        .add("greeting.txt", "hello".getBytes(StandardCharsets.UTF_8))
        .write(lib.resolve("b.jar"));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      assertEquals("hello", loaded.executor().execute("job"));
    }
  }

  @Test
  void the_first_jar_by_name_wins_and_subfolders_do_not_count() throws Exception {
    for (String name : new String[] {"c.jar", "b.jar"}) {
      compiled(Map.of(MINE, source(EXECUTE.replace("mine ", name + " ")))).write(lib.resolve(name));
    }
    Path sub = Files.createDirectory(lib.resolve("a.jar"));
    compiled(Map.of(MINE, source(EXECUTE.replace("mine ", "sub ")))).write(sub.resolve("a.jar"));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      assertEquals("b.jar job", loaded.executor().execute("job"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ReverseSpacelessString", "Sleep", "CountPrimes"})
  void the_executors_that_come_with_it_need_no_jar(String name) throws Exception {
    String className = "com.amazonaws.jobprocessor.executors." + name;
    try (LoadedExecutor loaded =
        new ExecutorLoader(folder.resolve("missing")).load(className, Map.of())) {
      assertSame(
          ReverseSpacelessString.class.getClassLoader(),
          loaded.executor().getClass().getClassLoader());
      assertNotSame(ReverseSpacelessString.class.getClassLoader(), loaded.classLoader());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"com.amazonaws.jobprocessor.executors", "com.amazonaws.jobprocessor"})
  void a_users_class_may_be_in_a_package_of_ours(String name) throws Exception {
    String className = name + ".Mine";
    compiled(Map.of(className, source(EXECUTE).replace("com.example", name)))
        .write(lib.resolve("mine.jar"));
    try (LoadedExecutor loaded = load(className, Map.of())) {
      assertEquals("mine job", loaded.executor().execute("job"));
      assertSame(loaded.classLoader(), loaded.executor().getClass().getClassLoader());
    }
  }

  @Test
  void broken_jars_do_not_disturb_an_executor_that_needs_none() throws Exception {
    Files.writeString(lib.resolve("broken.jar"), "no jar");
    load(ReverseSpacelessString.class.getName(), Map.of()).close();
  }

  @Test
  void a_configurable_executor_gets_its_settings_also_if_there_are_none() throws Exception {
    install(
        source(
            "public class Mine implements JobExecutor, Configurable",
            """
            Map<String, String> settings;
            public void configure(Map<String, String> s) { settings = s; }
            public String execute(String job) { return "" + settings; }
            """));
    for (Map<String, String> settings : List.of(Map.<String, String>of(), Map.of("a", "b"))) {
      try (LoadedExecutor loaded = load(MINE, settings)) {
        assertEquals(settings.toString(), loaded.executor().execute("job"));
      }
    }
  }

  @Test
  void the_context_class_loader_is_the_executors_while_it_is_made_configured_and_closed()
      throws Exception {
    System.clearProperty("seen.loaders");
    install(
        source(
            "public class Mine implements JobExecutor, Configurable, AutoCloseable",
            """
            public Mine() { see(); }
            public void configure(Map<String, String> s) { see(); }
            public void close() { see(); }
            void see() {
              boolean own = Thread.currentThread().getContextClassLoader() == Mine.class.getClassLoader();
              System.setProperty("seen.loaders", System.getProperty("seen.loaders", "") + own + " ");
            }
            """
                + EXECUTE));
    load(MINE, Map.of()).close();
    assertEquals("true true true ", System.getProperty("seen.loaders"));
    System.clearProperty("seen.loaders");
  }

  @Test
  void closing_lets_no_exception_or_error_out_and_closes_the_jars() throws Exception {
    install(
        source(
            "public class Mine implements JobExecutor, AutoCloseable",
            "public void close() { throw new StackOverflowError(); }" + EXECUTE));
    LoadedExecutor loaded = load(MINE, Map.of());
    assertTrue(loaded.classLoader().getResource("com/example/Mine.class") != null);
    loaded.close();
    assertTrue(loaded.classLoader().getResource("com/example/Mine.class") == null);
  }
}
