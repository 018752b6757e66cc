package com.amazonaws.jobprocessor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds in a text what follows a name that tells of a secret: {@code token=x}, {@code key: x},
 * {@code --password x}.
 *
 * <p>Other words have such a name in them by chance: {@code python3 /opt/tokenizer.py input} and
 * {@code turkey list} are no secrets, and a setting that was taken for one would be hidden wherever
 * its words stand in a log. So beside a value that is only parted by a blank, a name is taken for
 * one if it is an option, or looks like a setting's key and not like a program's or file's name.
 * What is in doubt is a secret.
 */
final class GivenSecrets {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

  /** The words of a name, in camel case or not: {@code api}, {@code Key}. */
  private static final Pattern WORD = Pattern.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+");

  private static final Pattern LETTERS = Pattern.compile("[A-Za-z]+");

  /** Words that mean nothing else, even alone and before a blank. */
  private static final String UNMISTAKABLE = "(?:secret|password|passwd|passphrase|pwd)s?";

  private static final Pattern OWN_WORD = Pattern.compile("(?:token|key)s?|" + UNMISTAKABLE);
  private static final Pattern ALONE = Pattern.compile(UNMISTAKABLE);

  /** As part of a word: {@code apikey}, {@code mypassword1}, {@code secretly}. */
  private static final Pattern PART =
      Pattern.compile(".*(?:token|key|pwd|passwd)s?|.*(?:secret|password|passphrase).*|pwd.*");

  /** A key of a setting, rather than the name of a program: those have dashes. */
  private static final Pattern COMPOUND =
      Pattern.compile(".*[A-Za-z0-9][_.][A-Za-z0-9].*|.*[a-z][A-Z].*");

  private static final Pattern FILE = Pattern.compile(".+\\.([a-z][a-z0-9]{0,4})");

  private static final String VALUE = "([^\\s\"'&;,|]+)";
  private static final Pattern GIVES = Pattern.compile("[\"'\\s]{0,9}[=:][\"'\\s]{0,9}" + VALUE);
  private static final Pattern BESIDE = Pattern.compile("[\"'\\s]{1,9}(?!-)" + VALUE);

  private GivenSecrets() {}

  /** What may be a secret, in the order of the text. */
  static List<String> in(String text) {
    List<String> found = new ArrayList<>();
    Matcher name = NAME.matcher(text);
    while (name.find()) {
      Matcher gives = GIVES.matcher(text).region(name.end(), text.length());
      Matcher beside = BESIDE.matcher(text).region(name.end(), text.length());
      if (gives.lookingAt() && hasPart(name.group())) {
        found.add(gives.group(1));
      } else if (beside.lookingAt() && isBesideValue(name.group(), isInPath(text, name.start()))) {
        found.add(beside.group(1));
      }
    }
    return found;
  }

  private static boolean isInPath(String text, int at) {
    return at > 0 && text.charAt(at - 1) == '/';
  }

  private static boolean isBesideValue(String name, boolean inPath) {
    if (name.startsWith("-")) {
      return hasPart(name);
    }
    Matcher file = FILE.matcher(name);
    if (inPath || (file.matches() && !OWN_WORD.matcher(file.group(1)).matches())) {
      return false;
    }
    return COMPOUND.matcher(name).matches()
        ? has(name, WORD, OWN_WORD) || has(name, LETTERS, OWN_WORD)
        : ALONE.matcher(name.toLowerCase(Locale.ROOT)).matches();
  }

  private static boolean hasPart(String name) {
    return has(name, WORD, PART) || has(name, LETTERS, PART);
  }

  private static boolean has(String name, Pattern words, Pattern wanted) {
    Matcher word = words.matcher(name);
    while (word.find()) {
      if (wanted.matcher(word.group().toLowerCase(Locale.ROOT)).matches()) {
        return true;
      }
    }
    return false;
  }
}
