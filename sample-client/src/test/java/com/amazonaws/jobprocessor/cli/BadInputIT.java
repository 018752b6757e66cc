package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;

/** Files as they come from other systems, and disks that are full. */
@Timeout(180)
class BadInputIT extends SqsFixture {
  private String file(String text, Charset charset) throws IOException {
    Path file = folder.resolve("jobs");
    return Files.write(file, text.getBytes(charset)).toString();
  }

  private Set<String> taken() {
    Set<String> bodies = new TreeSet<>();
    takeAll(BACKLOG).stream().map(Message::body).forEach(bodies::add);
    return bodies;
  }

  @Test
  void line_ends_and_byte_order_marks_of_other_systems_are_no_part_of_a_job() throws Exception {
    assertEquals(0, run("submit", file("\ufeffone\r\n\r\nt\u00fc\r\n", UTF_8)), err::toString);

    assertEquals(new TreeSet<>(List.of("one", "t\u00fc")), taken());
  }

  @Test
  void each_of_many_bad_lines_is_named() throws Exception {
    String bad = file("\u0001\n".repeat(25) + "fine\n", UTF_8);

    for (int status : List.of(1, 3)) {
      assertEquals(status, status == 1 ? run("submit", bad) : run("submit", "--skip-bad", bad));

      assertEquals(
          25, err.toString().lines().filter(line -> line.contains("does not accept")).count());
    }
    assertEquals(Set.of("fine"), taken());
  }

  @Test
  void an_answer_of_a_captive_portal_is_called_so() throws Exception {
    HttpServer portal =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    portal.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>Please log in</html>".getBytes(UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    portal.start();
    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:" + portal.getAddress().getPort());
    try {
      assertEquals(1, run("dead-letters"));
    } finally {
      portal.stop(0);
    }

    assertEquals(
        "sample-client: the answer is not from SQS: is there a proxy or captive portal? Check endpoint"
            + " and network\n",
        err.toString());
  }

  @Test
  void an_empty_file_has_no_jobs() throws Exception {
    assertEquals(0, run("submit", file("", UTF_8)), err::toString);
    assertEquals("submitted 0 jobs\n", out.toString());
    assertEquals(0, run("run", file("\n\n", UTF_8)), err::toString);
    assertTrue(err.toString().contains("0 results, 0 dead letters"), err.toString());
  }

  @Test
  void a_file_may_have_any_encoding() throws Exception {
    String text = "\u00e4\n\u00f6 \u00df\n";
    String clef = "\ud834\udd1e\n".repeat(20_001); // pairs that lie across every buffer's end
    assertEquals(0, run("submit", "--charset", "latin1", file(text, ISO_8859_1)), err::toString);
    assertEquals(new TreeSet<>(List.of("\u00e4", "\u00f6 \u00df")), taken());
    assertEquals(0, run("submit", "--charset", "UTF-16", file(text, UTF_16)), err::toString);
    assertEquals(new TreeSet<>(List.of("\u00e4", "\u00f6 \u00df")), taken());
    assertEquals(
        0, run("submit", "--charset", "UTF-16LE", "--pack", "1000", file("x" + clef, UTF_16LE)));
    assertEquals(
        20_001 + "", out.toString().replaceAll("(?s)submitted (\\d+) jobs.*", "$1"), "" + out);
    assertEquals(2, run("submit", "--charset", "klingon", file(text, UTF_8)));
    assertTrue(err.toString().contains("\"klingon\" is no encoding"), err.toString());
  }

  @Test
  void what_is_not_of_the_encoding_is_named_by_its_line() throws Exception {
    String latin = file("fine\nn\u00f6t\n", ISO_8859_1);

    assertEquals(1, run("submit", latin));
    assertTrue(
        err.toString().contains("line 2 of \"" + latin + "\" is not UTF-8; --charset names"),
        err.toString());
    assertEquals(3, run("submit", "--charset", "US-ASCII", "--skip-bad", latin));
    assertTrue(err.toString().contains("line 2 of \"" + latin + "\" is not US-ASCII"), "" + err);
    assertEquals(new TreeSet<>(List.of("fine")), taken());
  }

  @Test
  void what_a_full_disk_does_not_take_is_told_and_stays_in_the_queue() throws Exception {
    send(RESULTS, "1", Map.of("job_id", "p-1"));

    assertEquals(
        1, run("results", "--expect", "1", "--joblog", folder.resolve("no/log").toString()));
    assertTrue(err.toString().contains("--joblog: cannot write"), err.toString());
    assertEquals(1, visible(RESULTS));
    Process process =
        ClientProcess.start(
            folder,
            endpoint,
            Map.of(),
            "> /dev/full",
            "run",
            "--id-prefix",
            "p",
            file("a\n", UTF_8));
    assertEquals(1, process.waitFor());
    String said = Files.readString(folder.resolve("err"));
    assertTrue(said.contains("cannot write to standard output"), said);
    assertEquals(1, visible(RESULTS) + invisible(RESULTS));
  }
}
