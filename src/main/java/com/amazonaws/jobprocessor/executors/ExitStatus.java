package com.amazonaws.jobprocessor.executors;

import java.util.Map;

/** Exit statuses in words: a signal by its name on Linux. */
final class ExitStatus {
  private static final int SIGNALLED = 128;
  private static final int FIRST_REAL_TIME = 34;
  private static final int LAST_REAL_TIME = 64;

  /** Those of x86 and ARM that end a process; none that stop it, wake it or are ignored. */
  private static final Map<Integer, String> DEADLY =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(10, "SIGUSR1"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(12, "SIGUSR2"),
          Map.entry(13, "SIGPIPE"),
          Map.entry(14, "SIGALRM"),
          Map.entry(15, "SIGTERM"),
          Map.entry(16, "SIGSTKFLT"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(25, "SIGXFSZ"),
          Map.entry(26, "SIGVTALRM"),
          Map.entry(27, "SIGPROF"),
          Map.entry(29, "SIGIO"),
          Map.entry(30, "SIGPWR"),
          Map.entry(31, "SIGSYS"));

  private ExitStatus() {}

  /**
   * "exit status 3", or "killed by SIGKILL (exit status 137)": 128 and the signal's number is what
   * the JDK says of a process that a signal has ended, and what a shell says of its command.
   */
  static String inWords(int status) {
    String plain = "exit status " + status;
    String signal = signal(status - SIGNALLED);
    return signal.isEmpty() ? plain : "killed by " + signal + " (" + plain + ")";
  }

  /** As {@code kill -l} of bash names it; empty if there is no such signal, or it ends nothing. */
  private static String signal(int number) {
    int middle = (FIRST_REAL_TIME + LAST_REAL_TIME) / 2;
    if (number == FIRST_REAL_TIME) {
      return "SIGRTMIN";
    }
    if (number == LAST_REAL_TIME) {
      return "SIGRTMAX";
    }
    if (number > FIRST_REAL_TIME && number < LAST_REAL_TIME) {
      return number <= middle
          ? "SIGRTMIN+" + (number - FIRST_REAL_TIME)
          : "SIGRTMAX-" + (LAST_REAL_TIME - number);
    }
    return DEADLY.getOrDefault(number, "");
  }
}
