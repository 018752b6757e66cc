package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts dead letters by their errors. */
final class LetterErrors {
  private static final int MAX_MESSAGE = 300;
  private static final int MAX_KINDS = 5;

  /** What letters of one kind of error have in common: the first of them, and how many they are. */
  private record Kind(String type, String jobId, String message, long count) {}

  private final Map<String, Kind> kinds = new TreeMap<>();
  private long count;

  /** The class of an error without its package. */
  static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }

  void add(Delivery letter) {
    String type = Messages.text(letter, MessageFormat.ERROR_TYPE);
    Kind first =
        new Kind(
            type, Messages.jobId(letter), Messages.text(letter, MessageFormat.ERROR_MESSAGE), 1);
    kinds.merge(
        type,
        first,
        (known, _) -> new Kind(type, known.jobId(), known.message(), known.count() + 1));
    count++;
  }

  long count() {
    return count;
  }

  private List<Kind> mostFirst() {
    List<Kind> sorted = new ArrayList<>(kinds.values());
    sorted.sort(Comparator.comparingLong(kind -> -kind.count()));
    return sorted;
  }

  /** The counts in words, e.g. {@code 2 IOException, 1 PayloadMissing}. */
  String inWords() {
    List<Kind> sorted = mostFirst();
    String words =
        sorted.stream()
            .limit(MAX_KINDS)
            .map(kind -> kind.count() + " " + name(kind.type()))
            .collect(Collectors.joining(", "));
    return words
        + (sorted.size() > MAX_KINDS ? ", " + (sorted.size() - MAX_KINDS) + " other errors" : "");
  }

  private static String name(String type) {
    return type.isEmpty() ? "(without an error)" : Text.cell(simpleName(type), 60);
  }

  Table table() {
    Table table =
        new Table(
            List.of(
                Table.Column.number("COUNT"),
                Table.Column.of("ERROR"),
                Table.Column.of("FIRST_JOB_ID"),
                Table.Column.shrinking("ITS_MESSAGE")));
    for (Kind kind : mostFirst()) {
      table.add(
          List.of(
              Long.toString(kind.count()),
              name(kind.type()),
              Text.cell(kind.jobId(), 40),
              Text.cell(kind.message(), MAX_MESSAGE)));
    }
    return table;
  }

  /** A JSON object for each kind. */
  List<String> objects() {
    return mostFirst().stream()
        .map(
            kind ->
                new JsonLine()
                    .text(MessageFormat.ERROR_TYPE, kind.type())
                    .number("count", kind.count())
                    .text("first_job_id", kind.jobId())
                    .text("first_error_message", kind.message())
                    .end())
        .toList();
  }
}
