package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.Checkout;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the comments of the public methods have to say. */
class JavadocTest {
  /** Comment, modifiers, type, name, parameters and exceptions; not the settings of a builder. */
  private static final Pattern METHOD =
      Pattern.compile(
          "/\\*\\*((?:(?!\\*/).)*)\\*/\\s+(?:@Override\\s+)?public (?!Builder|EnqueuerBuilder)"
              + "(?!final |static final |record |enum |interface )[\\w<>?, ]+ (\\w+)\\(([^{;]*)\\{",
          Pattern.DOTALL);

  private static final Pattern COST =
      Pattern.compile(
          "request|GetQueueUrl|ReceiveMessage|BatchGetItem|GetObject|conditional write|#list");

  @ParameterizedTest
  @CsvSource({"Enqueuer, 8", "EnqueuerBuilder, 1", "Jobs, 8", "Results, 7", "DeadLetters, 8"})
  void each_method_says_what_it_costs_and_what_an_interruption_does(String name, int methods)
      throws Exception {
    String source =
        Files.readString(
            Checkout.root()
                .resolve("client/src/main/java/com/amazonaws/jobprocessor/client")
                .resolve(name + ".java"));
    List<String> silent = new ArrayList<>();
    int seen = 0;
    for (Matcher each = METHOD.matcher(source); each.find(); ) {
      String comment = each.group(1).replaceAll("[\\s*]+", " ").trim();
      if (comment.startsWith("As {@link ")) {
        continue;
      }
      seen++;
      if (!COST.matcher(comment).find()) {
        silent.add(each.group(2) + ": requests?");
      }
      if (each.group(3).contains("throws InterruptedException")
          && !comment.contains("@throws InterruptedException if the thread is ")) {
        silent.add(each.group(2) + ": interruption?");
      }
    }
    assertEquals(List.of(), silent);
    assertEquals(methods, seen);
  }
}
