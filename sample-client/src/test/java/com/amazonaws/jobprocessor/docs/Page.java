package com.amazonaws.jobprocessor.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A page of the documentation.
 *
 * @param file absolute
 * @param text in Markdown
 */
public record Page(Path file, String text) {
  private static final String FENCE = "```";

  /**
   * A fenced block of code.
   *
   * @param line where it begins, from 1
   * @param language the first word behind the fence, such as {@code bash}
   * @param mark the second word, which says who runs it; empty if there is none
   */
  public record Block(Page page, int line, String language, String mark, String text) {
    boolean is(String aLanguage, String aMark) {
      return language.equals(aLanguage) && mark.equals(aMark);
    }

    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  /** The checkout's root, wherever in it the tests run. */
  public static Path root() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("docs/adr"))) {
        return folder;
      }
    }
    throw new AssertionError("not within a checkout: " + Path.of("").toAbsolutePath());
  }

  /** One page, by its path from the root. */
  public static Page of(String path) {
    return read(root().resolve(path));
  }

  /** All pages for users and contributors. */
  public static List<Page> all() {
    List<Page> pages = new ArrayList<>(List.of(of("README.md"), of("CONTRIBUTING.md")));
    for (String folder : List.of("docs", "docs/adr", "bench", "lib")) {
      try (Stream<Path> files = Files.list(root().resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .sorted()
            .forEach(file -> pages.add(read(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return pages;
  }

  /** Any file. */
  static Page read(Path file) {
    try {
      return new Page(file, Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The fenced blocks, in their order. */
  public List<Block> blocks() {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().startsWith(FENCE)) {
        int begin = i;
        int indent = lines.get(i).indexOf(FENCE);
        StringBuilder code = new StringBuilder();
        for (i++; !lines.get(i).strip().equals(FENCE); i++) {
          code.append(lines.get(i).substring(Math.min(indent, lines.get(i).length()))).append('\n');
        }
        String[] words = (lines.get(begin).strip().substring(FENCE.length()) + "  ").split(" ", 3);
        blocks.add(new Block(this, begin + 1, words[0], words[1], code.toString()));
      }
    }
    return blocks;
  }

  /** What matches an expression, blocks of code included. */
  List<MatchResult> find(Pattern pattern) {
    return pattern.matcher(text).results().toList();
  }

  /** The first group of all that matches an expression, blocks of code included. */
  public List<String> all(String regex) {
    return find(Pattern.compile(regex)).stream().map(found -> found.group(1)).toList();
  }

  /** The text without its fenced blocks. */
  public String prose() {
    return text.replaceAll("(?ms)^ *```.*?^ *```$", "");
  }

  /** What stands under a heading, up to the next one of the same or a higher level. */
  public String section(String heading) {
    List<String> lines = text.lines().toList();
    int begin = 0;
    while (!lines.get(begin).matches("#+ " + heading)) {
      begin++;
    }
    int level = lines.get(begin).indexOf(' ');
    return lines.stream()
        .skip(begin + 1L)
        .takeWhile(line -> !line.matches("#{1," + level + "} .*"))
        .collect(Collectors.joining("\n"));
  }

  /** The anchors of the headings, as GitHub makes them. */
  public List<String> anchors() {
    return prose()
        .lines()
        .filter(line -> line.matches("#+ .*"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @Override
  public String toString() {
    return root().relativize(file).toString();
  }
}
