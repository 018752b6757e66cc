package com.amazonaws.jobprocessor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Predicate;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application on Java 17 can use the client's jars. */
@Tag("long")
class ClientJarsIT {
  private static final int JAVA_17 = 61;
  private static final String ROOT = "com/amazonaws/jobprocessor/";

  /** Javadoc puts the name of the module before the pages of what will be one. */
  private static final String CLIENT_PAGES =
      "com.amazonaws.jobprocessor.client/" + ROOT + "client/";

  private static final String INNER = CLIENT_PAGES + "(letters|read|send)/.*";

  /** What the client links of the daemon's jar. */
  private static final String LINKED =
      ROOT + "((message|port|aws)/[^/]+|work/call/Backoff|[^/]+)\\.class";

  @TempDir Path folder;

  private static List<String> newerThan17(Path jar, Predicate<String> which) throws IOException {
    List<String> newer = new ArrayList<>();
    int seen = 0;
    try (JarFile file = new JarFile(jar.toFile())) {
      for (Enumeration<JarEntry> each = file.entries(); each.hasMoreElements(); ) {
        JarEntry entry = each.nextElement();
        if (entry.getName().endsWith(".class") && which.test(entry.getName())) {
          seen++;
          try (DataInputStream in = new DataInputStream(file.getInputStream(entry))) {
            in.readInt();
            in.readUnsignedShort();
            if (in.readUnsignedShort() != JAVA_17) {
              newer.add(entry.getName());
            }
          }
        }
      }
    }
    assertTrue(seen > 10, jar + " has only " + seen + " such classes");
    return newer;
  }

  @Test
  void its_classes_and_those_that_it_links_are_for_java_17() throws Exception {
    Path root = Page.root();
    assertEquals(List.of(), newerThan17(root.resolve("client/target/client.jar"), _ -> true));
    assertEquals(
        List.of(),
        newerThan17(root.resolve("target/job-processor.jar"), name -> name.matches(LINKED)));
  }

  @Test
  void sources_and_pages_come_with_it_and_with_the_api() throws Exception {
    Path root = Page.root();
    for (String[] jar :
        new String[][] {
          {"client/target/client-sources.jar", ROOT + "client/Enqueuer.java"},
          {"client/target/client-javadoc.jar", CLIENT_PAGES + "Enqueuer.html"},
          {"client/target/client-javadoc.jar", CLIENT_PAGES + "DeadLetters.Builder.html"},
          {"target/job-processor-api-sources.jar", ROOT + "JobExecutor.java"},
          {
            "target/job-processor-api-javadoc.jar",
            "com.amazonaws.jobprocessor/" + ROOT + "JobExecutor.html"
          }
        }) {
      try (JarFile file = new JarFile(root.resolve(jar[0]).toFile())) {
        assertTrue(file.getEntry(jar[1]) != null, jar[0]);
        assertEquals(
            List.of(),
            file.stream().map(JarEntry::getName).filter(name -> name.matches(INNER)).toList(),
            "not for applications: " + jar[0] + "; left by an older build, if mvn clean helps");
      }
    }
  }

  /** A JDK 17 if this machine has one, else the one of the tests. */
  static Path java() throws IOException {
    Path all = Path.of("/usr/lib/jvm");
    if (Files.isDirectory(all)) {
      try (Stream<Path> jdks = Files.list(all)) {
        var seventeen =
            jdks.filter(jdk -> jdk.getFileName().toString().matches(".*\\b17\\b.*"))
                .map(jdk -> jdk.resolve("bin/java"))
                .filter(Files::isExecutable)
                .findFirst();
        if (seventeen.isPresent()) {
          return seventeen.get();
        }
      }
    }
    return Path.of(System.getProperty("java.home"), "bin/java");
  }

  @Test
  void the_readmes_example_compiles_for_java_17_and_runs_on_it() throws Exception {
    String code =
        Page.of("README.md").blocks().stream()
            .filter(block -> block.is("java", "run"))
            .findFirst()
            .orElseThrow()
            .text();
    Files.writeString(
        folder.resolve("Example.java"),
        """
        import com.amazonaws.jobprocessor.client.*;
        import java.util.*;
        public class Example {
          public static void main(String[] args) throws Exception {
        %s
          }
        }
        """
            .formatted(code));
    assertTrue(code.lines().count() <= 10);
    try (EmbeddedSqs sqs = EmbeddedSqs.start()) {
      sqs.createQueue("SQS-EC2-Queue-Todo");
      try (Unpacked user = new Unpacked(folder, sqs.endpoint().toString())) {
        String javac = Path.of(System.getProperty("java.home"), "bin/javac").toString();
        Unpacked.Ran compiled =
            user.run(javac, "--release", "17", "-cp", "lib/client/*", "Example.java");
        assertEquals(0, compiled.status(), compiled::toString);
        Unpacked.Ran ran = user.run(java().toString(), "-cp", "lib/client/*:.", "Example");
        assertEquals(0, ran.status(), ran::toString);
        assertTrue(ran.out().startsWith("SQS-EC2-Queue-Todo-"), ran::toString);
      }
      assertEquals(6, sqs.counts("SQS-EC2-Queue-Todo").visible());
    }
  }
}
