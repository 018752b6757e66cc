package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.report.Line;
import com.amazonaws.jobprocessor.boss.report.Tally;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Reports on who did how much, read answer by answer from an index, the newest first: at most two
 * million of them, in constant memory. What was read lately is not read again.
 */
public final class WorkReports {
  /** Answers that a report reads, at most. */
  public static final int MAX_ANSWERS = 2_000_000;

  /** Lines of a report; what is beyond is one line together, {@link #OTHERS}. */
  public static final int MAX_LINES = 20_000;

  /** What is beyond {@link #MAX_LINES}. */
  public static final String OTHERS = "(others)";

  private static final int PAGE = 20_000;
  private static final int MAX_NAMED = 100_000;
  private static final int REMEMBERED = 8;
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private final Database database;
  private final Settings settings;
  private final InstantSource clock;
  private final int maxLines;
  private final Map<Wanted, Report> last = new LinkedHashMap<>();

  /** Reports on a database. */
  public WorkReports(Database database, Settings settings, InstantSource clock) {
    this(database, settings, clock, MAX_LINES);
  }

  WorkReports(Database database, Settings settings, InstantSource clock, int maxLines) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.maxLines = maxLines;
  }

  /** What a line is about. */
  public enum By {
    WORKER,
    BATCH,
    ACCOUNT,
    DAY;

    /** As a URL has it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What is asked for; what is null is not.
   *
   * @param account the name of tasks
   * @param received when the answers came in
   */
  public record Wanted(
      By by, @Nullable Long batch, @Nullable String account, TaskFilter.Period received) {
    /** A question; an account has no characters that no database stores. */
    public Wanted {
      account = TaskFilter.sendable(account);
    }
  }

  /**
   * A report.
   *
   * @param at when it was made
   * @param zone of its days
   * @param whole false if there were more answers than a report reads: then the newest are in it
   * @param lines of which one has most tasks first
   */
  public record Report(Instant at, ZoneId zone, boolean whole, long answers, List<Line> lines) {}

  /** A report that is at most ten seconds old. */
  public synchronized Report report(Wanted wanted) {
    Instant now = clock.instant();
    Report known = last.get(wanted);
    if (known != null && !known.at().isAfter(now) && known.at().plus(MAX_AGE).isAfter(now)) {
      return known;
    }
    Report made = database.read(handle -> make(handle, wanted, now));
    last.remove(wanted);
    if (last.size() >= REMEMBERED) {
      last.remove(last.keySet().iterator().next());
    }
    last.put(wanted, made);
    return made;
  }

  /** An answer as the index has it. */
  private record Row(Instant at, long millis, long task, String worker, boolean succeeded) {}

  private Report make(Handle handle, Wanted wanted, Instant now) {
    ZoneId zone = settings.dispatch(handle).hours().zone();
    Groups groups = new Groups(handle, wanted.by(), zone, maxLines);
    long read = 0;
    boolean whole = true;
    String account = wanted.account();
    if (account != null) {
      List<Row> rows = named(handle, wanted, account);
      groups.add(rows);
      read = rows.size();
      whole = rows.size() < MAX_NAMED;
    } else {
      Range range = range(handle, wanted);
      Instant before = wanted.received().to() == null ? now.plusSeconds(1) : wanted.received().to();
      Instant at = before;
      int skip = 0;
      List<Row> page = page(handle, wanted, before, at, skip);
      while (!page.isEmpty() && whole) {
        groups.add(page.stream().filter(row -> range.has(row.task())).toList());
        read += page.size();
        Instant end = page.getLast().at();
        int same = (int) page.stream().filter(row -> row.at().equals(end)).count();
        skip = end.equals(at) ? skip + same : same;
        at = end;
        whole = read < MAX_ANSWERS;
        page = page.size() < PAGE ? List.of() : page(handle, wanted, before, at, skip);
      }
    }
    return new Report(now, zone, whole, read, groups.lines());
  }

  /** The ids of a batch's tasks. */
  private record Range(long from, long to) {
    boolean has(long task) {
      return task >= from && task < to;
    }
  }

  private static Range range(Handle handle, Wanted wanted) {
    if (wanted.batch() == null) {
      return new Range(0, Long.MAX_VALUE);
    }
    return handle
        .createQuery("select first_task, tasks from batch where id = :id")
        .bind("id", wanted.batch())
        .map((row, _) -> new Range(row.getLong(1), row.getLong(1) + row.getLong(2)))
        .findOne()
        .orElse(new Range(0, 0));
  }

  private static List<Row> page(
      Handle handle, Wanted wanted, Instant before, Instant at, int skip) {
    Instant from = wanted.received().from();
    Query query =
        handle.createQuery(
            "select received_at, duration_millis, task_id, worker, succeeded from result"
                + " where received_at < :before and received_at <= :at"
                + (from == null ? "" : " and received_at >= :from")
                + " order by received_at desc, duration_millis desc, task_id desc, worker desc,"
                + " succeeded desc offset "
                + skip
                + " rows fetch next "
                + PAGE
                + " rows only");
    query.bind("before", before).bind("at", at);
    if (from != null) {
      query.bind("from", from);
    }
    return rows(query);
  }

  private static List<Row> rows(Query query) {
    return query
        .setFetchSize(PAGE)
        .map(
            (row, _) ->
                new Row(
                    Rows.instant(row, "received_at"),
                    row.getLong("duration_millis"),
                    row.getLong("task_id"),
                    row.getString("worker"),
                    row.getBoolean("succeeded")))
        .list();
  }

  private static List<Row> named(Handle handle, Wanted wanted, String account) {
    TaskFilter.Period received = wanted.received();
    Range range = range(handle, wanted);
    Query query =
        handle.createQuery(
            "select r.received_at, r.duration_millis, r.task_id, r.worker, r.succeeded"
                + " from task t join result r on r.task_id = t.id"
                + " where t.name = :name and t.id >= :low and t.id < :high"
                + (received.from() == null ? "" : " and r.received_at >= :from")
                + (received.to() == null ? "" : " and r.received_at < :to")
                + " order by r.received_at desc limit "
                + MAX_NAMED);
    query.bind("name", account).bind("low", range.from()).bind("high", range.to());
    if (received.from() != null) {
      query.bind("from", received.from());
    }
    if (received.to() != null) {
      query.bind("to", received.to());
    }
    return rows(query);
  }

  /** Adds answers up by what a line is about. */
  private static final class Groups {
    private final Handle handle;
    private final By by;
    private final ZoneId zone;
    private final int maxLines;
    private final Map<String, Tally> tallies = new HashMap<>();
    private final NavigableMap<Long, String> batches = new TreeMap<>();

    Groups(Handle handle, By by, ZoneId zone, int maxLines) {
      this.handle = handle;
      this.by = by;
      this.zone = zone;
      this.maxLines = maxLines;
      if (by == By.BATCH) {
        handle
            .createQuery("select id, first_task from batch order by id desc limit " + maxLines)
            .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
            .forEach(one -> batches.put(one[1], Long.toString(one[0])));
      }
    }

    void add(List<Row> rows) {
      Map<Long, String> names = by == By.ACCOUNT ? names(rows) : Map.of();
      for (Row row : rows) {
        String key = key(row, names);
        String group = tallies.size() < maxLines || tallies.containsKey(key) ? key : OTHERS;
        tallies
            .computeIfAbsent(group, _ -> new Tally())
            .add(row.at(), row.millis(), row.succeeded());
      }
    }

    private String key(Row row, Map<Long, String> names) {
      return switch (by) {
        case WORKER -> row.worker();
        case DAY -> row.at().atZone(zone).toLocalDate().toString();
        case ACCOUNT -> names.getOrDefault(row.task(), "");
        case BATCH ->
            Optional.ofNullable(batches.floorEntry(row.task()))
                .map(Map.Entry::getValue)
                .orElse(OTHERS);
      };
    }

    private Map<Long, String> names(List<Row> rows) {
      Map<Long, String> names = new HashMap<>();
      handle
          .createQuery("select id, name from task where id = any(:ids)")
          .bindArray("ids", Long.class, rows.stream().map(Row::task).distinct().toList())
          .map((row, _) -> Map.entry(row.getLong(1), row.getString(2)))
          .forEach(one -> names.put(one.getKey(), one.getValue()));
      return names;
    }

    List<Line> lines() {
      List<Line> lines = new ArrayList<>();
      tallies.forEach((name, tally) -> lines.add(tally.line(name)));
      Comparator<Line> order =
          by == By.DAY
              ? Comparator.comparing(Line::name).reversed()
              : Comparator.comparingLong(Line::tasks).reversed().thenComparing(Line::name);
      lines.sort(order);
      return List.copyOf(lines);
    }
  }
}
