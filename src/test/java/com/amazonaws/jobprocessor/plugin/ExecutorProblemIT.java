package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.executors.ReverseSpacelessString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way to fail is one line. */
class ExecutorProblemIT extends LoaderFixture {
  @Test
  void a_class_that_is_not_there_is_a_problem_that_says_where_was_looked() throws Exception {
    assertEquals(
        "is in none of the jars in " + lib + " (there are none); put its jar there",
        problem("com.example.Other", Map.of()));
    Files.delete(lib);
    assertContains(" (there is no such folder); put", problem("com.example.Other", Map.of()));
    Files.createDirectory(lib);
    install(source(EXECUTE));
    assertContains("(mine.jar)", problem("com.example.Other", Map.of()));
    for (int i = 10; i < 30; i++) {
      new JarOf(folder).write(lib.resolve("a" + i + ".jar"));
    }
    assertContains("a19.jar, ...)", problem("com.example.Other", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.amazonaws.jobprocessor.executors.Typo",
        "com/example/Mine",
        "com.example.mine",
        "[I",
        "int",
        "x y"
      })
  void a_name_that_is_no_class_is_a_problem(String className) throws Exception {
    install(source(EXECUTE));
    problem(className, Map.of());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mine",
        "com.example.mine",
        "com.example.Mine.class",
        "Mine.java",
        "org.example.Mine"
      })
  void a_class_of_another_package_case_or_notation_is_asked_for(String className) throws Exception {
    install(source(EXECUTE));
    assertEquals(
        "is in none of the jars in "
            + lib
            + " (mine.jar); put its jar there; or did you mean com.example.Mine?",
        problem(className, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "public class Mine,does not implement com.amazonaws.jobprocessor.JobExecutor",
    "class Mine implements JobExecutor,is not public",
    "public abstract class Mine implements JobExecutor,is abstract",
  })
  void a_class_of_the_wrong_kind_is_a_problem(String head, String says) throws Exception {
    assertStartsWith(says, problemOf(source(head, EXECUTE)));
  }

  @Test
  void an_interface_is_a_problem() throws Exception {
    assertStartsWith(
        "is an interface", problemOf(source("public interface Mine extends JobExecutor", "")));
    assertStartsWith(
        "is an interface", problem("com.amazonaws.jobprocessor.JobAwareExecutor", Map.of()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"private Mine() {}", "Mine() {}", "public Mine(int i) {}"})
  void a_missing_constructor_is_a_problem(String constructor) throws Exception {
    assertStartsWith(
        "has no public constructor without arguments", problemOf(source(constructor + EXECUTE)));
  }

  @ParameterizedTest
  @CsvSource({
    "'new IllegalStateException(\"no\\n\\tdisk\")',java.lang.IllegalStateException: no disk",
    "new StackOverflowError(),java.lang.StackOverflowError: (no message)",
    "new OutOfMemoryError(\"none\"),java.lang.OutOfMemoryError: none"
  })
  void a_constructor_that_fails_is_a_problem(String thrown, String says) throws Exception {
    assertEquals(
        "its constructor failed: " + says,
        problemOf(source("public Mine() { throw " + thrown + "; }" + EXECUTE)));
  }

  @Test
  void a_static_initialiser_that_fails_is_a_problem() throws Exception {
    assertEquals(
        "a static initialiser failed: java.lang.IllegalStateException: no disk",
        problemOf(
            source(
                "static { if (true) throw new IllegalStateException(\"no disk\"); }" + EXECUTE)));
    assertEquals(
        "cannot be loaded: java.lang.AssertionError: no disk",
        problemOf(source("static { if (true) throw new AssertionError(\"no disk\"); }" + EXECUTE)));
  }

  @Test
  void a_static_initialiser_of_another_class_that_fails_is_a_problem() throws Exception {
    assertEquals(
        "a static initialiser failed: java.lang.ArithmeticException: / by zero",
        problemOf(
            source(
                "static class Bad { static int n = 1 / Integer.parseInt(\"0\"); }"
                    + " public Mine() { System.identityHashCode(Bad.n); }"
                    + EXECUTE)));
  }

  @ParameterizedTest
  @CsvSource({
    "public class Mine extends Dep implements JobExecutor,''",
    "public class Mine implements JobExecutor,public Mine() { new Dep(); }",
    "public class Mine implements JobExecutor,static Object o = new Dep();",
    "public class Mine implements JobExecutor,public Mine(Dep dep) {} public Mine() {}"
  })
  void a_dependency_that_is_missing_is_a_problem_that_names_it(String head, String member)
      throws Exception {
    Map<String, String> sources =
        Map.of(
            MINE,
            source(head, member + EXECUTE),
            "com.example.Dep",
            "package com.example; public class Dep {}");
    compiled(sources).remove("com/example/Dep.class").write(lib.resolve("mine.jar"));
    assertEquals(
        "needs the class com.example.Dep, which is in none of the jars in "
            + lib
            + " (mine.jar); put its jar there",
        problem(MINE, Map.of()));
  }

  @Test
  void a_class_for_a_newer_java_is_a_problem_that_names_both() throws Exception {
    JarOf jar = compiled(Map.of(MINE, source(EXECUTE)));
    int own = Runtime.version().feature();
    byte[] newer = jar.bytes("com/example/Mine.class").clone();
    newer[7] = (byte) (44 + own + 3); // the major version: bytes 6 and 7
    jar.add("com/example/Mine.class", newer).write(lib.resolve("mine.jar"));
    assertEquals(
        "com.example.Mine is built for Java %d; this worker runs Java %d: build it with --release %d or less"
            .formatted(own + 3, own, own),
        problem(MINE, Map.of()));
  }

  @Test
  void a_class_with_preview_features_is_a_problem() throws Exception {
    JarOf jar = compiled(Map.of(MINE, source(EXECUTE)));
    byte[] preview = jar.bytes("com/example/Mine.class").clone();
    preview[4] = (byte) 0xFF;
    preview[5] = (byte) 0xFF;
    jar.add("com/example/Mine.class", preview).write(lib.resolve("mine.jar"));
    assertContains("review", problem(MINE, Map.of()));
  }

  @Test
  void a_broken_class_is_a_problem() throws Exception {
    JarOf jar = compiled(Map.of(MINE, source(EXECUTE)));
    byte[] whole = jar.bytes("com/example/Mine.class");
    jar.add("com/example/Mine.class", Arrays.copyOf(whole, 40)).write(lib.resolve("mine.jar"));
    assertStartsWith("cannot be loaded: java.lang.ClassFormatError", problem(MINE, Map.of()));
  }

  @Test
  void a_jar_that_is_none_is_a_problem_that_names_it() throws Exception {
    install(source(EXECUTE));
    Files.writeString(lib.resolve("broken.jar"), "no jar");
    assertStartsWith(
        "the jar " + lib.resolve("broken.jar") + " cannot be read", problem(MINE, Map.of()));
    Files.write(lib.resolve("broken.jar"), new byte[0]);
    assertStartsWith(
        "the jar " + lib.resolve("broken.jar") + " cannot be read", problem(MINE, Map.of()));
  }

  @Test
  void a_jar_that_was_cut_is_a_problem_that_names_it() throws Exception {
    install(source(EXECUTE));
    Path jar = lib.resolve("mine.jar");
    byte[] whole = Files.readAllBytes(jar);
    Files.write(jar, Arrays.copyOf(whole, whole.length / 2));
    assertStartsWith("the jar " + jar + " cannot be read", problem(MINE, Map.of()));
  }

  @Test
  void a_jar_with_damage_inside_is_a_problem() throws Exception {
    install(source(EXECUTE));
    Path jar = lib.resolve("mine.jar");
    byte[] bytes = Files.readAllBytes(jar);
    Arrays.fill(bytes, 60, 120, (byte) 0xFF); // in the class file's compressed bytes
    Files.write(jar, bytes);
    assertStartsWith("cannot be read: java.util.zip.", problem(MINE, Map.of()));
  }

  private void installConfigurable(String configure) throws IOException {
    install(
        source(
            "public class Mine implements JobExecutor, Configurable",
            "public void configure(Map<String, String> s) throws Exception { "
                + configure
                + " }"
                + EXECUTE));
  }

  @Test
  void settings_for_a_class_that_takes_none_are_named_without_their_values() throws Exception {
    install(source(EXECUTE));
    assertEquals(
        "takes no settings, but these are given: executor.a, executor.b_key; leave them out",
        problem(MINE, Map.of("b_key", "hush", "a", "hush")));
    assertContains(
        "executor.a", problem(ReverseSpacelessString.class.getName(), Map.of("a", "hush")));
  }

  @Test
  void what_an_executor_says_of_its_settings_is_the_problem() throws Exception {
    installConfigurable(
        "throw new IllegalArgumentException(\"executor.a: too\\r\\nlong\\u2028by 1\");");
    assertEquals("executor.a: too long by 1", problem(MINE, Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "throw new java.io.IOException(\"no disk\");,cannot be configured: java.io.IOException: no disk",
    "throw new InterruptedException();,cannot be configured: java.lang.InterruptedException: (no message)",
    "configure(s);,cannot be configured: java.lang.StackOverflowError: (no message)",
    "throw new IllegalArgumentException();,(no message)",
    "throw new Error() { public String getMessage() { throw new Error(); } };,cannot be configured: com.example.Mine$1: (its getMessage() failed)"
  })
  void whatever_else_it_throws_is_a_problem(String configure, String says) throws Exception {
    installConfigurable(configure);
    assertEquals(says, problem(MINE, Map.of()));
  }

  @Test
  void secret_values_are_masked_in_what_it_says_the_longest_first() throws Exception {
    installConfigurable(
        "throw new IllegalArgumentException(\"bad: \" + new java.util.TreeMap<>(s));");
    assertEquals(
        "bad: {API_KEY=****, dbPassword=****, plain=seen, token=****}",
        problem(
            MINE,
            Map.of(
                "API_KEY", "hush", "dbPassword", "hushhush1", "token", "x\ny", "plain", "seen")));
  }

  @Test
  void an_open_value_that_mentions_a_secret_is_masked_whole_and_in_parts() throws Exception {
    installConfigurable(
        "String u = s.get(\"url\"); throw new IllegalArgumentException(u + \" has \" + u.split(\"=\")[2]);");
    assertEquals(
        "**** has ****",
        problem(MINE, Map.of("url", "http://x/?a=b;secret_access_key=hush7Hush", "n", "has")));
  }

  @Test
  void only_a_class_that_is_not_there_may_be_misspelt() throws Exception {
    install(source("public Mine(int i) {}" + EXECUTE));

    assertTrue(refusal("com.example.Other").isMissing());
    assertFalse(refusal(MINE).isMissing());
  }

  private ExecutorProblem refusal(String className) {
    return assertThrows(ExecutorProblem.class, () -> load(className, Map.of()));
  }

  @Test
  void a_long_message_is_cut_at_a_character() throws Exception {
    installConfigurable("throw new IllegalArgumentException(\"x\" + \"😀\".repeat(100_000));");
    assertEquals("x" + "😀".repeat(299) + "...", problem(MINE, Map.of()));
  }
}
