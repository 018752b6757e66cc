package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.JobExecutor;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes jars with an executor {@code org.example.Mine}, as users have them. */
final class ExecutorJar {
  static final String CLASS = "org.example.Mine";

  private ExecutorJar() {}

  /**
   * A jar with an executor.
   *
   * @param body of its method {@code String execute(String job, JobContext context)}
   */
  static Path of(Path jar, String body) throws IOException, URISyntaxException {
    String source =
        """
        package org.example;
        import com.amazonaws.jobprocessor.*;
        public class Mine implements JobAwareExecutor {
          public String execute(String job, JobContext context) throws Exception {
            %s
          }
        }
        """
            .formatted(body);
    Path classes = Files.createTempDirectory(jar.getParent(), "classes");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    Path api =
        Path.of(JobExecutor.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<String> options = List.of("-proc:none", "-d", classes.toString(), "-cp", api.toString());
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      if (!compiler
          .getTask(said, manager, null, options, null, List.of(new Source(source)))
          .call()) {
        throw new AssertionError(said.toString());
      }
    }
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new JarEntry("org/example/Mine.class"));
      Files.copy(classes.resolve("org/example/Mine.class"), entries);
    }
    return jar;
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///org/example/Mine.java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
