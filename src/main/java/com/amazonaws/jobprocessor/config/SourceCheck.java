package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Entry.Pair;
import com.amazonaws.jobprocessor.config.Entry.Stray;
import com.amazonaws.jobprocessor.config.Values.Given;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks the entries of one source, each for itself: values, or problems. */
final class SourceCheck {
  private static final String RULE =
      "allowed: key=value; " + Hint.SEPARATORS + ", and a comma inside a value is written \\,";
  private static final String NOT_SHOWN = " (not shown, because it may hold a secret)";

  /** What an entry may be the rest of, cut off by a comma that was meant as part of a value. */
  private enum Before {
    KNOWN,
    UNKNOWN,
    SECRET
  }

  private final String name;
  private final Source source;
  private final List<Entry> entries;
  private final Map<String, Given> given = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> secretKeys = new ArrayList<>();
  private Before before = Before.KNOWN;
  private @Nullable Quotable quotable;

  /**
   * Checks a source.
   *
   * @param entries those found in its text
   */
  SourceCheck(Source source, List<Entry> entries) {
    this.source = source;
    this.entries = entries;
    name = Printable.line(source.name());
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

  /** What is accepted but probably not meant. */
  List<String> warnings() {
    return warnings;
  }

  /** The secret keys given, as they may be shown: a key, or the place of one in doubt. */
  List<String> secretKeys() {
    return secretKeys;
  }

  private void check(Pair pair) {
    String key = pair.key();
    Setting setting = Setting.of(key);
    if (setting == null) {
      refuseUnknown(pair);
      return;
    }
    check(setting, pair);
    if (Secrets.isSecretKey(key)) {
      secretKeys.add(key);
    }
    boolean secret = Secrets.isSecretKey(key) || Secrets.mentions(pair.value());
    before = secret ? Before.SECRET : Before.KNOWN;
  }

  private void check(Setting setting, Pair pair) {
    String key = pair.key();
    String value = pair.value();
    if (given.containsKey(key)) {
      add(key, shown(pair) + " is given again at " + pair.place() + "; allowed: once");
    }
    String complaint = complaint(setting, value);
    if (complaint != null) {
      String hint = Hint.of(setting, value);
      String allowed = "; allowed: " + setting.rule().allowed();
      add(key, shown(pair) + " " + complaint + allowed + hint);
    } else if (setting == Setting.EXECUTOR_NAME) {
      warnOfPairsIn(pair);
    }
    String resolved = setting == Setting.JOB_EXECUTOR ? OwnExecutors.resolve(value) : value;
    given.put(key, new Given(resolved, name, complaint == null));
  }

  private String shown(Pair pair) {
    boolean secret = Secrets.isSecretKey(pair.key());
    return (secret ? "the value" : quotable().value(pair.value())) + " in " + name;
  }

  /** Made when there is something to be said: a start that goes well needs none. */
  private Quotable quotable() {
    Quotable made = quotable == null ? new Quotable(source.text(), entries) : quotable;
    quotable = made;
    return made;
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

  /** Executors take any text, so also one that has swallowed the pairs behind another separator. */
  private void warnOfPairsIn(Pair pair) {
    for (Setting setting : Setting.values()) {
      int at = pair.value().indexOf(setting.key() + "=");
      if (at > 0 && !Character.isLetterOrDigit(pair.value().charAt(at - 1))) {
        warnings.add(
            "%s: the value in %s contains \"%s=\"; %s"
                .formatted(pair.key(), name, setting.key(), Hint.SEPARATORS));
      }
    }
  }

  private void refuseUnknown(Pair pair) {
    String key = pair.key();
    String nearest = nearest(key);
    boolean near = nearest != null || key.startsWith(Setting.EXECUTOR_PREFIX);
    boolean inDoubt = before == Before.SECRET || Secrets.mentions(pair.value());
    boolean shown = quotable().mayShowKey(key, near) && (near || !inDoubt);
    String place = pair.place() + " of " + name;
    if (shown) {
      add(key, "unknown setting in " + name + "; " + hint(key, nearest));
    } else {
      add(place, "unknown setting" + NOT_SHOWN + "; " + hint(key, nearest));
    }
    boolean secret = Secrets.isSecretKey(key) || (nearest != null && Secrets.isSecretKey(nearest));
    if (secret) {
      secretKeys.add(shown ? key : nearest != null ? nearest : place);
    }
    before = afterUnknown(secret || Secrets.mentions(pair.value()), nearest);
  }

  private Before afterUnknown(boolean secret, @Nullable String nearest) {
    if (secret) {
      return Before.SECRET;
    }
    if (nearest != null) {
      return Before.KNOWN;
    }
    return before == Before.SECRET ? Before.SECRET : Before.UNKNOWN;
  }

  /** The known key that a text probably means, if its name may be shown. */
  private @Nullable String nearest(String text) {
    String nearest = Nearest.to(text);
    return nearest == null || quotable().mayShowKey(nearest, true) ? nearest : null;
  }

  private static String hint(String key, @Nullable String nearest) {
    if (key.startsWith(Setting.EXECUTOR_PREFIX)) {
      return "NAME in executor.NAME has 1 to 64 letters, digits, dots, - and _";
    }
    return nearest == null ? "--help lists all settings" : "did you mean " + nearest + "?";
  }

  private void refuse(Stray stray) {
    String place = stray.place() + " of " + name;
    if (stray.text().startsWith("=")) {
      add(place, "no key before \"=\"; allowed: key=value");
      return;
    }
    String quoted = before == Before.KNOWN ? quotable().stray(stray.text()) : null;
    String nearest = nearest(stray.text());
    add(
        place,
        (quoted == null ? "no key=value pair" + NOT_SHOWN : quoted + " begins no key=value pair")
            + (nearest == null ? "" : "; did you mean " + nearest + "=...?")
            + "; "
            + RULE);
    if (Secrets.mentions(stray.text())) {
      before = Before.SECRET;
    }
  }

  private void add(String key, String text) {
    problems.add(Problem.of(key, text));
  }
}
