package com.amazonaws.jobprocessor.cli;

/**
 * Says what is wrong, a line each: all of it, but for a terminal, where a million lines would drive
 * out what was said before.
 */
final class Complaints {
  private static final int MAX_ON_TERMINAL = 20;

  private final Subcommand command;
  private final long max = Terminal.isTerminal(2) ? MAX_ON_TERMINAL : Long.MAX_VALUE;
  private long count;

  Complaints(Subcommand command) {
    this.command = command;
  }

  void say(String what) {
    count++;
    if (count <= max) {
      command.say(what);
    } else if (count == max + 1) {
      command.say("... more of the same are counted only; with 2> FILE, all are in the file");
    }
  }
}
