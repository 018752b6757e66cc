package com.amazonaws.jobprocessor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An application of somebody else's: it knows the jars in {@code lib/client} and nothing else, is
 * compiled for Java 17 and runs on it, with everything that the library has.
 */
@Tag("long")
@Timeout(900)
class ApplicationIT {
  private static final String TABLE = "jobs";
  private static final String BUCKET = "payloads";

  /** What the SDK says where the application has chosen no logging. */
  private static final String NO_LOGGING = "SLF4J";

  private static final String APPLICATION =
      """
      package com.example.app;

      import com.amazonaws.jobprocessor.JobFields;
      import com.amazonaws.jobprocessor.client.*;
      import java.time.Duration;
      import java.util.*;
      import java.util.concurrent.*;

      public class Application {
        static final String TODO = "app-todo";
        static final Duration LONG = Duration.ofMinutes(2);

        public static void main(String[] args) throws Exception {
          List<String> ids = new ArrayList<>();
          try (Enqueuer enqueuer = Enqueuer.builder(TODO)
              .visibilityTimeout(Duration.ofMinutes(1)).region("us-east-1").jobTable("jobs")
              .payloadBucket("payloads").packing(Packing.upTo(10).withResultPacks())
              .linger(Duration.ofMillis(20)).maxPending(100, 1 << 20).build()) {
            ids.add(enqueuer.enqueue(Map.of("to", "b", "from", "a")));
            ids.addAll(enqueuer.enqueueAll(List.of("one", "two")));
            ids.add(enqueuer.enqueueAsync("three").get());
            ids.add(enqueuer.enqueue("x".repeat(1_200_000)));
            ids.add(enqueuer.enqueue(NewJob.of("has white space").withId("bad-1")));
            enqueuer.enqueue(NewJob.of("has white space").withId("bad-1"));
          }
          System.out.println("enqueued " + ids.size() + " " + ids.get(0).startsWith(TODO + "-"));
          System.out.println(JobFields.of("{\\"from\\":\\"a\\"}").get("from"));

          Map<String, String> results = new ConcurrentHashMap<>();
          try (Jobs jobs = Jobs.builder(TODO, "jobs").payloadBucket("payloads").build();
              Results reader = Results.of("app-results").payloadBucket("payloads").build();
              DeadLetters letters = DeadLetters.of("app-dead").jobTable("jobs").build()) {
            for (String id : ids) {
              JobStatus status = jobs.await(id, LONG).orElseThrow();
              System.out.println(id.startsWith("bad") ? id + " " + status.state() : status.state());
            }
            List<String> good = ids.subList(0, ids.size() - 1);
            Set<String> missing =
                reader.collect(good, end -> results.put(end.jobId(), end.body()), LONG);
            System.out.println("missing " + missing + ", of 1.2 MB: "
                + results.get(good.get(4)).length());

            var letter = letters.show("bad-1");
            while (letter.isEmpty()) { // its record comes before it
              letter = letters.show("bad-1");
            }
            System.out.println(letter.orElseThrow().failure().type());
            System.out.println("edited " + letters.edit("bad-1", "blank", DeadLetters.Id.NEXT));
            System.out.println(jobs.await("bad-1.2", LONG).orElseThrow().state());
            System.out.println(
                jobs.cancel("nobody-1") instanceof Cancellation.Unknown ? "cancelled" : "?");

            interrupt(reader);
          }
          Thread.getAllStackTraces().keySet().stream()
              .filter(thread -> !thread.isDaemon() && thread != Thread.currentThread()
                  && !thread.getName().startsWith("DestroyJavaVM"))
              .forEach(thread -> System.out.println("left: " + thread.getName()));
          System.out.println("done");
        }

        static void interrupt(Results reader) throws Exception {
          CompletableFuture<String> end = new CompletableFuture<>();
          Thread follower = new Thread(() -> {
            try {
              reader.follow(any -> {});
              end.complete("returned");
            } catch (InterruptedException e) {
              end.complete("interrupted");
            } catch (RuntimeException e) {
              end.complete(e.toString());
            }
          });
          follower.start();
          follower.interrupt();
          System.out.println("follow: " + end.get(1, TimeUnit.MINUTES));
          follower.join();
        }
      }
      """;

  private static final List<String> PRINTED =
      List.of(
          "enqueued 6 true",
          "a",
          "SUCCEEDED",
          "SUCCEEDED",
          "SUCCEEDED",
          "SUCCEEDED",
          "SUCCEEDED",
          "bad-1 DEAD",
          "missing [], of 1.2 MB: 1200000",
          "java.lang.IllegalArgumentException",
          "edited Optional[bad-1.2]",
          "SUCCEEDED",
          "cancelled",
          "follow: interrupted",
          "done");

  @TempDir Path folder;

  /** The application as a class path has it, and as a module. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void it_does_everything_and_ends_by_itself(boolean isModule) throws Exception {
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        EmbeddedDynamo dynamo = EmbeddedDynamo.start();
        EmbeddedS3 s3 = EmbeddedS3.start();
        Unpacked user =
            new Unpacked(
                folder,
                sqs.endpoint().toString(),
                Map.of(
                    "AWS_ENDPOINT_URL_DYNAMODB",
                    dynamo.endpoint().toString(),
                    "AWS_ENDPOINT_URL_S3",
                    s3.endpoint().toString()))) {
      s3.createBucket(BUCKET);
      user.startWorker(
          "bin/job-processor --user-data job_backlog_queue_name=app-todo,"
              + "results_queue_name=app-results,dead_letter_queue_name=app-dead,"
              + "job_failure_retries=0,concurrency=2,job_table_name="
              + TABLE
              + ",payload_bucket_name="
              + BUCKET);
      Files.createDirectories(folder.resolve("src/com/example/app"));
      Files.writeString(folder.resolve("src/com/example/app/Application.java"), APPLICATION);
      Unpacked.Ran ran = isModule ? module(user) : classPath(user);

      assertEquals(0, ran.status(), ran::toString);
      assertEquals(PRINTED, ran.out().lines().toList(), ran::toString);
      assertTrue(ran.err().lines().allMatch(line -> line.startsWith(NO_LOGGING)), ran::toString);
    }
  }

  private static String javac() {
    return Path.of(System.getProperty("java.home"), "bin/javac").toString();
  }

  private static Unpacked.Ran classPath(Unpacked user) throws Exception {
    Unpacked.Ran compiled =
        user.run(
            javac(),
            "--release",
            "17",
            "-cp",
            "lib/client/*",
            "-d",
            "classes",
            "src/com/example/app/Application.java");
    assertEquals(0, compiled.status(), compiled::toString);
    assertEquals("", compiled.err(), "the classes that it links are all there");
    return user.run(
        ClientJarsIT.java().toString(),
        "-cp",
        "lib/client/*:classes",
        "com.example.app.Application");
  }

  private Unpacked.Ran module(Unpacked user) throws Exception {
    Files.writeString(
        folder.resolve("src/module-info.java"),
        "module com.example.app { requires com.amazonaws.jobprocessor.client;"
            + " requires com.amazonaws.jobprocessor; }");
    Unpacked.Ran compiled =
        user.run(
            javac(),
            "--release",
            "17",
            "-p",
            "lib/client",
            "-d",
            "classes",
            "src/module-info.java",
            "src/com/example/app/Application.java");
    assertEquals(0, compiled.status(), compiled::toString);
    return user.run(
        ClientJarsIT.java().toString(),
        "--add-modules",
        "ALL-MODULE-PATH,jdk.net",
        "-p",
        "lib/client:classes",
        "-m",
        "com.example.app/com.example.app.Application");
  }

  @Test
  void what_it_needs_is_what_the_page_says() throws Exception {
    String page = Page.of("docs/client-library.md").section("Dependencies");
    assertTrue(page.contains("com.amazonaws.jobprocessor.client"), page);
    assertTrue(page.contains("--add-modules ALL-MODULE-PATH,jdk.net"), page);
    assertTrue(page.contains("slf4j-nop"), page);
  }
}
