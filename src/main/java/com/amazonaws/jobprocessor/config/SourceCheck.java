package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Entry.Pair;
import com.amazonaws.jobprocessor.config.Entry.Stray;
import com.amazonaws.jobprocessor.config.Values.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the entries of one source, each for itself: values, or problems. */
final class SourceCheck {
  private static final int LONGEST_WORD = 30;
  private static final int LONGEST_KEY = 80;
  private static final String COMMA = "a comma inside a value is written \\,";

  /** The beginning of a text up to what cannot belong to a name: {@code password:x} ends at ':'. */
  private static final Pattern FIRST_WORD =
      Pattern.compile("[^\\s\\p{L}\\p{N}]*[\\p{L}\\p{N}_.-]*");

  private static final Pattern KEY_FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]*");
  private static final Pattern PLAIN_KEY_FORM = Pattern.compile("[a-z][a-z0-9_.]*");

  /** What an entry may be the rest of, cut off by a comma that was meant as part of a value. */
  private enum Before {
    PLAIN,
    UNKNOWN,
    SECRET
  }

  private final String name;
  private final Map<String, Given> given = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private Before before = Before.PLAIN;

  SourceCheck(String name, List<Entry> entries) {
    this.name = Printable.line(name);
    for (Entry entry : entries) {
      // Not a switch: for one on types the JVM writes a class, and at every start anew.
      if (entry instanceof Pair pair) {
        check(pair);
      } else if (entry instanceof Stray stray) {
        refuse(stray);
      }
    }
  }

  /** The known pairs, by key. */
  Map<String, Given> given() {
    return given;
  }

  List<Problem> problems() {
    return problems;
  }

  /** A key as it may be shown: itself, or its first word, since behind that may be a secret. */
  static String shownKey(String key) {
    return hasForm(KEY_FORM, key) ? key : word(key);
  }

  private void check(Pair pair) {
    Setting setting = Setting.of(pair.key());
    if (setting == null) {
      refuseUnknown(pair);
      return;
    }
    before = Secrets.isSecretKey(pair.key()) ? Before.SECRET : Before.PLAIN;
    if (!setting.isAvailable()) {
      add(pair.key(), Setting.NOT_AVAILABLE + " (given in " + name + ")");
      return;
    }
    if (given.containsKey(pair.key())) {
      add(pair.key(), shown(pair) + " is given again at " + pair.place() + "; allowed: once");
    }
    String complaint = complaint(setting, pair.value());
    if (complaint != null) {
      add(pair.key(), shown(pair) + " " + complaint + "; allowed: " + setting.rule().allowed());
    }
    given.put(pair.key(), new Given(pair.value(), name, complaint == null));
  }

  private static @Nullable String complaint(Setting setting, String value) {
    if (value.isEmpty()) {
      return "is empty";
    }
    if (Printable.hasControl(value)) {
      return "has a control character";
    }
    return setting.rule().check().complaint(value);
  }

  private String shown(Pair pair) {
    boolean secret = Secrets.isSecretKey(pair.key());
    return (secret ? "the value" : Printable.quote(pair.value())) + " in " + name;
  }

  private void refuseUnknown(Pair pair) {
    String key = pair.key();
    String nearest = Nearest.to(key);
    if (before == Before.SECRET && !isPlainlyKey(key, nearest)) {
      add(
          pair.place() + " of " + name,
          "unknown setting, not shown because it follows a secret; " + COMMA);
    } else if (hasForm(KEY_FORM, key)) {
      add(key, "unknown setting in " + name + "; " + hint(key, nearest));
    } else {
      add(
          pair.place() + " of " + name,
          "unknown setting that begins with \"" + word(key) + "\"; " + hint(key, nearest));
    }
    before = afterUnknown(key, nearest);
  }

  private Before afterUnknown(String key, @Nullable String nearest) {
    if (Secrets.isSecretKey(key) || (nearest != null && Secrets.isSecretKey(nearest))) {
      return Before.SECRET;
    }
    if (nearest != null) {
      return Before.PLAIN;
    }
    return before == Before.SECRET ? Before.SECRET : Before.UNKNOWN;
  }

  private static boolean isPlainlyKey(String key, @Nullable String nearest) {
    return hasForm(PLAIN_KEY_FORM, key)
        && (nearest != null || key.startsWith(Setting.EXECUTOR_PREFIX));
  }

  private static String hint(String key, @Nullable String nearest) {
    if (key.startsWith(Setting.EXECUTOR_PREFIX)) {
      return "NAME in executor.NAME: 1 to 64 letters, digits, dots, - and _";
    }
    return nearest == null ? "--help lists all settings" : "did you mean " + nearest + "?";
  }

  private void refuse(Stray stray) {
    String place = stray.place() + " of " + name;
    String word = word(stray.text());
    if (stray.text().startsWith("=")) {
      add(place, "no key before \"=\"; allowed: key=value");
    } else if (before == Before.PLAIN) {
      add(place, "\"" + word + "\" begins no pair; allowed: key=value, and " + COMMA);
    } else {
      add(
          place,
          "no pair, not shown because it may be the rest of a secret; allowed: key=value, and "
              + COMMA);
    }
    if (Secrets.isSecretKey(word)) {
      before = Before.SECRET;
    }
  }

  private static String word(String text) {
    Matcher start = FIRST_WORD.matcher(text);
    String word = start.lookingAt() ? start.group() : "";
    return Printable.cut(Printable.line(word), LONGEST_WORD);
  }

  private static boolean hasForm(Pattern form, String key) {
    return key.length() <= LONGEST_KEY && form.matcher(key).matches();
  }

  private void add(String key, String text) {
    problems.add(Problem.of(key, text));
  }
}
