package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class RedrawingTest {
  private final StringWriter out = new StringWriter();

  private Redrawing on(int rows, int columns) {
    return new Redrawing(new PrintWriter(out), new Terminal.Size(rows, columns));
  }

  @Test
  void what_fits_is_drawn_over() {
    Redrawing drawn = on(4, 80);
    drawn.draw("a\nb\nc\n", "brief\n");
    drawn.draw("d\n", "brief\n");

    assertEquals("a\nb\nc\n\u001b[3A\u001b[Jd\n", out.toString());
  }

  /** What is above the terminal's first line would stay, and the next be drawn below it. */
  @Test
  void of_what_does_not_fit_the_brief_is_drawn() {
    Redrawing drawn = on(3, 80);
    drawn.draw("a\nb\nc\n", "brief\n");
    drawn.draw("d\ne\n", "brief\n");

    assertEquals("brief\n\u001b[1A\u001b[Jd\ne\n", out.toString());
  }

  @Test
  void a_line_that_is_too_long_takes_several() {
    Redrawing drawn = on(4, 5);
    drawn.draw("12345\n123456\n", "brief\n");
    drawn.draw("12345\n12345678901\n", "12345\n");

    assertEquals("12345\n123456\n\u001b[3A\u001b[J12345\n", out.toString());
  }

  @Test
  void nothing_is_drawn_over_where_not_even_the_brief_fits() {
    Redrawing drawn = on(1, 80);
    drawn.draw("a\nb\n", "brief\n");
    drawn.draw("a\nc\n", "brief\n");

    assertEquals("brief\nbrief\n", out.toString());
  }

  @Test
  void the_size_is_what_stty_says_and_else_as_usual() {
    assertEquals(new Terminal.Size(10, 132), Terminal.Size.parse("10 132"));
    assertEquals(new Terminal.Size(24, 80), Terminal.Size.parse("0 0"));
    assertEquals(new Terminal.Size(24, 80), Terminal.Size.parse(""));
  }
}
