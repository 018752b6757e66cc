package com.amazonaws.jobprocessor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A table that lines up, in a terminal and in Markdown: the first column to the left. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... headings) {
    rows.add(List.of(headings));
  }

  void add(String... cells) {
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    List<Integer> widths =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(c -> rows.stream().mapToInt(row -> row.get(c).length()).max().orElse(0))
            .toList();
    StringBuilder text = new StringBuilder(line(rows.getFirst(), widths));
    text.append(line(rule(widths), widths));
    rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
    return text.toString();
  }

  private static List<String> rule(List<Integer> widths) {
    return IntStream.range(0, widths.size())
        .mapToObj(c -> c == 0 ? "-".repeat(widths.get(c)) : "-".repeat(widths.get(c) - 1) + ":")
        .toList();
  }

  private static String line(List<String> cells, List<Integer> widths) {
    return IntStream.range(0, cells.size())
        .mapToObj(c -> pad(cells.get(c), widths.get(c), c == 0))
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String pad(String cell, int width, boolean left) {
    String blanks = " ".repeat(width - cell.length());
    return left ? cell + blanks : blanks + cell;
  }
}
