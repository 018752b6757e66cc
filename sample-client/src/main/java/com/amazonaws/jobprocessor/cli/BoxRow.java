package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Box;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** A box as a row of a table or as a JSON object. */
final class BoxRow {
  static final List<Table.Column> COLUMNS =
      List.of(
          Table.Column.of("INSTANCE"),
          Table.Column.shrinking("QUEUE"),
          Table.Column.of("TYPE"),
          Table.Column.of("ZONE"),
          Table.Column.of("SPOT"),
          Table.Column.number("AGE"),
          Table.Column.of("STATE"),
          Table.Column.shrinking("GROUP"));

  private BoxRow() {}

  static List<String> cells(Box box, Instant now) {
    return List.of(
        box.id(),
        Text.oneLine(box.backlog()),
        box.machine().type(),
        box.machine().zone(),
        box.machine().spot() ? "spot" : "",
        age(Duration.between(box.launchedAt(), now)),
        box.state().toString(),
        Text.oneLine(box.group()));
  }

  /** In its two largest units: {@code 3d 4h}, {@code 12m 5s}. */
  static String age(Duration age) {
    Duration shown = age.isNegative() ? Duration.ZERO : age;
    if (shown.toDays() > 0) {
      return shown.toDays() + "d " + shown.toHoursPart() + "h";
    }
    if (shown.toHours() > 0) {
      return shown.toHours() + "h " + shown.toMinutesPart() + "m";
    }
    return shown.toMinutes() + "m " + shown.toSecondsPart() + "s";
  }

  static String json(Box box) {
    return new JsonLine()
        .text("instance_id", box.id())
        .text("queue", box.backlog())
        .text("type", box.machine().type())
        .text("zone", box.machine().zone())
        .flag("spot", box.machine().spot())
        .text("launched_at", box.launchedAt().truncatedTo(ChronoUnit.MILLIS).toString())
        .text("state", box.state().toString())
        .text("auto_scaling_group", box.group())
        .end();
  }
}
