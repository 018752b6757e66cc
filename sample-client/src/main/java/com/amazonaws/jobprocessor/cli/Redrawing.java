package com.amazonaws.jobprocessor.cli;

import java.io.PrintWriter;

/** What stands on a terminal and is drawn again where it stands, if there is room for that. */
final class Redrawing {
  private final PrintWriter out;
  private final Terminal.Size size;
  private int linesDrawn;

  Redrawing(PrintWriter out, Terminal.Size size) {
    this.out = out;
    this.size = size;
  }

  /**
   * Draws over what was drawn before.
   *
   * @param whole lines
   * @param brief what is drawn instead if the terminal has too few lines for the whole
   */
  void draw(String whole, String brief) {
    if (linesDrawn > 0) {
      out.print("\u001b[" + linesDrawn + "A\u001b[J"); // up, and clear what is below
    }
    String drawn = fits(whole) ? whole : brief;
    out.print(drawn);
    // What has left the terminal at its top cannot be drawn over.
    linesDrawn = fits(drawn) ? linesOf(drawn) : 0;
  }

  /** The cursor stands in the line below. */
  private boolean fits(String drawn) {
    return linesOf(drawn) < size.rows();
  }

  /** How many lines of the terminal a text takes, some of which may be longer than these. */
  private int linesOf(String drawn) {
    return drawn
        .lines()
        .mapToInt(line -> 1 + Math.max(0, Text.length(line) - 1) / size.columns())
        .sum();
  }
}
