package com.amazonaws.jobprocessor.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrowableTextTest {
  private static final String AT = "at com.example.Thumbs.scale(Thumbs.java:42)";

  private static <T extends Throwable> T thrownBy(T thrown, String... classes) {
    StackTraceElement[] frames = new StackTraceElement[classes.length];
    for (int i = 0; i < classes.length; i++) {
      frames[i] = new StackTraceElement(classes[i], "scale", "Thumbs.java", 42);
    }
    thrown.setStackTrace(frames);
    return thrown;
  }

  private static int bytes(String text) {
    return text.getBytes(UTF_8).length;
  }

  @Test
  void an_exception_tells_its_message_and_the_executors_first_frame() {
    assertEquals(
        "boom; " + AT,
        ThrowableText.of(
            thrownBy(
                new IllegalStateException("boom"),
                "java.util.Objects",
                "jdk.internal.Reflect",
                "sun.nio.X",
                "com.amazonaws.jobprocessor.JobContext",
                "com.example.Thumbs",
                "com.example.Main",
                "com.amazonaws.jobprocessor.work.JobRun")));
  }

  /** A library that is bundled with the executor is no more its own code than the JDK. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.Thumbs",
        "com.example.Main",
        "com.example.jobs.Start",
        "com.example.Thumbs$Scaling",
        "com.amazonaws.jobprocessor.mine.Thumbs"
      })
  void the_frame_is_of_the_executors_own_package(String executor) {
    String own = executor.startsWith("com.example") ? "com.example.Thumbs" : executor;
    String itsClass = executor.equals("com.example.jobs.Start") ? "com.example.Any" : executor;
    RuntimeException outer =
        thrownBy(
            new RuntimeException(
                "outer",
                thrownBy(
                    new IllegalStateException("boom"), "com.fasterxml.jackson.core.JsonParser")),
            "com.fasterxml.jackson.databind.ObjectMapper",
            "com.amazonaws.jobprocessor.JobContext",
            own,
            "com.amazonaws.jobprocessor.work.JobRun");

    assertEquals(
        "outer; caused by java.lang.IllegalStateException: boom; at "
            + own
            + ".scale(Thumbs.java:42)",
        ThrowableText.of(outer, text -> text, itsClass));
  }

  @Test
  void packages_below_the_executors_are_its_own_and_nested_classes_are_without_a_package() {
    String text = "boom; at %s.scale(Thumbs.java:42)";
    for (String own : new String[] {"com.example.deep.Thumbs", "com.example.Job$1"}) {
      RuntimeException boom = thrownBy(new RuntimeException("boom"), "org.lib.X", own);
      assertEquals(
          text.formatted(own), ThrowableText.of(boom, message -> message, "com.example.Job"));
    }
    RuntimeException boom =
        thrownBy(new RuntimeException("boom"), "JobLike", "org.lib.X", "Job$1", "Job");
    assertEquals(text.formatted("Job$1"), ThrowableText.of(boom, message -> message, "Job"));
  }

  /** An executor in the package of the API, or above it, owns none of ours by that. */
  @ParameterizedTest
  @ValueSource(
      strings = {"com.amazonaws.jobprocessor.Thumbs", "com.amazonaws.Thumbs", "com.Thumbs"})
  void ours_are_no_frames_of_an_executor_beside_or_above_them(String executor) {
    RuntimeException boom =
        thrownBy(
            new RuntimeException("boom"),
            "com.amazonaws.jobprocessor.JobContext",
            executor,
            "com.amazonaws.jobprocessor.work.JobRun");

    assertEquals(
        "boom; at " + executor + ".scale(Thumbs.java:42)",
        ThrowableText.of(boom, text -> text, executor));
  }

  @Test
  void without_a_frame_of_the_executors_package_it_is_the_first_that_is_not_ours() {
    RuntimeException boom =
        thrownBy(new RuntimeException("boom"), "java.util.Objects", "com.example.Thumbs");

    assertEquals("boom; " + AT, ThrowableText.of(boom, text -> text, "org.other.Executor"));
  }

  @Test
  void the_executors_that_come_with_the_worker_are_executors() {
    assertEquals(
        "boom; at com.amazonaws.jobprocessor.executors.Sleep.scale(Thumbs.java:42)",
        ThrowableText.of(
            thrownBy(
                new IllegalStateException("boom"), "com.amazonaws.jobprocessor.executors.Sleep")));
  }

  @Test
  void the_innermost_cause_is_told_with_its_class_and_place() {
    IOException disk = thrownBy(new IOException("disk quota"), "java.io.X", "com.example.Thumbs");
    RuntimeException middle = thrownBy(new RuntimeException("middle", disk), "com.example.Middle");

    assertEquals(
        "outer; caused by java.io.IOException: disk quota; " + AT,
        ThrowableText.of(thrownBy(new IllegalStateException("outer", middle), "com.example.Main")));
  }

  @Test
  void a_message_that_is_the_causes_text_is_not_told_twice() {
    IOException disk = thrownBy(new IOException("disk quota"), "com.example.Thumbs");

    assertEquals(
        "caused by java.io.IOException: disk quota; " + AT,
        ThrowableText.of(thrownBy(new RuntimeException(disk), "com.example.Main")));
  }

  @Test
  void a_cause_from_a_thread_of_the_jdk_has_the_frame_of_who_wrapped_it() {
    IOException reset = thrownBy(new IOException("reset"), "java.net.http.X", "java.lang.Thread");

    assertEquals(
        "get; caused by java.io.IOException: reset; " + AT,
        ThrowableText.of(thrownBy(new RuntimeException("get", reset), "com.example.Thumbs")));
  }

  @Test
  void without_a_message_the_place_is_told() {
    assertEquals(AT, ThrowableText.of(thrownBy(new StackOverflowError(), "com.example.Thumbs")));
    assertEquals("", ThrowableText.of(thrownBy(new StackOverflowError())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "ü", "語", "😀"})
  void whatever_is_long_the_innermost_cause_and_the_place_stay_within_1_kib(String letter) {
    String huge = letter.repeat(5_000_000) + " THE END";
    IOException disk = thrownBy(new IOException("disk quota"), "com.example.Thumbs");
    String text = ThrowableText.of(new RuntimeException(huge, disk));
    assertTrue(bytes(text) <= 1024 && bytes(text) > 1000, text);
    assertTrue(text.startsWith(letter.repeat(10)), text);
    assertTrue(text.endsWith("THE END; caused by java.io.IOException: disk quota; " + AT), text);
    assertFalse(text.contains("\uFFFD") || text.contains("?"), text);

    text =
        ThrowableText.of(
            new RuntimeException("outer", thrownBy(new IOException(huge), "com.example.Thumbs")));
    assertTrue(bytes(text) <= 1024 && bytes(text) > 1000, text);
    assertTrue(text.startsWith("outer; caused by java.io.IOException: " + letter), text);
    assertTrue(text.endsWith("THE END; " + AT), text);

    text = ThrowableText.of(new RuntimeException(huge, new IOException(huge, disk)));
    assertTrue(text.endsWith("caused by java.io.IOException: disk quota; " + AT), text);

    text =
        ThrowableText.of(
            new RuntimeException(
                huge, thrownBy(new IOException(huge), "com.example." + "Long".repeat(10_000))));
    assertTrue(bytes(text) <= 1024, text);
    assertTrue(text.contains("; caused by java.io.IOException: " + letter), text);
    assertTrue(text.contains("; at com.example.Long"), text);
  }

  @Test
  void a_secret_is_gone_before_the_text_is_cut() {
    String secret = "hunter2-".repeat(20);
    String text =
        ThrowableText.of(
            new IOException("x".repeat(450) + secret + "y".repeat(4_000)),
            message -> message.replace(secret, "****"));

    assertFalse(text.contains("hunter2"), text);
  }

  /** Every method that can be overridden does what it should not. */
  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException("no message");
    }

    @Override
    public synchronized @Nullable Throwable getCause() {
      throw new StackOverflowError();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new IllegalStateException("no frames");
    }

    @Override
    public String toString() {
      throw new IllegalStateException("no text");
    }
  }

  /** Another cause each time it is asked. */
  private static final class Endless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return new Endless();
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return new StackTraceElement[2]; // of nulls
    }
  }

  @Test
  void a_throwable_whose_methods_throw_is_told_all_the_same() {
    assertEquals(
        "(its getMessage() threw java.lang.UnsupportedOperationException)",
        ThrowableText.of(new Hostile()));
    assertEquals(
        "caused by "
            + Hostile.class.getName()
            + ": (its getMessage() threw java.lang.UnsupportedOperationException)",
        ThrowableText.of(thrownBy(new RuntimeException(null, new Hostile()))));
  }

  @Test
  void the_innermost_of_very_many_causes_is_found() {
    Throwable thrown = new IOException("disk quota");
    for (int i = 0; i < 5_000; i++) {
      thrown = new RuntimeException("retry", thrown);
    }
    thrown.setStackTrace(new StackTraceElement[0]);

    String text = ThrowableText.of(thrown);

    assertTrue(text.startsWith("retry; caused by java.io.IOException: disk quota"), text);
  }

  @Test
  void causes_that_go_round_or_on_for_ever_come_to_an_end() {
    RuntimeException one = thrownBy(new RuntimeException("one"));
    RuntimeException two = thrownBy(new RuntimeException("two", one));
    one.initCause(two);

    assertEquals("one; caused by java.lang.RuntimeException: two", ThrowableText.of(one));
    assertEquals("caused by " + Endless.class.getName(), ThrowableText.of(new Endless()));
  }

  @Test
  void a_cut_leaves_out_the_middle_between_characters() {
    assertEquals("abcdef", ThrowableText.cut("abcdef", 6));
    assertEquals("ab...yz", ThrowableText.cut("abcdefghijklmnopqrstuvwxyz", 7));
    assertEquals("é...é", ThrowableText.cut("ééééééé", 8));
    assertEquals("😀...😀", ThrowableText.cut("😀😀😀😀😀", 11));
    assertEquals("abcd", ThrowableText.cut("abcdefgh", 4));
    assertEquals("", ThrowableText.cut("abcdefgh", 0));
  }
}
