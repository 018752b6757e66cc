package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads JSON Lines, as packs have them. */
public final class JsonLines {
  private JsonLines() {}

  /** The named members of each line, as texts. */
  public static List<List<String>> read(String text, String... names) {
    List<List<String>> lines = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      if (!line.isBlank()) {
        JsonObject object = JsonParser.parse(line);
        lines.add(Arrays.stream(names).map(object::need).toList());
      }
    }
    return lines;
  }
}
