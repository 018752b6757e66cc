package com.amazonaws.jobprocessor.cli;

import java.util.function.IntConsumer;
import sun.misc.Signal;

/**
 * What asks the process to end: see docs/adr/0004. Compiled alone, since javac warns of it and no
 * annotation stops that.
 */
final class Signals {
  private Signals() {}

  /**
   * Has SIGTERM, SIGINT and SIGHUP run this, each time on a thread of its own, instead of ending
   * the JVM.
   *
   * @param onSignal is told its number
   */
  static void handle(IntConsumer onSignal) {
    for (String name : new String[] {"TERM", "INT", "HUP"}) {
      Signal.handle(new Signal(name), signal -> onSignal.accept(signal.getNumber()));
    }
  }
}
