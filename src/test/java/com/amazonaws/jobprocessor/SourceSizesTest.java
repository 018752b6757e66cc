package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** How large the files and the constructors of all projects may be, but for their tests. */
class SourceSizesTest {
  private static final int MAX_LINES = 300;
  private static final int MAX_ARGUMENTS = 6;

  /** Records are read by name. */
  private static final int MAX_COMPONENTS = 8;

  /** Rows of tables have a component a column. */
  private static final List<String> ROWS =
      List.of(
          "/com/amazonaws/jobprocessor/boss/store/", "/com/amazonaws/jobprocessor/aws/JobRecord");

  /** Folders without sources of ours. */
  private static final Set<String> OTHERS = Set.of("target", ".git", "node_modules", "test");

  private static List<Path> sources() throws IOException {
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

  private static String nameOf(Path source) {
    return Checkout.root().relativize(source).toString();
  }

  private static List<String> tooLong(String name, long lines) {
    return lines > MAX_LINES ? List.of(name + " has " + lines + " lines") : List.of();
  }

  /** The constructors and records of a source that have too many arguments. */
  private static List<String> tooWide(String name, String source) throws IOException {
    List<String> found = new ArrayList<>();
    JavaFileObject file =
        new SimpleJavaFileObject(URI.create("string:///" + name), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
    for (CompilationUnitTree unit : task.parse()) {
      unit.accept(
          new TreeScanner<Void, Void>() {
            @Override
            public Void visitClass(ClassTree type, Void nothing) {
              count(name, type, found);
              return super.visitClass(type, null);
            }
          },
          null);
    }
    return found;
  }

  private static void count(String name, ClassTree type, List<String> found) {
    int components = 0;
    for (Tree member : type.getMembers()) {
      if (member instanceof MethodTree method
          && method.getName().contentEquals("<init>")
          && method.getParameters().size() > MAX_ARGUMENTS) {
        found.add(
            "%s: a constructor of %s has %d arguments"
                .formatted(name, type.getSimpleName(), method.getParameters().size()));
      } else if (type.getKind() == Tree.Kind.RECORD
          && member instanceof VariableTree field
          && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
        components++;
      }
    }
    if (components > MAX_COMPONENTS && ROWS.stream().noneMatch(name::contains)) {
      found.add(
          "%s: the record %s has %d components".formatted(name, type.getSimpleName(), components));
    }
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
  void what_is_too_large_is_found_with_its_size() throws IOException {
    assertEquals(List.of("A.java has 301 lines"), tooLong("A.java", 301));
    assertEquals(List.of(), tooLong("A.java", 300));
    String ok =
        """
        class A<T> {
          A(int a, int b, int c, int d, int e, Map<T, T> f) {}
          void method(int a, int b, int c, int d, int e, int f, int g) {}
          record R(int a, int b, int c, int d, int e, int f, int g, int h) {
            static final int NO_COMPONENT = 1;
          }
        }
        """;
    assertEquals(List.of(), tooWide("A.java", ok));
    List<String> found =
        tooWide("A.java", ok.replace("A(int a", "A(long z, int a").replace("R(", "R(long z, "));
    assertEquals(
        List.of(
            "A.java: a constructor of A has 7 arguments", "A.java: the record R has 9 components"),
        found);
  }
}
