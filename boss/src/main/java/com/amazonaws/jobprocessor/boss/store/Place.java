package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list of tasks, between two of them.
 *
 * @param time of the change in a list by changes, null in one by id
 */
public record Place(@Nullable Instant time, long id) {
  /** Years of four digits: databases know no others. */
  private static final Pattern FORM = Pattern.compile("(?:([0-9]{4}-.{15,25})_)?([0-9]{1,18})");

  /** In the order of a list by ids or of one by changes, the older first. */
  static final Comparator<Place> ORDER =
      Comparator.comparing((Place place) -> Optional.ofNullable(place.time()).orElse(Instant.EPOCH))
          .thenComparingLong(Place::id);

  /** As a URL has it. */
  public String text() {
    return time == null ? Long.toString(id) : time + "_" + id;
  }

  /** The place of a text, if it is one. */
  public static Optional<Place> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      String time = matcher.group(1);
      return Optional.of(
          new Place(time == null ? null : Instant.parse(time), Long.parseLong(matcher.group(2))));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
