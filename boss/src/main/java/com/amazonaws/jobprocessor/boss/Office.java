package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.boss.api.Api;
import com.amazonaws.jobprocessor.boss.api.PayloadReader;
import com.amazonaws.jobprocessor.boss.api.Reports;
import com.amazonaws.jobprocessor.boss.api.Routes;
import com.amazonaws.jobprocessor.boss.api.Switches;
import com.amazonaws.jobprocessor.boss.dispatch.Loop;
import com.amazonaws.jobprocessor.boss.page.PageRoutes;
import com.amazonaws.jobprocessor.boss.page.People;
import com.amazonaws.jobprocessor.boss.page.Work;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Retention;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.amazonaws.jobprocessor.fleet.Boxes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wiring of a running boss, by hand; closed in the order in which its parts need each other.
 */
final class Office implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Office.class);
  private static final Duration IDLE = Duration.ofMillis(500);

  /** A send that has begun may take half of it. */
  private static final Duration STOP = Duration.ofSeconds(80);

  /**
   * The names of the boss's own queues.
   *
   * @param letters of the dead letters
   */
  record QueueNames(String backlog, String results, String letters) {}

  /**
   * Where the server is.
   *
   * @param publicUrl of a proxy before it, for people; empty if there is none
   */
  record Door(String address, int port, Optional<URI> publicUrl) {}

  /**
   * What the command line says.
   *
   * @param payloadBucket of results that are too large for a message; null if there are none
   */
  record Plan(
      Door door,
      QueueNames queues,
      ZoneId zone,
      Duration answerWithin,
      boolean jobTable,
      Duration retention,
      @Nullable String payloadBucket,
      NightRoom.Plan nights) {}

  private final Optional<Path> folder;
  private final Database database;
  private final Api api;
  private final QueueRoom room;
  private final NightRoom nights;
  private final Thread operations;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * Opens all and serves; the queues are looked for meanwhile.
   *
   * @param folder of a boss that has its database for itself: what lets others make tokens
   * @param boxes of the region; null if no option asks for any
   */
  Office(
      Plan plan,
      Database database,
      Optional<Path> folder,
      AwsSession aws,
      @Nullable Boxes boxes,
      InstantSource clock)
      throws IOException {
    this.folder = folder;
    this.database = database;
    Settings settings = new Settings(database, plan.zone());
    Actions actions = new Actions(database, clock);
    Tasks tasks = new Tasks(database, settings, actions, clock);
    Results results = new Results(database);
    Census census = new Census(database, clock);
    Views views = Views.of(database, settings, clock);
    Tokens tokens = new Tokens(database, actions, clock);
    Operations all = new Operations(database, tasks, actions, clock);
    Outbox outbox = new Outbox(database, settings, clock, name());
    Retention retention = new Retention(database, plan.retention(), clock);
    Answers answers = new Answers(database, settings, clock);
    this.room =
        new QueueRoom(
            plan, aws, new QueueRoom.Stores(outbox, settings, results, answers, retention), clock);
    Loop bulk = new Loop("the operations", all::step, IDLE);
    Runnable news =
        () -> {
          room.wake();
          bulk.wake();
        };
    this.nights = new NightRoom(plan.nights(), database, settings, census, boxes, clock);
    Control control = new Control(database, actions);
    Users users = new Users(database, actions, clock);
    Links links = new Links(database, users, actions, clock);
    String adminToken = Tokens.random();
    this.api =
        new Api(
            new Routes(
                new Routes.Data(tasks, results, census, all, tokens, payloads(plan, aws), news),
                views,
                new Switches(settings, control, census, clock, news),
                new Reports(results, census, actions),
                nights.pages()),
            tokens,
            adminToken,
            PageRoutes.site(
                new Work(
                    tasks,
                    results,
                    census,
                    all,
                    settings,
                    control,
                    new Throughput(database, clock),
                    views,
                    nights.costs()),
                new People(users, links, new Sessions(database, clock), actions),
                clock,
                news,
                plan.door().address(),
                plan.door().publicUrl().orElse(null)),
            plan.door().address(),
            plan.door().port());
    URI address = address(plan.door().address(), api.port());
    if (folder.isPresent()) {
      new AdminFile(address, adminToken).write(folder.get());
    }
    LOG.info("the API is at {}api/v1", address);
    URI pages = plan.door().publicUrl().orElse(address);
    LOG.info("the pages are at {}", pages);
    links
        .first()
        .ifPresent(
            secret ->
                LOG.info(
                    "nobody can sign in yet: the first operator sets a password at {}join?link={}"
                        + " (once, within {} hours)",
                    pages,
                    secret,
                    Links.LASTS.toHours()));
    room.open();
    nights.open();
    this.operations = Thread.ofVirtual().name("operations").start(bulk);
  }

  private static PayloadReader payloads(Plan plan, AwsSession aws) throws IOException {
    String bucket = plan.payloadBucket();
    try {
      return bucket == null ? PayloadReader.NONE : new BucketReader(aws.payloads(bucket));
    } catch (InvalidEnvironment e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static URI address(String host, int port) {
    String here = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    return URI.create(
        "http://" + (here.contains(":") ? "[" + here + "]" : here) + ":" + port + "/");
  }

  private static String name() {
    String name = ManagementFactory.getRuntimeMXBean().getName();
    return name.length() <= 128 ? name : name.substring(0, 128);
  }

  /** Returns after SIGTERM or Ctrl-C; the process ends when this is closed. */
  void runUntilStopped() throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopAsked.countDown();
                  try {
                    // By itself the JVM would say 143: a stop that was asked for is no failure.
                    boolean inTime = ended.await(STOP.toSeconds(), TimeUnit.SECONDS);
                    Runtime.getRuntime().halt(inTime ? 0 : 1);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "stop"));
    stopAsked.await();
    LOG.info("stopping");
  }

  @Override
  public void close() throws IOException {
    api.close();
    operations.interrupt();
    nights.close();
    room.close();
    if (folder.isPresent()) {
      AdminFile.delete(folder.get());
    }
    database.close();
    LOG.info("stopped");
    ended.countDown();
  }
}
