package com.amazonaws.jobprocessor.executors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Programs for {@link PersistentCommand}, in a folder which is their working directory. */
record Commands(Path folder) {
  /** Answers each job with its body; quits after so many lines, if that is told. */
  private static final String ECHO =
      "exec sed -u -E 's/^.\"job_id\":\"(.*)\",\"job_message_id\":.*,\"attempt\":[0-9]+,\"body\":\"(.*)\".$/"
          + "{\"job_id\":\"\\1\",\"result\":\"\\2\"}/%s'";

  /** A job that runs in a thread like a slot's. */
  record Running(Thread thread, CompletableFuture<@Nullable String> result) {
    void interrupt() {
      thread.interrupt();
    }

    Throwable failure() {
      return result.orTimeout(30, SECONDS).handle((r, t) -> t).join();
    }
  }

  static String echo() {
    return ECHO.formatted("");
  }

  static String echo(int jobs) {
    return ECHO.formatted(";" + jobs + "q");
  }

  PersistentCommand shell(String script, String... namesAndValues) throws IOException {
    Files.writeString(folder.resolve("main"), "#!/bin/sh\n" + script + "\n");
    assertTrue(folder.resolve("main").toFile().setExecutable(true));
    Map<String, String> settings =
        new HashMap<>(Map.of("command", "./main", "working_directory", folder.toString()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      settings.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    PersistentCommand executor = new PersistentCommand();
    executor.configure(settings);
    return executor;
  }

  static Running start(PersistentCommand executor, String job) {
    CompletableFuture<@Nullable String> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .start(
                () -> {
                  try {
                    result.complete(executor.execute(job, Jobs.job()));
                  } catch (Throwable t) {
                    result.completeExceptionally(t);
                  }
                });
    return new Running(thread, result);
  }

  void awaitFile(String name) {
    await(name).atMost(60, SECONDS).until(() -> Files.exists(folder.resolve(name)));
  }

  String text(String file) throws IOException {
    return Files.readString(folder.resolve(file)).strip();
  }

  void assertEnded(String pidFile) throws IOException {
    long pid = Long.parseLong(text(pidFile));
    await(pidFile + " has ended").atMost(60, SECONDS).until(() -> hasEnded(pid));
  }

  /** A dead process that nobody waited for is in the table still, without an environment. */
  static boolean hasEnded(long pid) {
    try {
      return Files.readAllBytes(Path.of("/proc/" + pid + "/environ")).length == 0;
    } catch (IOException e) {
      return true;
    }
  }
}
