package com.amazonaws.jobprocessor.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles little sources into jars. */
final class JarOf {
  private final Path work;
  private final List<String> options = new ArrayList<>();
  private final Map<String, byte[]> entries = new TreeMap<>();

  /** With an empty folder to work in. */
  JarOf(Path work) {
    this.work = work;
  }

  JarOf option(String... more) {
    options.addAll(List.of(more));
    return this;
  }

  /** Compiles sources together, by class name. */
  JarOf compile(Map<String, String> sources) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = work.resolve("src").resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    Path classes = Files.createDirectories(work.resolve("classes"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      List<String> all = new ArrayList<>(options);
      all.addAll(List.of("-proc:none", "-d", classes.toString()));
      var units = manager.getJavaFileObjectsFromPaths(files);
      if (!compiler.getTask(said, manager, null, all, null, units).call()) {
        throw new AssertionError(said.toString());
      }
    }
    addAll(classes);
    return this;
  }

  private void addAll(Path classes) throws IOException {
    try (Stream<Path> found = Files.walk(classes)) {
      for (Path file : found.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
  }

  byte[] bytes(String entry) {
    return Objects.requireNonNull(entries.get(entry), entry);
  }

  JarOf add(String entry, byte[] bytes) {
    entries.put(entry, bytes);
    return this;
  }

  JarOf remove(String entry) {
    entries.remove(entry);
    return this;
  }

  void write(Path jar) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(entry.getValue());
      }
    }
  }
}
