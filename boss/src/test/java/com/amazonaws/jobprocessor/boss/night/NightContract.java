package com.amazonaws.jobprocessor.boss.night;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.boss.boxes.GroupBoxes;
import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.plan.Outlook;
import com.amazonaws.jobprocessor.boss.plan.Plan;
import com.amazonaws.jobprocessor.boss.plan.Planner;
import com.amazonaws.jobprocessor.boss.plan.TestTerms;
import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.boss.store.BatchEnds;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Forecasts;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.amazonaws.jobprocessor.boss.store.Measures;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Night;
import com.amazonaws.jobprocessor.boss.store.Nights;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import com.amazonaws.jobprocessor.boss.store.QuickCensus;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.WorkRun;
import com.amazonaws.jobprocessor.boss.store.WorkRuns;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Refused;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a night, on each database: its boxes, its forecasts, what is told of it. */
abstract class NightContract {
  private static final ZoneId UTC = ZoneId.of("UTC");

  /** A count of tasks is older than any that is used. */
  private static final Duration OLDER = Duration.ofSeconds(11);

  /** Boxes that are only counted. */
  private static final class CountedBoxes implements WindowBoxes {
    private final List<Order> orders = new ArrayList<>();
    private final List<List<String>> ended = new ArrayList<>();
    private final Map<String, Integer> up = new HashMap<>();
    private String refusal = "";
    private boolean uncounted;

    @Override
    public Started bring(Order order) throws Refused {
      orders.add(order);
      if (!refusal.isEmpty()) {
        throw new Refused(refusal);
      }
      up.putIfAbsent(order.token(), order.more());
      return new Started(order.more(), "");
    }

    @Override
    public int there(List<String> tokens) throws Refused {
      if (uncounted) {
        throw new Refused("no");
      }
      return tokens.stream().mapToInt(token -> up.getOrDefault(token, 0)).sum();
    }

    @Override
    public void end(List<String> tokens, boolean others) throws Refused {
      if (!refusal.isEmpty()) {
        throw new Refused(refusal);
      }
      ended.add(tokens);
      tokens.forEach(up::remove);
    }
  }

  // A Friday, an hour before the hours.
  private final SetClock clock = new SetClock("2026-01-02T21:00:00Z");
  private final CountedBoxes boxes = new CountedBoxes();
  private Database database;
  private Settings settings;
  private Tasks tasks;
  private Outbox outbox;
  private Answers answers;
  private Control control;
  private Hooks hooks;
  private Nights nights;
  private Forecasts forecasts;
  private WorkRuns runs;
  private int messages;

  @SuppressWarnings("NullAway.Init") // by group
  private FakeFleet fleet;

  @SuppressWarnings("NullAway.Init") // by group
  private Boxes autoScaling;

  /** An empty database. */
  abstract Database open() throws Exception;

  @BeforeEach
  void set_up() throws Exception {
    database = open();
    settings = new Settings(database, UTC);
    Actions actions = new Actions(database, clock);
    tasks = new Tasks(database, settings, actions, clock);
    outbox = new Outbox(database, settings, clock, "boss");
    answers = new Answers(database, settings, clock);
    control = new Control(database, actions);
    hooks =
        new Hooks(
            database,
            clock,
            new Hooks.Listeners(
                List.of("http://127.0.0.1/"), event -> event.name() + " " + event.data()));
    nights = new Nights(database, hooks, clock);
    forecasts = new Forecasts(database, clock);
    runs = new WorkRuns(database, clock);
    setHours(LocalTime.of(22, 0), LocalTime.of(6, 0));
  }

  @AfterEach
  void tear_down() {
    if (autoScaling != null) {
      autoScaling.close();
      fleet.close();
      System.clearProperty("aws.endpointUrlAutoScaling");
    }
    if (database != null) {
      database.close();
    }
  }

  private void setHours(LocalTime from, LocalTime to) {
    Window friday = new Window(DayOfWeek.FRIDAY, from, to);
    control.setHours("me", new ProcessingHours(UTC, List.of(friday)));
  }

  private static Planner planner() {
    return new Planner(TestTerms.terms());
  }

  /** A boss's watch, with a boss's own memory. */
  private NightWatch boss(int fixed) {
    return boss(fixed, boxes, clock);
  }

  /** One with other boxes, or whose clock is not the others'. */
  private NightWatch boss(int fixed, WindowBoxes boxes, InstantSource clock) {
    Census census = new Census(database, clock);
    Outlooks outlooks = outlooks(clock);
    Caretaker caretaker =
        new Caretaker(
            boxes,
            new Caretaker.Rules("db", fixed, 10, 2, Duration.ofMinutes(2), Duration.ofMinutes(60)),
            outlooks,
            new Measures(database),
            clock);
    return new NightWatch(
        settings,
        new NightWatch.Kept(
            new Nights(database, hooks, clock),
            new Forecasts(database, clock),
            new WorkRuns(database, clock),
            new BatchEnds(database, census, hooks, clock, 5)),
        outlooks,
        caretaker,
        clock);
  }

  private Outlooks outlooks(InstantSource clock) {
    return new Outlooks(
        settings, new Census(database, clock), new Measures(database), planner(), clock);
  }

  /** An Auto Scaling group of the test kit, of ten boxes at most. */
  private FakeGroup group(int min) throws Exception {
    fleet = FakeFleet.start();
    System.setProperty("aws.endpointUrlAutoScaling", fleet.endpoint().toString());
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    autoScaling = FleetJars.boxes("us-east-1", null);
    return fleet.group("workers", min, 10, min);
  }

  private void make(int count) throws Exception {
    List<NewTask> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(new NewTask("n" + i, "p" + i, 0));
    }
    tasks.create("me", "b", all, null);
  }

  private List<String> dispatch(int count) throws InterruptedException {
    outbox.plan((_, _, _) -> count);
    List<String> ids = new ArrayList<>();
    outbox.send(
        count,
        1 << 20,
        (parcels, _) -> {
          parcels.forEach(parcel -> ids.add(parcel.jobId()));
          return parcels.stream().map(_ -> Fate.SENT).toList();
        });
    return ids;
  }

  private void answer(List<String> jobs, String worker, boolean good) {
    List<Answer> all = new ArrayList<>();
    for (String job : jobs) {
      all.add(
          new Answer(
              new Answer.Source("q", "m" + messages++, 0),
              job,
              worker,
              1,
              10_000,
              "m",
              "body",
              false,
              good ? null : "Bad",
              good ? null : "why"));
    }
    answers.store(all, List.of());
  }

  private Night night() {
    return nights.before(Long.MAX_VALUE, 1).getFirst();
  }

  private List<String> events() {
    List<String> bodies = new ArrayList<>();
    hooks.take(100, Duration.ofDays(1)).forEach(one -> bodies.add(one.body()));
    return bodies;
  }

  private static List<String> names(List<String> events) {
    return events.stream().map(event -> event.split(" ", 2)[0]).toList();
  }

  private void steps(NightWatch boss, int count) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      boss.step();
    }
  }

  @Test
  void the_hours_bring_boxes_once_whoever_asks_and_end_them_when_nothing_is_left()
      throws Exception {
    make(3);
    NightWatch one = boss(4);
    NightWatch other = boss(4);
    steps(one, 3);
    assertEquals(List.of(), boxes.orders);
    assertEquals(0, nights.before(Long.MAX_VALUE, 9).size());

    clock.set("2026-01-02T22:00:00Z");
    for (int i = 0; i < 3; i++) {
      one.step();
      other.step();
    }
    assertEquals(1, boxes.orders.size());
    assertEquals(4, boxes.orders.getFirst().more());
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(3, night().openAtStart());
    assertEquals(Instant.parse("2026-01-03T06:00:00Z"), night().closesAt());
    assertEquals(Night.State.UP, night().brought().state());
    assertEquals(4, night().brought().boxes());

    clock.pass(Duration.ofHours(1));
    answer(dispatch(3), "w", true);
    steps(other, 2);
    assertEquals(List.of(), boxes.ended);
    clock.pass(Duration.ofMinutes(1));
    steps(one, 2);
    assertEquals(List.of(List.of(boxes.orders.getFirst().token())), boxes.ended);
    assertEquals(Night.State.ENDED, night().brought().state());
    assertEquals(Instant.parse("2026-01-02T23:00:00Z"), night().drainedAt());
    steps(one, 3);
    assertEquals(1, boxes.orders.size());
  }

  @Test
  void a_boss_that_dies_after_the_launch_leaves_an_order_that_is_given_with_the_same_token()
      throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch one = boss(2);
    one.step();
    assertEquals(Night.State.ASKED, night().brought().state());
    // The launch has happened, and nobody has noted it.
    assertFalse(
        callsThatFail(
            () ->
                nights.care(
                    (night, situation) -> {
                      new Caretaker(
                              boxes,
                              new Caretaker.Rules(
                                  "db", 2, 10, 2, Duration.ZERO, Duration.ofMinutes(60)),
                              () -> {
                                throw new AssertionError();
                              },
                              new Measures(database),
                              clock)
                          .take(night, situation);
                      throw new IllegalStateException("killed");
                    })));
    boss(2).step();
    assertEquals(2, boxes.orders.size());
    assertEquals(boxes.orders.getFirst(), boxes.orders.getLast());
    assertEquals(2, night().brought().boxes());
  }

  private interface Call {
    void make() throws Exception;
  }

  private static boolean callsThatFail(Call call) throws Exception {
    try {
      call.make();
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  @Test
  void what_is_refused_is_noted_in_words_and_tried_again_after_a_minute() throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    boxes.refusal = "no";
    NightWatch boss = boss(2);
    steps(boss, 4);
    assertEquals(1, boxes.orders.size());
    assertEquals("no", night().brought().note());
    clock.pass(Duration.ofMinutes(1));
    boxes.refusal = "";
    steps(boss, 2);
    assertEquals(2, boxes.orders.size());
    assertEquals(boxes.orders.getFirst(), boxes.orders.getLast());
    assertEquals("", night().brought().note());
  }

  @ParameterizedTest
  @CsvSource({"05:57:00, 1", "05:57:01, 0"})
  void boxes_that_would_be_there_for_less_than_a_minute_are_not_brought(String time, int orders)
      throws Exception {
    make(1);
    clock.set("2026-01-03T" + time + "Z");
    steps(boss(2), 3);
    assertEquals(orders, boxes.orders.size());
  }

  @Test
  void while_the_dispatch_is_paused_no_boxes_are_brought() throws Exception {
    make(1);
    control.pause("me", true);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(2);
    steps(boss, 3);
    assertEquals(List.of(), boxes.orders);
    control.pause("me", false);
    steps(boss, 3);
    assertEquals(1, boxes.orders.size());
  }

  @Test
  void boxes_stay_after_the_hours_while_workers_have_tasks_but_not_forever() throws Exception {
    make(2);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    steps(boss, 2);
    dispatch(1);
    clock.set("2026-01-03T06:00:00Z");
    steps(boss, 2);
    assertEquals(1L, night().leftAtEnd());
    assertEquals(List.of(), boxes.ended);
    clock.set("2026-01-03T06:59:59Z");
    steps(boss, 2);
    assertEquals(List.of(), boxes.ended);
    clock.set("2026-01-03T07:00:00Z");
    steps(boss, 2);
    assertEquals(1, boxes.ended.size());
    assertEquals(
        List.of(
            "window.work_left {opened_at=2026-01-02T22:00:00Z, closed_at=2026-01-03T06:00:00Z,"
                + " open_at_start=2, left=1, with_workers=1}"),
        events());
  }

  @Test
  void hours_that_are_changed_move_the_end_of_the_night_or_end_it() throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    steps(boss, 2);
    setHours(LocalTime.of(22, 0), LocalTime.of(7, 0));
    boss.step();
    clock.set("2026-01-03T06:30:00Z");
    steps(boss, 2);
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(Instant.parse("2026-01-03T07:00:00Z"), night().closesAt());
    assertNull(night().leftAtEnd());
    setHours(LocalTime.of(1, 0), LocalTime.of(2, 0));
    steps(boss, 2);
    assertEquals(1L, night().leftAtEnd());
    assertEquals(1, boxes.ended.size());
  }

  @Test
  void hours_that_are_narrowed_leave_tasks_in_hand_their_time() throws Exception {
    make(5);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(2);
    steps(boss, 2);
    dispatch(2);
    clock.set("2026-01-02T23:00:00Z");
    setHours(LocalTime.of(22, 0), LocalTime.of(22, 30));
    steps(boss, 3);
    assertEquals(clock.instant(), night().closesAt());
    assertEquals(
        List.of(
            "window.work_left {opened_at=2026-01-02T22:00:00Z, closed_at=2026-01-02T23:00:00Z,"
                + " open_at_start=5, left=3, with_workers=2}"),
        events());
    clock.set("2026-01-02T23:59:59Z");
    steps(boss, 2);
    assertEquals(List.of(), boxes.ended);
    clock.set("2026-01-03T00:00:00Z");
    steps(boss, 2);
    assertEquals(1, boxes.ended.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 20, -1, -20})
  void bosses_whose_clocks_differ_a_little_have_one_night(long ahead) throws Exception {
    make(100);
    NightWatch one = boss(2);
    NightWatch other = boss(2, boxes, () -> clock.instant().plusSeconds(ahead));
    clock.set("2026-01-02T21:59:00Z");
    for (int i = 0; i < 24; i++) {
      clock.pass(Duration.ofSeconds(5));
      one.step();
      other.step();
    }
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(1, boxes.orders.size());
    assertEquals(List.of(), boxes.ended);
    assertEquals(List.of(), events());
    dispatch(1);
    clock.set("2026-01-03T05:59:00Z");
    for (int i = 0; i < 24; i++) {
      clock.pass(Duration.ofSeconds(5));
      one.step();
      other.step();
    }
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(1, runs.before(Long.MAX_VALUE, 9).size());
    assertEquals(1, boxes.orders.size());
    assertEquals(1, events().size());
    assertTrue(
        forecasts.before(Long.MAX_VALUE, 99).stream().allMatch(kept -> kept.settledAt() != null));
  }

  @Test
  void the_last_half_minute_of_the_hours_begins_no_night() throws Exception {
    make(1);
    clock.set("2026-01-03T05:59:30Z");
    steps(boss(2), 2);
    assertEquals(List.of(), nights.before(Long.MAX_VALUE, 9));
    assertEquals(List.of(), runs.before(Long.MAX_VALUE, 9));
    assertEquals(List.of(), forecasts.before(Long.MAX_VALUE, 9));
  }

  @Test
  void hours_of_a_minute_are_a_night() throws Exception {
    make(1);
    setHours(LocalTime.of(22, 0), LocalTime.of(22, 1));
    clock.set("2026-01-02T22:00:05Z");
    NightWatch boss = boss(2);
    boss.step();
    clock.set("2026-01-02T22:01:00Z");
    boss.step();
    assertEquals(1L, night().leftAtEnd());
    assertEquals(1, events().size());
  }

  @Test
  void a_boss_that_was_away_ends_its_night_and_begins_the_next_one() throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    steps(boss(1), 2);
    clock.set("2026-01-09T23:00:00Z");
    steps(boss(1), 1);
    List<Night> both = nights.before(Long.MAX_VALUE, 9);
    assertEquals(2, both.size());
    assertEquals(clock.instant(), both.getFirst().openedAt());
    assertEquals(Instant.parse("2026-01-03T06:00:00Z"), both.getLast().closesAt());
    assertEquals(1L, both.getLast().leftAtEnd());
  }

  @Test
  void what_came_after_the_hours_was_not_left_by_them() throws Exception {
    make(2);
    clock.set("2026-01-02T22:00:00Z");
    steps(boss(1), 2);
    dispatch(1);
    clock.set("2026-01-03T15:00:00Z");
    make(500);
    steps(boss(1), 1);
    assertEquals(1L, night().leftAtEnd());
    assertEquals(1L, run().leftAtEnd());
    assertEquals(1L, forecasts.before(Long.MAX_VALUE, 1).getFirst().actualLeft());
    assertEquals(
        List.of(
            "window.work_left {opened_at=2026-01-02T22:00:00Z, closed_at=2026-01-03T06:00:00Z,"
                + " open_at_start=2, left=1, with_workers=1}"),
        events());
  }

  @Test
  void hours_that_are_prolonged_at_their_end_go_on_with_the_same_night() throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    steps(boss, 2);
    clock.set("2026-01-03T06:00:03Z");
    setHours(LocalTime.of(22, 0), LocalTime.of(7, 0));
    steps(boss, 2);
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(Instant.parse("2026-01-03T07:00:00Z"), night().closesAt());
    assertEquals(List.of(), events());
  }

  @Test
  void hours_that_lose_their_end_go_on_with_what_they_have_begun() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(2);
    steps(boss, 2);
    List<String> jobs = dispatch(1);
    control.setHours("me", ProcessingHours.always(UTC));
    steps(boss, 1);
    for (int i = 0; i < 20; i++) {
      clock.pass(Duration.ofHours(1));
      steps(boss, 1);
    }
    assertEquals(List.of(), boxes.ended);
    assertEquals(List.of(), events());
    assertTrue(night().isPresent());
    answer(jobs, "w", true);
    answer(dispatch(99), "w", true);
    steps(boss, 1);
    clock.pass(Duration.ofMinutes(1));
    steps(boss, 2);
    assertEquals(1, boxes.ended.size());
    assertFalse(night().isPresent());
    assertEquals(List.of("batch.done"), names(events()));
    assertFalse(run().isPresent());
    make(10);
    clock.pass(Duration.ofMinutes(10));
    steps(boss, 3);
    assertEquals(1, boxes.orders.size());
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
  }

  @Test
  void hours_that_have_an_end_again_go_on_with_the_same_night() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(2);
    steps(boss, 2);
    control.setHours("me", ProcessingHours.always(UTC));
    steps(boss, 1);
    clock.pass(Duration.ofHours(1));
    setHours(LocalTime.of(22, 0), LocalTime.of(6, 0));
    steps(boss, 2);
    assertEquals(Instant.parse("2026-01-03T06:00:00Z"), night().closesAt());
    assertEquals(1, nights.before(Long.MAX_VALUE, 9).size());
    assertEquals(1, boxes.orders.size());
  }

  @Test
  void boxes_that_vanish_are_replaced_and_cost_nothing_any_more() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(3);
    steps(boss, 2);
    clock.pass(Duration.ofMinutes(5));
    boxes.up.put("boss-db-1-1", 1);
    steps(boss, 2);
    assertEquals(1, night().brought().boxes());
    assertEquals(900, night().brought().boxSecondsUntil(clock.instant()));
    clock.pass(Duration.ofMinutes(1));
    steps(boss, 2);
    assertEquals(1, boxes.orders.size());
    assertEquals(960, night().brought().boxSecondsUntil(clock.instant()));
    // The last ones were given time to boot, and five minutes.
    clock.pass(Duration.ofMinutes(1));
    steps(boss(3), 2);
    assertEquals(2, boxes.orders.size());
    assertEquals(new WindowBoxes.Order("boss-db-1-2", 2, 3), boxes.orders.getLast());
    assertEquals(3, night().brought().boxes());
    assertEquals(1_020, night().brought().boxSecondsUntil(clock.instant()));
    clock.pass(Duration.ofHours(1));
    boxes.up.clear();
    steps(boss, 2);
    assertEquals(new WindowBoxes.Order("boss-db-1-3", 3, 3), boxes.orders.getLast());
  }

  @Test
  void boxes_that_have_gone_for_want_of_work_are_not_replaced() throws Exception {
    make(4);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(3);
    steps(boss, 2);
    dispatch(4);
    clock.pass(Duration.ofHours(1));
    boxes.up.put("boss-db-1-1", 2);
    steps(boss, 2);
    assertEquals(1, boxes.orders.size());
    make(1);
    clock.pass(Duration.ofMinutes(1));
    steps(boss, 2);
    assertEquals(1, boxes.orders.getLast().more());
  }

  @Test
  void boxes_that_cannot_be_counted_are_taken_to_be_there() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(3);
    steps(boss, 2);
    boxes.uncounted = true;
    clock.pass(Duration.ofMinutes(10));
    steps(boss, 2);
    assertEquals(3, night().brought().boxes());
    assertEquals("", night().brought().note());
    assertEquals(1, boxes.orders.size());
  }

  @Test
  void what_was_refused_is_not_brought_when_it_would_be_there_for_less_than_a_minute()
      throws Exception {
    make(1_000);
    clock.set("2026-01-02T22:00:00Z");
    boxes.refusal = "no";
    NightWatch boss = boss(5);
    steps(boss, 3);
    clock.set("2026-01-03T05:59:00Z");
    boxes.refusal = "";
    steps(boss, 3);
    assertEquals(1, boxes.orders.size());
    assertEquals(0, night().brought().boxes());
    clock.set("2026-01-03T06:00:00Z");
    steps(boss, 2);
    assertEquals(Night.State.ENDED, night().brought().state());
  }

  @Test
  void what_was_refused_is_asked_for_again_as_far_as_it_is_needed_by_then() throws Exception {
    // Tasks take an hour, as was measured a day ago: a box does 13 until the end.
    make(110);
    clock.set("2026-01-01T22:00:00Z");
    answerAfter(dispatch(10), Duration.ofHours(1));
    clock.set("2026-01-02T22:00:00Z");
    boxes.refusal = "no";
    NightWatch boss = boss(0);
    steps(boss, 3);
    assertEquals(List.of(new WindowBoxes.Order("boss-db-1-1", 8, 8)), boxes.orders);
    for (int task = 11; task <= 60; task++) {
      assertTrue(tasks.cancel("me", task));
    }
    clock.pass(Duration.ofMinutes(1));
    steps(boss, 3);
    assertEquals(new WindowBoxes.Order("boss-db-1-2", 4, 4), boxes.orders.getLast());
    assertEquals("no", night().brought().note());
    // What others do makes all of them too many.
    answerAfter(dispatch(10), Duration.ofHours(1));
    clock.pass(Duration.ofMinutes(1));
    boxes.refusal = "";
    steps(boss, 3);
    assertEquals(2, boxes.orders.size());
    assertEquals(Night.State.UP, night().brought().state());
    assertEquals(0, night().brought().boxes());
  }

  @Test
  void boxes_of_a_boss_that_died_after_the_launch_are_ended_also_if_nothing_is_left()
      throws Exception {
    make(1);
    clock.set("2026-01-02T22:00:00Z");
    boss(2).step();
    // The launch has happened, and nobody has noted it.
    boxes.up.put("boss-db-1-1", 2);
    answer(dispatch(1), "elsewhere", true);
    NightWatch next = boss(2);
    steps(next, 2);
    assertEquals(List.of(), boxes.ended);
    clock.pass(Duration.ofMinutes(1));
    steps(next, 2);
    assertEquals(List.of(List.of("boss-db-1-1")), boxes.ended);
    assertEquals(List.of(), boxes.orders);
  }

  @Test
  void what_a_group_has_already_counts_in_what_it_is_to_have() throws Exception {
    FakeGroup group = group(2);
    make(6_000);
    clock.set("2026-01-02T22:00:00Z");
    for (int i = 0; i < 20; i++) {
      clock.pass(Duration.ofSeconds(30));
      answer(dispatch(3), "w" + i % 2, true);
    }
    // Two do a tenth of a second's work together: 5,940 take the night, and more boxes.
    int needed = needs();
    assertTrue(needed > 2 && needed < 10, needed + " boxes");
    NightWatch boss = boss(0, new GroupBoxes(autoScaling, "workers", 10), clock);
    steps(boss, 3);
    assertEquals(needed, group.desired());
    assertEquals(needed, night().brought().boxes());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 0})
  void a_group_that_the_next_hours_need_is_not_lowered_for_those_before(int fixed)
      throws Exception {
    FakeGroup group = group(0);
    setTwoWindows();
    make(4_000);
    clock.set("2026-01-02T20:00:00Z");
    NightWatch boss = boss(fixed, new GroupBoxes(autoScaling, "workers", 10), clock);
    steps(boss, 3);
    int before = group.desired();
    assertTrue(before > 0);
    dispatch(80);
    clock.set("2026-01-02T22:00:00Z");
    steps(boss, 3);
    for (int i = 0; i < 30; i++) {
      clock.pass(Duration.ofMinutes(1));
      answer(dispatch(2), "w" + i % before, true);
      steps(boss, 1);
    }
    assertEquals(2, nights.before(Long.MAX_VALUE, 9).size());
    assertTrue(night().brought().state().isUnderWay());
    for (int i = 0; i < 60; i++) {
      clock.pass(Duration.ofMinutes(1));
      answer(dispatch(2), "w" + i % before, true);
      steps(boss, 1);
      assertTrue(group.desired() >= before, clock.instant() + ": " + group.desired());
    }
    assertEquals(Night.State.ENDED, nights.before(Long.MAX_VALUE, 9).getLast().brought().state());
    clock.set("2026-01-03T07:00:00Z");
    steps(boss, 3);
    assertEquals(0, group.desired());
  }

  @Test
  void who_had_fewer_boxes_than_were_asked_for_is_named() throws Exception {
    group(0);
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    steps(boss(9, new GroupBoxes(autoScaling, "workers", 7), clock), 2);
    assertEquals(7, night().brought().boxes());
    assertEquals(
        "the group workers may have 7, which is --fleet-max-boxes, not 9",
        night().brought().note());
  }

  @Test
  void what_came_of_an_order_whose_boss_died_is_there_though_it_is_less() throws Exception {
    group(0);
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    WindowBoxes seven = new GroupBoxes(autoScaling, "workers", 7);
    boss(9, seven, clock).step();
    assertEquals(Night.State.ASKED, night().brought().state());
    // It was given, and nobody has noted it.
    seven.bring(new WindowBoxes.Order("boss-db-1-1", 9, 9));
    clock.pass(Duration.ofMinutes(2));
    steps(boss(9, seven, clock), 2);
    assertEquals(7, night().brought().boxes());
    clock.pass(Duration.ofMinutes(1));
    assertEquals(420, night().brought().boxSecondsUntil(clock.instant()));
  }

  private void setTwoWindows() {
    control.setHours(
        "me",
        new ProcessingHours(
            UTC,
            List.of(
                new Window(DayOfWeek.FRIDAY, LocalTime.of(20, 0), LocalTime.of(22, 0)),
                new Window(DayOfWeek.FRIDAY, LocalTime.of(22, 30), LocalTime.of(6, 0)))));
  }

  @Test
  void boxes_that_were_ended_are_not_taken_to_be_there() throws Exception {
    make(24);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 3);
    List<String> jobs = dispatch(24);
    clock.set("2026-01-02T22:30:00Z");
    answerByMany(jobs, 5, Duration.ofMinutes(30));
    steps(boss, 1);
    clock.pass(Duration.ofMinutes(1));
    steps(boss, 2);
    assertEquals(Night.State.ENDED, night().brought().state());
    int orders = boxes.orders.size();
    clock.pass(Duration.ofMinutes(9));
    make(60);
    steps(boss, 3);
    assertEquals(orders + 1, boxes.orders.size());
  }

  @Test
  void boxes_of_the_hours_before_are_not_taken_to_be_there() throws Exception {
    setTwoWindows();
    make(84);
    clock.set("2026-01-02T20:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 3);
    List<String> jobs = dispatch(24);
    clock.set("2026-01-02T21:50:00Z");
    answerByMany(jobs, 5, Duration.ofMinutes(30));
    steps(boss, 1);
    clock.set("2026-01-02T22:00:00Z");
    steps(boss, 2);
    assertEquals(1, boxes.ended.size());
    int orders = boxes.orders.size();
    clock.set("2026-01-02T22:30:00Z");
    steps(boss, 3);
    assertEquals(orders + 1, boxes.orders.size());
  }

  @Test
  void boxes_that_have_gone_are_not_taken_to_be_there_for_their_answers() throws Exception {
    make(110);
    clock.set("2026-01-01T22:00:00Z");
    answerByMany(dispatch(10), 5, Duration.ofHours(1));
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 3);
    assertEquals(8, boxes.orders.getFirst().more());
    List<String> jobs = dispatch(40);
    clock.pass(Duration.ofHours(1));
    answerByMany(jobs.subList(0, 20), 8, Duration.ofHours(1));
    steps(boss, 3);
    assertEquals(1, boxes.orders.size());
    clock.pass(Duration.ofMinutes(30));
    boxes.up.clear();
    steps(boss, 3);
    assertEquals(2, boxes.orders.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void boxes_that_have_come_or_gone_make_nobody_think_that_those_there_are_slow(int gone)
      throws Exception {
    // One does two a minute: five are needed.
    make(4_100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 2);
    Map<String, Instant> ready = new HashMap<>();
    workFor(Duration.ofMinutes(45), boss, ready);
    assertEquals(List.of(1, 4), boxes.orders.stream().map(WindowBoxes.Order::more).toList());
    boxes.up.put("boss-db-1-2", Math.max(0, 4 - gone));
    boxes.up.put("boss-db-1-1", gone > 4 ? 0 : 1);
    workFor(Duration.ofMinutes(45), boss, ready);
    assertEquals(List.of(1, 4, gone), boxes.orders.stream().map(WindowBoxes.Order::more).toList());
  }

  /** Each box that has booted ends a task in half a minute. */
  private void workFor(Duration time, NightWatch boss, Map<String, Instant> ready)
      throws InterruptedException {
    for (long step = time.dividedBy(Duration.ofSeconds(30)); step > 0; step--) {
      clock.pass(Duration.ofSeconds(30));
      Instant booted = clock.instant().plus(Duration.ofMinutes(2));
      for (Map.Entry<String, Integer> order : boxes.up.entrySet()) {
        boolean up = !ready.computeIfAbsent(order.getKey(), _ -> booted).isAfter(clock.instant());
        for (int i = 0; up && i < order.getValue(); i++) {
          answer(dispatch(1), order.getKey() + "/" + i, true);
        }
      }
      steps(boss, 2);
    }
  }

  @Test
  void what_is_set_as_it_was_leaves_the_measure_and_what_it_brings() throws Exception {
    make(10_000);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 2);
    control.setPace("me", 600, 10);
    for (int i = 0; i < 30; i++) {
      clock.pass(Duration.ofSeconds(30));
      answer(dispatch(5), "w", true);
      control.pause("me", false);
      control.setPace("me", 600, 10);
      steps(boss, 2);
    }
    assertTrue(outlooks(clock).get().pace().isMeasured());
    assertEquals(2, boxes.orders.size());
    control.setPace("me", 0, 10);
    assertFalse(outlooks(clock).get().pace().isMeasured());
    clock.pass(Duration.ofSeconds(30));
    answer(dispatch(10), "w", true);
    assertTrue(outlooks(clock).get().pace().isMeasured());
    control.setPace("me", 0, 10);
    assertTrue(outlooks(clock).get().pace().isMeasured());
  }

  @Test
  void a_pause_makes_nobody_think_that_boxes_are_slow() throws Exception {
    make(10_000);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 3);
    for (int i = 0; i < 60; i++) {
      clock.pass(Duration.ofSeconds(10));
      int there = Math.max(1, night().brought().boxes());
      answerByMany(dispatch(5 * there), there, Duration.ofSeconds(10));
      steps(boss, 1);
    }
    int orders = boxes.orders.size();
    assertEquals(0, needs() - night().brought().boxes());
    control.pause("me", true);
    clock.pass(Duration.ofMinutes(9));
    control.pause("me", false);
    clock.pass(Duration.ofSeconds(5));
    steps(boss, 3);
    assertEquals(orders, boxes.orders.size());
  }

  @Test
  void a_bound_on_the_dispatch_brings_no_boxes_that_would_have_nothing_to_do() throws Exception {
    make(6_000);
    clock.set("2026-01-02T22:00:00Z");
    control.setPace("me", 10, 10);
    NightWatch boss = boss(0);
    steps(boss, 3);
    for (int i = 0; i < 30; i++) {
      clock.pass(Duration.ofMinutes(1));
      answer(dispatch(10), "w", true);
      steps(boss, 1);
    }
    assertEquals(1, boxes.orders.size());
    control.setPace("me", 0, 10);
    clock.pass(Duration.ofSeconds(10));
    steps(boss, 2);
    assertEquals(1, boxes.orders.getFirst().more());
  }

  @Test
  void time_outside_the_hours_makes_nobody_think_that_boxes_are_slow() throws Exception {
    setTwoWindows();
    make(100);
    clock.set("2026-01-02T21:59:00Z");
    List<String> jobs = dispatch(40);
    clock.set("2026-01-02T22:00:00Z");
    answerByMany(jobs.subList(0, 20), 2, Duration.ofMinutes(20));
    clock.set("2026-01-02T22:29:00Z");
    assertTrue(outlooks(clock).get().pace().isMeasured());
    clock.set("2026-01-02T22:30:00Z");
    assertFalse(outlooks(clock).get().pace().isMeasured());
    assertEquals(1_200, outlooks(clock).get().load().meanSeconds());
    answerByMany(jobs.subList(20, 40), 2, Duration.ofMinutes(20));
    clock.pass(Duration.ofMinutes(1));
    assertEquals(20 / 60.0, outlooks(clock).get().pace().perSecond(), 0.001);
  }

  private int needs() {
    return Objects.requireNonNull(outlooks(clock).get().plan().needed()).boxes();
  }

  @Test
  void the_planner_brings_one_box_to_measure_and_then_what_is_needed() throws Exception {
    make(3_000);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(0);
    steps(boss, 2);
    assertEquals(1, boxes.orders.getFirst().more());
    // It does 0.2 a second: too few for 3,000 until 06:00? 5,700: enough. Then 20,000 come.
    make(20_000);
    for (int i = 0; i < 15; i++) {
      clock.pass(Duration.ofSeconds(50));
      answer(dispatch(10), "w1", true);
    }
    steps(boss, 2);
    assertEquals(2, boxes.orders.size());
    WindowBoxes.Order more = boxes.orders.getLast();
    assertEquals(3, more.more(), more.toString());
    assertEquals(4, more.total());
    steps(boss, 5);
    assertEquals(2, boxes.orders.size());
    assertFalse(boxes.orders.getFirst().token().equals(more.token()));
  }

  @Test
  void forecasts_are_kept_each_minute_and_held_against_what_came() throws Exception {
    make(40);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    boss.step();
    Forecasts.Kept unknown = forecasts.before(Long.MAX_VALUE, 9).getLast();
    assertNull(unknown.forecast().doneAt());
    for (int i = 0; i < 3; i++) {
      clock.pass(Duration.ofSeconds(50));
      answer(dispatch(10), "w1", true);
    }
    steps(boss, 3);
    assertEquals(2, forecasts.before(Long.MAX_VALUE, 9).size());
    Forecasts.Kept said = forecasts.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals(10, said.forecast().open());
    assertEquals(1, said.forecast().boxes());
    assertEquals(10.0, said.forecast().meanSeconds());
    assertNotNull(said.forecast().doneAt());
    assertEquals(0L, said.forecast().left());
    assertNull(said.actualDoneAt());
    clock.pass(Duration.ofSeconds(70));
    answer(dispatch(10), "w1", true);
    steps(boss, 1);
    Forecasts.Kept settled = forecasts.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals(clock.instant(), settled.actualDoneAt());
    assertEquals(settled.actualDoneAt(), forecasts.before(Long.MAX_VALUE, 9).getLast().settledAt());
  }

  @Test
  void work_that_is_left_settles_the_forecasts_as_well() throws Exception {
    make(5);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    boss.step();
    clock.set("2026-01-03T06:00:00Z");
    boss.step();
    Forecasts.Kept settled = forecasts.before(Long.MAX_VALUE, 1).getFirst();
    assertEquals(5L, settled.actualLeft());
    assertNull(settled.actualDoneAt());
  }

  @Test
  void a_batch_is_told_of_when_it_is_done_and_again_if_it_goes_on() throws Exception {
    make(2);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch one = boss(1);
    NightWatch other = boss(1);
    one.step();
    List<String> jobs = dispatch(2);
    answer(jobs.subList(0, 1), "w", true);
    clock.pass(OLDER);
    steps(one, 2);
    steps(other, 2);
    assertEquals(List.of(), events());
    answer(jobs.subList(1, 2), "w", false);
    clock.pass(OLDER);
    one.step();
    other.step();
    assertEquals(
        List.of(
            "batch.done {batch=1, name=b, tasks={failed=1, succeeded=1}}",
            "batch.failures {batch=1, name=b, tasks={failed=1, succeeded=1}}"),
        events().stream().map(NightContract::sorted).sorted().toList());
    assertTrue(tasks.retry("me", 2));
    clock.pass(OLDER);
    steps(one, 2);
    answer(dispatch(1), "w", true);
    clock.pass(OLDER);
    other.step();
    one.step();
    assertEquals(List.of("batch.done {batch=1, name=b, tasks={succeeded=2}}"), events());
  }

  /** Which state comes first is the database's own business. */
  private static String sorted(String event) {
    return event.replace("{succeeded=1, failed=1}", "{failed=1, succeeded=1}");
  }

  @Test
  void failures_are_told_of_before_the_batch_is_done_once_enough_have_ended() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    boss.step();
    List<String> jobs = dispatch(100);
    answer(jobs.subList(0, 10), "w", false);
    clock.pass(OLDER);
    boss.step();
    assertEquals(List.of(), events());
    answer(jobs.subList(10, 20), "w", true);
    clock.pass(OLDER);
    steps(boss, 3);
    List<String> told = events();
    assertEquals(1, told.size());
    assertTrue(told.getFirst().startsWith("batch.failures {batch=1"), told.toString());
  }

  /** A batch of 100 that is done, ten of which have failed, as has been told. */
  private NightWatch tenOfHundredFailed() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    boss.step();
    List<String> jobs = dispatch(100);
    answer(jobs.subList(0, 10), "w", false);
    answer(jobs.subList(10, 100), "w", true);
    clock.pass(OLDER);
    steps(boss, 2);
    assertEquals(2, events().size());
    return boss;
  }

  @Test
  void failures_that_were_told_of_are_not_told_of_again_when_one_of_them_is_run_again()
      throws Exception {
    NightWatch boss = tenOfHundredFailed();
    assertTrue(tasks.retry("me", 1));
    clock.pass(OLDER);
    steps(boss, 3);
    assertEquals(List.of(), events());
    answer(dispatch(1), "w", true);
    clock.pass(OLDER);
    steps(boss, 3);
    assertEquals(List.of("batch.done"), names(events()));
  }

  @Test
  void failures_are_told_of_by_what_is_so_now_whatever_was_counted_before() throws Exception {
    NightWatch boss = tenOfHundredFailed();
    for (int task = 1; task <= 10; task++) {
      assertTrue(tasks.retry("me", task));
    }
    clock.pass(OLDER);
    steps(boss, 2);
    Census old =
        QuickCensus.of(database, clock, () -> Map.of(1L, Map.of("failed", 10L, "succeeded", 90L)));
    new BatchEnds(database, old, hooks, clock, 5).step();
    assertEquals(List.of(), events());
    answer(dispatch(10), "w", false);
    clock.pass(OLDER);
    steps(boss, 2);
    assertEquals(2, events().size());
  }

  @Test
  void an_outlook_says_when_it_is_done() throws Exception {
    make(100);
    clock.set("2026-01-02T22:00:00Z");
    answer(dispatch(20).subList(0, 10), "w1", true);
    clock.pass(Duration.ofSeconds(50));
    answer(dispatch(10), "w2", true);
    Outlook outlook = outlooks(clock).get();
    assertEquals(80, outlook.load().open());
    assertEquals(2, outlook.pace().boxes());
    assertEquals(0.4, outlook.pace().perSecond(), 0.001);
    Plan plan = outlook.plan();
    assertEquals(clock.instant().plusSeconds(200), plan.doneAt());
  }

  /** Ten tasks of ten seconds were answered in the hours of a Friday; then it is Sunday. */
  private void measureAndClose() throws Exception {
    make(20);
    clock.set("2026-01-02T22:00:00Z");
    answer(dispatch(10), "w1", true);
    clock.set("2026-01-04T12:00:00Z");
  }

  private Plan.Needed needed() {
    return Objects.requireNonNull(outlooks(clock).get().plan().needed());
  }

  @Test
  void while_the_hours_are_closed_the_plan_is_for_those_that_come() throws Exception {
    measureAndClose();
    Instant opens = Instant.parse("2026-01-09T22:00:00Z");
    // Ten tasks by one box with two slots, from two minutes after the opening.
    assertEquals(opens.plusSeconds(120 + 50), needed().doneAt());
    assertTrue(needed().inTime());
    make(10_000);
    // 5,734 tasks a box in eight hours: one would not do.
    Plan.Needed two = needed();
    assertEquals(2, two.boxes());
    assertTrue(two.inTime());
    Instant done = Objects.requireNonNull(two.doneAt());
    assertTrue(done.isAfter(opens.plus(Duration.ofHours(6))), done.toString());
    assertTrue(done.isBefore(opens.plus(Duration.ofHours(8))), done.toString());
    Outlook outlook = outlooks(clock).get();
    assertNull(outlook.closes());
    assertNull(outlook.plan().leftAtEnd());
    assertNull(outlook.plan().doneAt());
  }

  @Test
  void what_is_not_done_in_these_hours_is_done_in_the_next() throws Exception {
    measureAndClose();
    make(60_000);
    clock.set("2026-01-09T22:00:00Z");
    Plan.Needed open = needed();
    assertEquals(10, open.boxes());
    assertFalse(open.inTime());
    Instant done = Objects.requireNonNull(open.doneAt());
    assertTrue(done.isAfter(Instant.parse("2026-01-16T22:00:00Z")), done.toString());
    assertTrue(done.isBefore(Instant.parse("2026-01-16T23:00:00Z")), done.toString());
    clock.set("2026-01-04T12:00:00Z");
    assertEquals(open, needed());
  }

  @Test
  void a_run_is_planned_without_the_time_between_the_hours() throws Exception {
    measureAndClose();
    make(60_000);
    clock.set("2026-01-09T22:00:00Z");
    steps(boss(1), 1);
    WorkRun.Planned planned = Objects.requireNonNull(run().planned());
    assertEquals(Instant.parse("2026-01-16T22:00:00Z"), hour(planned.doneAt()));
    // Ten boxes end two a second, from two minutes after their launch.
    assertEquals(10 * (60_010 / 2 + 120), planned.boxSeconds(), 10);
  }

  private static Instant hour(Instant instant) {
    return instant.truncatedTo(ChronoUnit.HOURS);
  }

  @Test
  void nothing_open_is_done_now_and_without_hours_nothing_ever_is() throws Exception {
    clock.set("2026-01-04T12:00:00Z");
    Outlook nothing = outlooks(clock).get();
    assertEquals(clock.instant(), nothing.plan().doneAt());
    assertEquals(clock.instant(), needed().doneAt());
    measureAndClose();
    control.setHours("me", new ProcessingHours(UTC, List.of()));
    assertEquals(Plan.UNKNOWN, outlooks(clock).get().plan());
  }

  private WorkRun run() {
    return runs.before(Long.MAX_VALUE, 1).getFirst();
  }

  @Test
  void a_run_has_what_was_planned_of_it_and_what_came() throws Exception {
    make(60);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(2);
    // Whoever comes after finds it begun.
    steps(boss, 2);
    steps(boss(2), 1);
    assertEquals(60, run().openAtStart());
    assertEquals(1, runs.before(Long.MAX_VALUE, 9).size());
    assertTrue(run().isPresent() && run().planned() == null, run().toString());
    // Ten each by two workers, 10 s a task, in 100 s: 40 are left for 200 s more.
    for (int i = 0; i < 10; i++) {
      clock.pass(Duration.ofSeconds(10));
      answer(dispatch(1), "w1", true);
      answer(dispatch(1), "w2", i > 0);
    }
    steps(boss, 1);
    WorkRun.Planned planned = Objects.requireNonNull(run().planned());
    // One box would do until six: it is the fewest.
    assertEquals(1, planned.boxes());
    assertEquals(40, planned.tasks());
    assertEquals(10, planned.meanSeconds(), 1e-6);
    assertEquals(
        Duration.between(planned.at(), planned.doneAt()),
        Duration.ofMillis(Math.round(planned.boxSeconds() * 1000)));
    WorkRun.Planned first = planned;
    clock.pass(Duration.ofSeconds(60));
    steps(boss, 1);
    assertEquals(first, run().planned());
    answer(dispatch(20), "w1", true);
    answer(dispatch(20), "w2", true);
    steps(boss, 1);
    assertTrue(run().doneAt() != null && run().isPresent());
    clock.pass(Duration.ofSeconds(90));
    steps(boss, 3);
    assertEquals(List.of(List.of("boss-db-1-1")), boxes.ended);
    clock.set("2026-01-03T06:00:00Z");
    steps(boss, 1);
    WorkRun over = run();
    assertEquals(0L, over.leftAtEnd());
    assertEquals(60, over.seen().answers());
    assertEquals(2, over.seen().workers());
    assertEquals(Instant.parse("2026-01-02T22:02:40Z"), over.doneAt());
    // Two boxes from their launch at 22:00 until their end 250 s later: more than their tasks took.
    assertEquals(500, over.seen().boxSeconds(), 1e-6);
    // Nothing is left: the next hours begin no run before there is something to do.
    clock.set("2026-01-09T22:00:00Z");
    steps(boss, 2);
    assertEquals(1, runs.before(Long.MAX_VALUE, 9).size());
    assertEquals(Optional.of(over), runs.find(over.id()));
  }

  @Test
  void hours_without_an_end_have_runs_that_end_when_nothing_is_open() throws Exception {
    control.setHours("me", ProcessingHours.always(UTC));
    NightWatch boss = boss(1);
    steps(boss, 1);
    assertEquals(List.of(), runs.before(Long.MAX_VALUE, 9));
    for (int round = 1; round <= 2; round++) {
      make(3);
      List<String> jobs = dispatch(3);
      clock.pass(Duration.ofSeconds(4));
      steps(boss, 1);
      clock.pass(Duration.ofSeconds(50));
      answer(jobs, "w1", true);
      steps(boss, 1);
      assertEquals(round, runs.before(Long.MAX_VALUE, 9).size());
      WorkRun over = run();
      assertFalse(over.isPresent());
      assertEquals(over.endedAt(), over.doneAt());
      assertEquals(3, over.openAtStart());
      assertEquals(3, over.seen().answers());
      // From when they went out; a box is paid for a minute at least.
      assertEquals(54, Duration.between(over.beganAt(), over.endedAt()).toSeconds());
      assertEquals(60, over.seen().boxSeconds(), 1e-6);
      clock.pass(Duration.ofMinutes(5));
    }
  }

  @Test
  void work_that_is_left_ends_the_run_with_the_hours() throws Exception {
    make(5);
    clock.set("2026-01-02T22:00:00Z");
    NightWatch boss = boss(1);
    steps(boss, 1);
    answer(dispatch(2), "w1", true);
    clock.set("2026-01-03T06:00:00Z");
    steps(boss, 2);
    assertEquals(3L, run().leftAtEnd());
    assertEquals(null, run().doneAt());
    assertFalse(run().isPresent());
  }

  @Test
  void where_tasks_take_long_their_pace_is_measured_over_more_than_ten_minutes() throws Exception {
    control.setHours("me", ProcessingHours.always(UTC));
    make(40);
    Outlooks outlooks = outlooks(clock);
    for (int i = 0; i < 12; i++) {
      clock.pass(Duration.ofMinutes(4));
      answerAfter(dispatch(1), Duration.ofMinutes(20));
    }
    Outlook now = outlooks.get();
    assertEquals(28, now.load().open());
    assertEquals(0.0042, now.pace().perSecond(), 0.0006);
    Instant done = Objects.requireNonNull(now.plan().doneAt());
    long minutes = Duration.between(clock.instant(), done).toMinutes();
    assertTrue(minutes >= 100 && minutes <= 124, minutes + " min");
  }

  private void answerAfter(List<String> jobs, Duration took) {
    answerByMany(jobs, 1, took);
  }

  private void answerByMany(List<String> jobs, int workers, Duration took) {
    List<Answer> all = new ArrayList<>();
    for (String job : jobs) {
      all.add(
          new Answer(
              new Answer.Source("q", "m" + messages++, 0),
              job,
              "w" + all.size() % workers,
              1,
              took.toMillis(),
              "m",
              "body",
              false,
              null,
              null));
    }
    answers.store(all, List.of());
  }
}
