package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.cost.Prices;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads price lists: the one that comes with the program, and a user's over it. */
final class PriceList {
  private static final int LONGEST_FILE = 64 * 1024;
  private static final int MAX_PROBLEMS = 20;

  private PriceList() {}

  /** Why a file cannot be used: a line each. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> lines;

    Refused(List<String> lines) {
      super(String.join("\n", lines));
      this.lines = lines;
    }

    List<String> lines() {
      return lines;
    }
  }

  /** The text that comes with the program, comments and all. */
  static String builtIn() throws IOException {
    try (InputStream in = PriceList.class.getResourceAsStream(Prices.RESOURCE)) {
      if (in == null) {
        throw new IOException("the program has lost " + Prices.RESOURCE);
      }
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  /** The list that comes with the program, and below it what a file, or null, puts in its place. */
  static String text(Path file) throws IOException, Refused {
    return file == null
        ? builtIn()
        : builtIn() + "\n# Prices of " + Text.oneLine(file.toString()) + ":\n" + textOf(file);
  }

  /**
   * The prices.
   *
   * @param file with prices in place of those that come with the program, or null
   * @throws Refused if the file cannot be used
   */
  static Prices read(Path file) throws IOException, Refused {
    Prices prices = Prices.read(builtIn()).prices();
    return file == null ? prices : overridden(prices, file);
  }

  private static Prices overridden(Prices prices, Path file) throws Refused {
    Prices.Read read = prices.overriddenBy(textOf(file));
    List<String> problems = read.problems();
    if (!problems.isEmpty()) {
      List<String> lines =
          new java.util.ArrayList<>(
              problems.stream()
                  .limit(MAX_PROBLEMS)
                  .map(problem -> "--prices " + file + ": " + problem)
                  .toList());
      if (problems.size() > MAX_PROBLEMS) {
        lines.add("--prices " + file + ": ... and " + (problems.size() - MAX_PROBLEMS) + " more");
      }
      throw new Refused(lines);
    }
    return read.prices();
  }

  private static String textOf(Path file) throws Refused {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        throw refused(file, "more than 64 KiB");
      }
      return new String(bytes, UTF_8);
    } catch (IOException e) {
      throw refused(file, Failures.reason(e));
    }
  }

  private static Refused refused(Path file, String why) {
    return new Refused(List.of("--prices " + file + ": " + why));
  }
}
