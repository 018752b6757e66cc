package com.amazonaws.jobprocessor.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * How long the tests of all projects wait for what must come, whichever of them is loaded first: a
 * minute, since a machine may be busy, and looking ever so often.
 */
public final class WaitsOfTests implements LauncherSessionListener {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** In milliseconds; set for unit tests, where a look costs nothing. */
  private static final String INTERVAL = "jobprocessor.tests.look.millis";

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(LONGEST);
    Integer millis = Integer.getInteger(INTERVAL);
    if (millis != null) {
      Awaitility.setDefaultPollDelay(Duration.ZERO);
      Awaitility.setDefaultPollInterval(Duration.ofMillis(millis));
    }
  }
}
