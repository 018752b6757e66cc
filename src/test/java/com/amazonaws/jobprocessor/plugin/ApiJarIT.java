package com.amazonaws.jobprocessor.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar that executors are compiled against, as a user on Java 17 gets it. */
class ApiJarIT {
  private static final Path API = Path.of("target", "job-processor-api.jar");
  private static final int JAVA_17 = 61;

  @TempDir Path folder;

  @Test
  void it_holds_the_root_package_for_java_17_and_nothing_else() throws Exception {
    try (ZipFile jar = new ZipFile(API.toFile())) {
      List<? extends ZipEntry> classes =
          jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
      assertFalse(classes.isEmpty());
      for (ZipEntry each : classes) {
        assertTrue(
            each.getName().matches("com/amazonaws/jobprocessor/[^/]+\\.class"), each.getName());
        assertEquals(JAVA_17, majorVersion(jar, each), each.getName());
      }
      assertTrue(
          jar.stream()
              .filter(entry -> !entry.isDirectory() && !entry.getName().endsWith(".class"))
              .allMatch(entry -> entry.getName().startsWith("META-INF/")));
    }
  }

  private static int majorVersion(ZipFile jar, ZipEntry entry) throws IOException {
    try (DataInputStream in = new DataInputStream(jar.getInputStream(entry))) {
      in.readInt();
      in.readUnsignedShort();
      return in.readUnsignedShort();
    }
  }

  @Test
  void an_executor_that_is_compiled_against_it_alone_for_java_17_runs() throws Exception {
    Path lib = Files.createDirectory(folder.resolve("lib"));
    new JarOf(Files.createDirectory(folder.resolve("work")))
        .option("--release", "17", "-Xlint:all", "-Werror", "-classpath", API.toString())
        .compile(
            Map.of(
                "com.example.Shout",
                """
                package com.example;
                public class Shout implements com.amazonaws.jobprocessor.JobExecutor {
                  @Override
                  public String execute(String job) { return job.toUpperCase(java.util.Locale.ROOT); }
                }
                """))
        .write(lib.resolve("shout.jar"));
    try (LoadedExecutor loaded = new ExecutorLoader(lib).load("com.example.Shout", Map.of())) {
      assertEquals("HELLO", loaded.executor().execute("hello"));
    }
  }
}
