package com.amazonaws.jobprocessor.plugin;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** The executor jars: those directly in a folder, by name. */
record Jars(Path folder, List<Path> paths) {
  private static final int MAX_NAMES = 10;
  private static final int MAX_ALIKE = 3;

  /** The jars of a folder; none if there is no such folder. */
  static Jars in(Path folder) throws ExecutorProblem {
    List<Path> paths = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jar")) {
        files.forEach(paths::add);
      } catch (IOException | RuntimeException e) {
        throw new ExecutorProblem(
            "job_executor: cannot read the folder of executor jars, " + folder);
      }
    }
    paths.removeIf(Files::isDirectory);
    Collections.sort(paths);
    return new Jars(folder, List.copyOf(paths));
  }

  URL[] urls() throws ExecutorProblem {
    URL[] urls = new URL[paths.size()];
    for (int i = 0; i < urls.length; i++) {
      try {
        urls[i] = paths.get(i).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new ExecutorProblem("job_executor: cannot use the jar " + paths.get(i));
      }
    }
    return urls;
  }

  /** Class loaders pass over a broken jar in silence, and its classes seem not to be there. */
  void check(String className) throws ExecutorProblem {
    for (Path jar : paths) {
      try (ZipFile file = new ZipFile(jar.toFile())) {
        file.size();
      } catch (IOException | RuntimeException e) {
        throw ExecutorProblem.of(
            className,
            "the jar "
                + jar
                + " cannot be read ("
                + ExecutorErrorText.of(e)
                + "); replace or remove it");
      }
    }
  }

  /**
   * Classes whose simple name is that of the given one, whatever its package, case and notation.
   */
  List<String> alike(String className) {
    String name = className.replaceFirst("\\.(class|java)$", "").replaceFirst("^.*\\.", "");
    Pattern entry = Pattern.compile("(?i)([^$]*/)?" + Pattern.quote(name) + "\\.class");
    return paths.stream()
        .flatMap(jar -> entries(jar).stream())
        .filter(file -> entry.matcher(file).matches())
        .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
        .filter(other -> !other.equals(className))
        .distinct()
        .limit(MAX_ALIKE)
        .toList();
  }

  /** The names of a jar's files; none if it cannot be read, which {@link #check} tells. */
  private static List<String> entries(Path jar) {
    try (ZipFile file = new ZipFile(jar.toFile())) {
      return file.stream().map(ZipEntry::getName).toList();
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  /** Where was looked, for messages. */
  @Override
  public String toString() {
    List<String> names =
        paths.stream().limit(MAX_NAMES).map(jar -> String.valueOf(jar.getFileName())).toList();
    String shown =
        names.isEmpty()
            ? (Files.isDirectory(folder) ? "there are none" : "there is no such folder")
            : String.join(", ", names) + (paths.size() > MAX_NAMES ? ", ..." : "");
    return "the jars in " + folder + " (" + shown + ")";
  }
}
