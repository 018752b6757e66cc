package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How large the files and the constructors of all projects may be, but for their tests. */
class SourceSizesTest {
  private static final int MAX_LINES = 300;
  private static final int MAX_ARGUMENTS = 6;

  /** Records are read by name. */
  private static final int MAX_COMPONENTS = 8;

  /** Rows of tables have a component a column, and what a template shows one a place. */
  private static final List<String> ROWS =
      List.of(
          "com/amazonaws/jobprocessor/boss/store/",
          "com/amazonaws/jobprocessor/boss/report/Line",
          "com/amazonaws/jobprocessor/boss/page/",
          "com/amazonaws/jobprocessor/aws/JobRecord");

  /** Folders without sources of ours. */
  private static final Set<String> OTHERS = Set.of("target", ".git", "node_modules", "test");

  /** A constructor's or record's name as the format of the sources has it, before its arguments. */
  private static final Pattern DECLARATION =
      Pattern.compile(
          "^ *(?:(?:public|protected|private|static|final) )*(record )?([A-Z]\\w*)(?:<[^(]*>)?"
              + "\\(([^{;=]*?)\\)[^();=]*\\{",
          Pattern.MULTILINE);

  /** The sources of all projects, but for their tests. */
  static List<Path> sources() throws IOException {
    List<Path> sources = new ArrayList<>();
    Files.walkFileTree(
        Checkout.root(),
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return OTHERS.contains(String.valueOf(folder.getFileName()))
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              sources.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return sources;
  }

  static String nameOf(Path source) {
    return Checkout.root().relativize(source).toString();
  }

  private static List<String> tooLong(String name, long lines) {
    return lines > MAX_LINES ? List.of(name + " has " + lines + " lines") : List.of();
  }

  /** The constructors and records of a source that have too many arguments. */
  private static List<String> tooWide(String name, String source) {
    List<String> found = new ArrayList<>();
    Matcher declaration = DECLARATION.matcher(source);
    while (declaration.find()) {
      int arguments = count(declaration.group(3));
      if (declaration.group(1) == null) {
        if (arguments > MAX_ARGUMENTS) {
          found.add(
              "%s: a constructor of %s has %d arguments"
                  .formatted(name, declaration.group(2), arguments));
        }
      } else if (arguments > MAX_COMPONENTS && ROWS.stream().noneMatch(name::contains)) {
        found.add(
            "%s: the record %s has %d components".formatted(name, declaration.group(2), arguments));
      }
    }
    return found;
  }

  /** The commas that separate arguments, not those within the brackets of a type or annotation. */
  private static int count(String arguments) {
    int depth = 0;
    int count = arguments.isBlank() ? 0 : 1;
    for (int i = 0; i < arguments.length(); i++) {
      switch (arguments.charAt(i)) {
        case '<', '(' -> depth++;
        case '>', ')' -> depth--;
        case ',' -> count += depth == 0 ? 1 : 0;
        default -> {}
      }
    }
    return count;
  }

  @Test
  void no_file_has_more_than_300_lines() throws IOException {
    List<String> found = new ArrayList<>();
    List<Path> sources = sources();
    for (Path source : sources) {
      found.addAll(tooLong(nameOf(source), Files.readString(source).lines().count()));
    }

    assertEquals(List.of(), found);
    for (String project : List.of("src", "testkit", "client", "sample-client", "boss", "bench")) {
      assertTrue(
          sources.stream().anyMatch(source -> nameOf(source).startsWith(project + "/")), project);
    }
  }

  @Test
  void no_constructor_has_more_than_6_arguments_and_no_record_more_than_8() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path source : sources()) {
      found.addAll(tooWide(nameOf(source), Files.readString(source)));
    }

    assertEquals(List.of(), found);
  }

  @Test
  void what_is_too_large_is_found_with_its_size() {
    assertEquals(List.of("A.java has 301 lines"), tooLong("A.java", 301));
    assertEquals(List.of(), tooLong("A.java", 300));
    String ok =
        """
        class A<T> {
          A(int a, int b, int c, int d, int e, Map<T, T> f) {}

          private A(
              int a, int b, int c, int d, int e, @Named("(x)") Map<T, T> f)
              throws IOException {
            other(a, b, c, d, e, f, 7, 8, 9);
          }

          void method(int a, int b, int c, int d, int e, int f, int g) {}

          public record R<T>(int a, int b, int c, int d, int e, int f, int g, Map<T, T> h)
              implements I<T, T> {}
        }
        """;
    assertEquals(List.of(), tooWide("A.java", ok));
    assertEquals(
        List.of(
            "A.java: a constructor of A has 7 arguments",
            "A.java: a constructor of A has 7 arguments",
            "A.java: the record R has 9 components"),
        tooWide(
            "A.java",
            ok.replace("int b, int c", "long z, int b, int c")
                .replace("void method(int a, long z", "void method(int a")));
  }
}
