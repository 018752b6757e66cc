package com.amazonaws.jobprocessor.config;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a setting may be.
 *
 * @param allowed the range in words, for the table and for problems
 * @param check finds what is wrong with a value
 */
record Rule(String allowed, Check check) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern NEGATIVE = Pattern.compile("-[0-9]+");
  private static final Pattern CREDENTIAL = Pattern.compile("[!-~&&[^\"'`;|&<>(){}\\[\\]]]+");
  private static final Pattern TOKEN = Pattern.compile("[!-~]{16,}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]{2,16}){1,3}-[0-9]{1,2}");

  /** SQS's rule (CreateQueue in its API reference): the ending .fifo counts towards the 80. */
  private static final Pattern QUEUE_NAME = Pattern.compile("(?=.{1,80}$)[A-Za-z0-9_-]+(\\.fifo)?");

  private static final Pattern TABLE_NAME = Pattern.compile("[A-Za-z0-9_.-]{3,255}");
  private static final Pattern BUCKET_NAME =
      Pattern.compile("(?!.*\\.\\.)(?!([0-9]+\\.){3}[0-9]+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern IDENTIFIER =
      Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");

  /** Finds what is wrong with a value. */
  @FunctionalInterface
  interface Check {
    /** What is wrong, as the end of a sentence that begins with the value; null if nothing is. */
    @Nullable String complaint(String value);
  }

  /** Plain decimal digits: no sign, no fraction, no exponent, no other script's digits. */
  static Rule wholeNumber(int min, int max) {
    return wholeNumber(grouped(min) + " to " + grouped(max), min, max);
  }

  /** As above, with the range in other words. */
  static Rule wholeNumber(String allowed, int min, int max) {
    return new Rule(
        allowed,
        value -> {
          if (NEGATIVE.matcher(value).matches()) {
            return "is out of range";
          }
          if (!DIGITS.matcher(value).matches()) {
            return "is not a whole number in plain digits";
          }
          return isWithin(value, min, max) ? null : "is out of range";
        });
  }

  /** As {@code "%,d"} has it, which would load the JDK's locales at each start: 50 ms. */
  private static String grouped(int number) {
    StringBuilder digits = new StringBuilder(Integer.toString(number));
    for (int i = digits.length() - 3; i > 0; i -= 3) {
      digits.insert(i, ',');
    }
    return digits.toString();
  }

  private static boolean isWithin(String digits, int min, int max) {
    int zeros = 0;
    while (zeros < digits.length() - 1 && digits.charAt(zeros) == '0') {
      zeros++;
    }
    // Ten digits fit a long; more of them are beyond every range.
    String plain = digits.substring(zeros);
    return plain.length() <= 10 && Long.parseLong(plain) >= min && Long.parseLong(plain) <= max;
  }

  /** One of these words, in lower case. */
  static Rule oneOf(String... words) {
    String allowed = String.join(", ", words);
    return new Rule(
        allowed, value -> List.of(words).contains(value) ? null : "is none of the words allowed");
  }

  /**
   * Part of AWS credentials. Quotes, blanks and separators are never part of one: they come from a
   * shell, JSON, or pairs that another character separates.
   */
  static Rule credential(String allowed) {
    return new Rule(
        allowed,
        matching(CREDENTIAL, "has a quote, a blank or another character that AWS keys never have"));
  }

  /** What a form, a header and a comma-separated text can carry as it is; blanks are lost there. */
  static Rule token() {
    return new Rule(
        "16 characters or more: ASCII, without blanks",
        matching(TOKEN, "is too short, or has a blank or a character that is not ASCII"));
  }

  static Rule region() {
    return new Rule(
        "a region's form, such as us-east-1", matching(REGION, "does not look like a region"));
  }

  static Rule queueName() {
    return new Rule(
        "1 to 80 letters, digits, - and _, with or without .fifo at the end;"
            + " three different names; all .fifo or none",
        matching(QUEUE_NAME, "is not a valid queue name"));
  }

  /** Naming rules, DynamoDB developer guide. */
  static Rule tableName() {
    return new Rule(
        "3 to 255 letters, digits, -, _ and dots",
        matching(TABLE_NAME, "is not a valid table name"));
  }

  /** Bucket naming rules, S3 user guide, without the reserved prefixes and suffixes. */
  static Rule bucketName() {
    return new Rule(
        "3 to 63 lower-case letters, digits, - and dots; a letter or digit at both ends",
        matching(BUCKET_NAME, "is not a valid bucket name"));
  }

  /**
   * An address, not a name: what a name stands for changes, and is not known before the network.
   */
  static Rule address() {
    return new Rule(
        "an IPv4 or IPv6 address", value -> IpAddress.isOne(value) ? null : "is not an address");
  }

  static Rule className() {
    return new Rule(
        "a loadable class",
        // Part by part: one pattern for the whole name overflows the stack on a long one.
        value ->
            Arrays.stream(value.split("\\.", -1)).allMatch(p -> IDENTIFIER.matcher(p).matches())
                ? null
                : "is not a valid class name");
  }

  /** Any text but the empty one. */
  static Rule text(String allowed) {
    return new Rule(allowed, _ -> null);
  }

  private static Check matching(Pattern form, String complaint) {
    return value -> form.matcher(value).matches() ? null : complaint;
  }
}
