package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** Rows whose columns line up, and which fit the terminal. */
final class Table {
  private static final String GAP = "  ";
  private static final int NARROWEST = 12;

  /**
   * A column.
   *
   * @param right true if its cells end at the same place, as numbers do
   * @param shrinks true if the middle of its cells may be left out for others to have room
   */
  record Column(String title, boolean right, boolean shrinks) {
    static Column of(String title) {
      return new Column(title, false, false);
    }

    static Column number(String title) {
      return new Column(title, true, false);
    }

    static Column shrinking(String title) {
      return new Column(title, false, true);
    }
  }

  private final List<Column> columns;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<Column> columns) {
    this.columns = columns;
    rows.add(columns.stream().map(Column::title).toList());
  }

  /** Adds a row, a cell for each column, of printable characters. */
  void add(List<String> cells) {
    rows.add(cells);
  }

  /** True if there is nothing below the titles. */
  boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Prints titles and rows in lines of at most so many characters, if that can be had. */
  void print(PrintWriter out, int maxWidth) {
    int[] widths = widths(maxWidth);
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String cell = Printable.cutMiddle(row.get(i), widths[i]);
        line.append(i == 0 ? "" : GAP)
            .append(
                columns.get(i).right() ? Text.padLeft(cell, widths[i]) : Text.pad(cell, widths[i]));
      }
      out.println(line.toString().stripTrailing());
    }
  }

  private int[] widths(int maxWidth) {
    int[] widths = new int[columns.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], Math.max(1, Text.length(row.get(i))));
      }
    }
    long excess = -maxWidth + (long) GAP.length() * (widths.length - 1);
    for (int width : widths) {
      excess += width;
    }
    for (; excess > 0; excess--) {
      int widest = widest(widths);
      if (widest < 0) {
        return widths;
      }
      widths[widest]--;
    }
    return widths;
  }

  /** The column to take from; -1 if none can give. */
  private int widest(int[] widths) {
    int widest = -1;
    for (int i = 0; i < widths.length; i++) {
      if (columns.get(i).shrinks()
          && widths[i] > NARROWEST
          && (widest < 0 || widths[i] > widths[widest])) {
        widest = i;
      }
    }
    return widest;
  }
}
