package com.amazonaws.jobprocessor.daemon;

import java.util.List;

/**
 * The worker cannot start: says so in lines for standard error, and with which status the process
 * ends.
 */
final class StartRefused extends Exception {
  private static final long serialVersionUID = 1L;

  /** Settings that cannot work (sysexits.h: EX_CONFIG): starting again will not help. */
  static final int BAD_SETTINGS = 78;

  private final int status;
  private final transient List<String> lines;

  private StartRefused(int status, List<String> lines) {
    super(String.join("; ", lines));
    this.status = status;
    this.lines = List.copyOf(lines);
  }

  static StartRefused badSettings(String... lines) {
    return badSettings(List.of(lines));
  }

  static StartRefused badSettings(List<String> lines) {
    return new StartRefused(BAD_SETTINGS, lines);
  }

  int status() {
    return status;
  }

  List<String> lines() {
    return lines;
  }
}
