package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import com.amazonaws.jobprocessor.work.call.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packs that nobody has written with care: good lines, bent at random. */
class HostilePacksTest {
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    "\"",
    "\\",
    "\\u",
    "\\ud800",
    "\\u0000",
    ":",
    ",",
    "null",
    "true",
    "-1",
    "1e9",
    "99999999999999999999",
    "\"body\"",
    "\"job_id\"",
    "\"attempts\":",
    "\r",
    "\t",
    "\u2028",
    "\ufeff",
    "é",
    "\ud83d\ude00",
    " ",
    "[[[[[[[[",
    "{\"a\":",
    "\"job_origin\":[1]"
  };

  @TempDir Path folder;

  private static String bent(Random random, int number) {
    StringBuilder line =
        new StringBuilder(new JobLine("j" + number, "body " + number, random.nextInt(2)).write());
    for (int i = random.nextInt(3); i > 0; i--) {
      int at = random.nextInt(line.length() + 1);
      switch (random.nextInt(3)) {
        case 0 -> line.insert(at, PIECES[random.nextInt(PIECES.length)]);
        case 1 -> line.delete(at, Math.min(line.length(), at + 1 + random.nextInt(4)));
        default -> line.setLength(at);
      }
    }
    return line.toString();
  }

  /** Every line has one end: a result if it is a job, else a letter with the line as its body. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void each_line_has_its_end(long seed) throws Exception {
    Random random = new Random(seed);
    Rig rig = new Rig(System::nanoTime, folder, 4, Duration.ofMinutes(1), 0, null);
    Map<String, Integer> expected = new TreeMap<>();
    for (int pack = 0; pack < 30; pack++) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        lines.add(bent(random, i));
      }
      String body = String.join(random.nextBoolean() ? "\n" : "\r\n\n", lines);
      Map<String, Attribute> attributes = PackFormat.attributes(lines.size());
      if (random.nextBoolean()) {
        attributes.put("result_pack", Attribute.of("1"));
      }
      rig.backlog.put(new OutgoingMessage(body, attributes));
      for (PackLine line : PackLine.split(body)) {
        expected.merge(endOf(line.text()), 1, Integer::sum);
      }
    }
    Worker worker = rig.worker(job -> job);
    worker.start();
    Eventually.eventually(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(5));

    Map<String, Integer> ends = new TreeMap<>();
    rig.deadLetters
        .contents()
        .forEach(letter -> ends.merge("letter " + letter.body(), 1, Integer::sum));
    for (OutgoingMessage result : rig.results.contents()) {
      if (PackFormat.isPack(result.attributes())) {
        for (PackLine line : PackLine.split(result.body())) {
          ends.merge("result " + JobLine.read(line.text()).body(), 1, Integer::sum);
        }
      } else {
        ends.merge("result " + result.body(), 1, Integer::sum);
      }
    }
    assertEquals(expected, ends);
    assertTrue(ends.size() > 50, ends::toString);
    assertEquals(List.of(), rig.fatal);
  }

  /** Nobody can tell which of them is meant: each line is a job. */
  @Test
  void an_id_that_stands_on_several_lines_of_a_pack_has_an_end_for_each() throws Exception {
    Rig rig = new Rig(System::nanoTime, folder, 4, Duration.ofMinutes(1), 0, null);
    String line = new JobLine("same", "body", 0).write();
    rig.backlog.put(new OutgoingMessage((line + "\n").repeat(20), PackFormat.attributes(20)));
    Worker worker = rig.worker(job -> job);
    worker.start();
    Eventually.eventually(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(5));

    assertEquals(20, rig.results.contents().size());
    assertEquals(List.of(), rig.deadLetters.contents());
    assertEquals(List.of(), rig.fatal);
  }

  @Test
  void a_result_that_no_message_could_carry_holds_up_no_neighbour() throws Exception {
    Rig rig = new Rig(System::nanoTime, folder, 1, Duration.ofMinutes(1), 0, null);
    CountDownLatch letGo = new CountDownLatch(1);
    rig.deadLetters.hangNext(letGo);
    Map<String, Attribute> attributes = PackFormat.attributes(2);
    attributes.put("result_pack", Attribute.of("1"));
    String lines =
        new JobLine("j1", "bad", 0).write() + "\n" + new JobLine("j2", "good", 0).write();
    rig.backlog.put(new OutgoingMessage(lines, attributes));
    Worker worker = rig.worker(job -> job.equals("bad") ? "\u0000" : job);
    worker.start();

    Eventually.eventually(() -> rig.results.contents().size() == 1);
    assertEquals(List.of(), rig.deadLetters.contents());
    letGo.countDown();
    Eventually.eventually(() -> rig.backlog.contents().isEmpty());
    worker.drain(Duration.ofSeconds(5));
    assertEquals(1, rig.deadLetters.contents().size());
  }

  private static String endOf(String line) {
    try {
      JobLine job = JobLine.read(line);
      String id = job.jobId();
      return (id == null || MessageFormat.isJobId(id) ? "result " : "letter ") + job.body();
    } catch (UnreadableLine e) {
      return "letter " + line;
    }
  }
}
