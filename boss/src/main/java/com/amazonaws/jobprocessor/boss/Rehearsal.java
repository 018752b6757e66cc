package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Users;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Does what a boss does in its first seconds, so that the JVM can record which classes that takes:
 * what {@code bin/make-start-archive} starts, with an SQS.
 */
final class Rehearsal {
  private static final Duration LONGEST_START = Duration.ofMinutes(1);
  private static final Duration DISPATCH = Duration.ofSeconds(2);
  private static final int TASKS = 200;
  private static final List<String> PAGES =
      List.of("/login", "/", "/tasks", "/tasks/1", "/workers", "/hours", "/costs", "/checks");

  private Rehearsal() {}

  /**
   * Ends with 0 if there is each page.
   *
   * @param args a folder for files
   */
  public static void main(String[] args) throws Exception {
    AwsAccess.forbidImdsV1();
    Path folder = Files.createDirectory(Path.of(args[0]).resolve("boss-data"));
    String session = prepare(folder);
    Thread.ofPlatform()
        .daemon()
        .start(
            () ->
                Boss.commandLine()
                    .execute(
                        "start",
                        "--port=0",
                        "--data=" + folder,
                        "--backlog-queue=rehearsal",
                        "--results-queue=rehearsal-results",
                        "--dead-letter-queue=rehearsal-dead"));
    URI address = awaitStart(folder);
    boolean done = true;
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String page : PAGES) {
        done &= isThere(client, address, page, session);
      }
    }
    Thread.sleep(DISPATCH);
    System.exit(done ? 0 : 1);
  }

  /** Makes tasks, and a user's session. */
  private static String prepare(Path folder) throws Exception {
    InstantSource clock = InstantSource.system();
    try (Database database = Database.embedded(folder)) {
      Actions actions = new Actions(database, clock);
      Settings settings = new Settings(database, ZoneOffset.UTC);
      List<NewTask> tasks =
          IntStream.range(0, TASKS).mapToObj(i -> new NewTask("task " + i, "x", 0)).toList();
      new Tasks(database, settings, actions, clock).create("rehearsal", "all", tasks, null);
      Users.User user =
          new Users(database, actions, clock)
              .create("rehearsal", "rehearsal", Role.OPERATOR)
              .orElseThrow();
      return new Sessions(database, clock).open(user.id());
    }
  }

  private static URI awaitStart(Path folder) throws IOException, InterruptedException {
    long end = System.nanoTime() + LONGEST_START.toNanos();
    while (System.nanoTime() - end < 0) {
      Optional<AdminFile> admin = AdminFile.read(folder);
      if (admin.isPresent()) {
        return admin.get().address();
      }
      Thread.sleep(20);
    }
    throw new IOException("the boss has not started in " + LONGEST_START.toSeconds() + " s");
  }

  private static boolean isThere(HttpClient client, URI address, String page, String session)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address.resolve(page))
            .timeout(LONGEST_START)
            .header("Cookie", "boss-%s=%s".formatted(address.getPort(), session))
            .build();
    int status = client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    if (status != 200) {
      System.err.println("rehearsal: " + page + " was answered with " + status);
    }
    return status == 200;
  }
}
