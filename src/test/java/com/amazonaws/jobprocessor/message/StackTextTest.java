package com.amazonaws.jobprocessor.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StackTextTest {
  private static final UnaryOperator<String> PLAIN = UnaryOperator.identity();

  private static <T extends Throwable> T at(T thrown, String... methods) {
    StackTraceElement[] frames = new StackTraceElement[methods.length];
    for (int i = 0; i < methods.length; i++) {
      int dot = methods[i].lastIndexOf('.');
      frames[i] =
          new StackTraceElement(
              methods[i].substring(0, dot), methods[i].substring(dot + 1), "A.java", 1);
    }
    thrown.setStackTrace(frames);
    return thrown;
  }

  @Test
  void the_workers_own_frames_and_those_that_the_outer_exception_has_too_are_counted_only() {
    String run = "com.amazonaws.jobprocessor.work.JobRun.run";
    IOException inner = at(new IOException("in"), "a.B.read", "a.B.execute", run, "x.Y.z");
    RuntimeException outer =
        at(new RuntimeException("out", inner), "a.B.wrap", "a.B.execute", run, "x.Y.z");

    assertEquals(
        List.of(
            "java.lang.RuntimeException: out",
            "\tat a.B.wrap(A.java:1)",
            "\tat a.B.execute(A.java:1)",
            "\t... 2 more",
            "Caused by: java.io.IOException: in",
            "\tat a.B.read(A.java:1)",
            "\t... 3 more"),
        StackText.of(outer, PLAIN).lines());
  }

  @Test
  void of_a_deep_trace_both_ends_are_shown_without_the_workers_frames() {
    String[] deep = new String[70];
    for (int i = 0; i < 60; i++) {
      deep[i] = "lib.Client.call" + i;
    }
    deep[59] = "org.example.Mine.execute";
    java.util.Arrays.fill(deep, 60, 70, "com.amazonaws.jobprocessor.plugin.RunningJobs.execute");

    List<String> lines = StackText.of(at(new IOException("deep"), deep), PLAIN).lines();

    assertEquals(43, lines.size(), lines::toString);
    assertEquals("\tat lib.Client.call24(A.java:1)", lines.get(25));
    assertEquals("\t... 20 frames left out", lines.get(26));
    assertEquals("\tat lib.Client.call45(A.java:1)", lines.get(27));
    assertEquals("\tat org.example.Mine.execute(A.java:1)", lines.get(41));
    assertEquals("\t... 10 more", lines.get(42));
  }

  @Test
  void suppressed_exceptions_have_a_line_each_with_their_innermost_cause() {
    IOException thrown = at(new IOException("gave up"), "a.B.call");
    for (int i = 1; i <= 5; i++) {
      thrown.addSuppressed(
          at(new IOException("attempt " + i, at(new IOException("refused"), "a.B.dial"))));
    }

    List<String> lines = StackText.of(thrown, PLAIN).lines();

    assertEquals("\tat a.B.call(A.java:1)", lines.get(1));
    assertEquals(
        "\tSuppressed: java.io.IOException: attempt 1; caused by java.io.IOException: refused;"
            + " at a.B.dial(A.java:1)",
        lines.get(2));
    assertEquals("\t... 2 more suppressed", lines.get(5));
    assertEquals(6, lines.size());
  }

  @Test
  void many_causes_of_many_long_frames_have_bounded_length() {
    StackTraceElement[] frames = new StackTraceElement[40];
    Throwable chain = new IOException();
    for (int i = 0; i < 8; i++) {
      for (int j = 0; j < frames.length; j++) {
        frames[j] = new StackTraceElement("c" + i + "x".repeat(400), "m", "F.java", j);
      }
      chain = new RuntimeException("y".repeat(2_000), chain);
      chain.setStackTrace(frames);
    }

    List<String> lines = StackText.of(chain, PLAIN).lines();

    assertTrue(lines.stream().mapToInt(String::length).sum() < 33_000);
    assertTrue(lines.get(lines.size() - 2).endsWith(" lines left out"));
    assertTrue(lines.getFirst().startsWith("java.lang.RuntimeException: yyy"));
  }

  @Test
  void deep_recursion_and_long_chains_of_causes_have_bounded_length() {
    String[] deep = new String[1_024];
    java.util.Arrays.fill(deep, "a.B.recurse");
    assertEquals(42, StackText.of(at(new StackOverflowError(), deep), PLAIN).lines().size());

    Throwable chain = at(new IOException("innermost"));
    for (int i = 0; i < 50; i++) {
      chain = at(new RuntimeException("outer " + i, chain));
    }
    List<String> lines = StackText.of(chain, PLAIN).lines();
    assertEquals(9, lines.size());
    assertEquals("... 43 more causes", lines.get(7));
    assertEquals("Caused by: java.io.IOException: innermost", lines.get(8));
  }

  @Test
  void a_throwable_whose_methods_throw_has_a_trace_all_the_same() {
    Throwable hostile =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public String getMessage() {
            throw new IllegalStateException("no");
          }

          @Override
          public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("no");
          }
        };
    List<String> lines = StackText.of(hostile, PLAIN).lines();
    assertEquals(1, lines.size());
    assertTrue(lines.getFirst().contains("getMessage() threw"), lines::toString);
    assertEquals(hostile.getClass().getName(), StackText.kind(hostile));
  }
}
