package com.amazonaws.jobprocessor.cost;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A line of a price file.
 *
 * @param key empty for a comment or a blank line
 * @param problem why the line cannot be used, or null
 */
record PriceLine(String key, String value, @Nullable String problem) {
  /** Dollars; so many digits and no exponent, so that no value takes long to add up. */
  private static final Pattern DOLLARS = Pattern.compile("[0-9]{1,7}(\\.[0-9]{1,12})?");

  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2,3}(-[a-z]{2,12}){1,3}-[0-9]");
  private static final Pattern INSTANCE =
      Pattern.compile("(instance|spot)\\.[a-z][a-z0-9-]{0,20}\\.[a-z0-9-]{1,20}");
  private static final int LONGEST = 60;

  /** The keys that a whole list has. */
  static List<String> fixedKeys() {
    List<String> keys = new ArrayList<>(List.of(Prices.AS_OF, Prices.REGION));
    for (Price price : Price.values()) {
      keys.add(price.key());
    }
    return keys;
  }

  static PriceLine of(String raw) {
    String text = raw.strip();
    if (text.isEmpty() || text.startsWith("#")) {
      return new PriceLine("", "", null);
    }
    int equals = text.indexOf('=');
    if (equals < 0) {
      return new PriceLine("", "", quoted(text) + " is no pair key = value");
    }
    String key = text.substring(0, equals).strip();
    String value = text.substring(equals + 1).strip();
    return new PriceLine(key, value, problem(key, value));
  }

  boolean isBlank() {
    return key.isEmpty();
  }

  private static @Nullable String problem(String key, String value) {
    if (key.equals(Prices.AS_OF)) {
      return isDate(value) ? null : key + ": a date such as 2026-11-24, not " + quoted(value);
    }
    if (key.equals(Prices.REGION)) {
      return REGION.matcher(value).matches()
          ? null
          : key + ": a region such as us-east-1, not " + quoted(value);
    }
    if (Price.named(key).isEmpty() && !INSTANCE.matcher(key).matches()) {
      return quoted(key) + " is no price that is known";
    }
    return DOLLARS.matcher(value).matches()
        ? null
        : key + ": a number of dollars such as 0.40, not " + quoted(value);
  }

  private static boolean isDate(String value) {
    try {
      return DATE.matcher(value).matches() && LocalDate.parse(value).getYear() > 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static String quoted(String text) {
    return '"' + (text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...") + '"';
  }
}
