package com.amazonaws.jobprocessor.boss.store;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The id of a job in SQS: which database, which task, which run of it. Sent twice, it is the same.
 *
 * @param database random, so that what is left in the queues by another database is not taken for
 *     ours
 */
public record JobId(String database, long task, int run) {
  private static final Pattern FORM =
      Pattern.compile("([0-9a-f]{8})-([1-9][0-9]{0,17})-([1-9][0-9]{0,8})");

  /** The job id of a text, if it has our form. */
  public static Optional<JobId> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? Optional.of(
            new JobId(
                matcher.group(1),
                Long.parseLong(matcher.group(2)),
                Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /** The attribute {@code job_id}. */
  public String text() {
    return database + "-" + task + "-" + run;
  }
}
