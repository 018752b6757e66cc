package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A folder of executor jars, and what the tests of the loader do with it. */
abstract class LoaderFixture {
  static final String MINE = "com.example.Mine";

  @TempDir Path folder;
  Path lib;

  @BeforeEach
  void makeFolder() throws IOException {
    lib = Files.createDirectory(folder.resolve("lib"));
  }

  static String source(String body) {
    return source("public class Mine implements JobExecutor", body);
  }

  static String source(String head, String body) {
    return """
        package com.example;
        import com.amazonaws.jobprocessor.*;
        import java.util.Map;
        %s {
          %s
        }
        """
        .formatted(head, body);
  }

  static final String EXECUTE =
      "public String execute(String job) throws Exception { return \"mine \" + job; }";

  JarOf compiled(Map<String, String> sources) throws IOException {
    return new JarOf(Files.createTempDirectory(folder, "work")).compile(sources);
  }

  void install(String source) throws IOException {
    compiled(Map.of(MINE, source)).write(lib.resolve("mine.jar"));
  }

  LoadedExecutor load(String className, Map<String, String> settings) throws ExecutorProblem {
    return new ExecutorLoader(lib).load(className, settings);
  }

  String run(String body) throws Exception {
    install(source(body));
    try (LoadedExecutor loaded = load(MINE, Map.of())) {
      return loaded.executor().execute("job");
    }
  }

  String problem(String className, Map<String, String> settings) {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    String message =
        String.valueOf(
            assertThrows(ExecutorProblem.class, () -> load(className, settings)).getMessage());
    assertSame(before, Thread.currentThread().getContextClassLoader());
    assertTrue(message.startsWith("job_executor: " + className + ": "), message);
    assertTrue(message.chars().noneMatch(Character::isISOControl), message);
    assertTrue(message.length() < 900, message);
    return message.substring(("job_executor: " + className + ": ").length());
  }

  String problemOf(String source) throws IOException {
    install(source);
    return problem(MINE, Map.of());
  }

  static void assertStartsWith(String start, String message) {
    assertTrue(message.startsWith(start), message);
  }

  static void assertContains(String part, String message) {
    assertTrue(message.contains(part), message);
  }
}
