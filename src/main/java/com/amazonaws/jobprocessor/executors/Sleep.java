package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sleeps: the job is {@code sleep 250} or {@code 250}, in milliseconds, 0 to 43,200,000 (twelve
 * hours); anything else fails for good. The result is {@code slept 250 ms}. Takes no settings.
 */
public final class Sleep implements JobExecutor {
  private static final Pattern JOB = Pattern.compile("\\s*(?:sleep\\s+)?([0-9]{1,9})\\s*");
  private static final int LONGEST_MILLIS = 43_200_000;

  /** For the executor loader. */
  public Sleep() {}

  @Override
  public String execute(String jobDefinition) throws InterruptedException {
    Matcher job = JOB.matcher(jobDefinition);
    if (!job.matches() || Integer.parseInt(job.group(1)) > LONGEST_MILLIS) {
      throw new PermanentJobFailure(
          "not a job for Sleep: allowed are \"sleep N\" and \"N\", with N from 0 to "
              + LONGEST_MILLIS
              + " milliseconds");
    }
    int millis = Integer.parseInt(job.group(1));
    Thread.sleep(millis);
    return "slept " + millis + " ms";
  }
}
