package com.amazonaws.jobprocessor.client.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a message of the results queue says, whoever wrote it. */
class JobResultTest {
  private static Delivery message(String body, Map<String, Attribute> attributes) {
    return new Delivery("m", "handle", body, attributes, 1);
  }

  private static JobResult.Contents pack(String body) {
    return JobResult.in(message(body, PackFormat.attributes(1)));
  }

  private static void assertRaw(String body, Map<String, Attribute> attributes, String why) {
    JobResult.Contents contents = JobResult.in(message(body, attributes));
    assertEquals(List.of(), contents.readable());
    JobResult.Unreadable only = contents.unreadable().getFirst();
    assertEquals(body, only.raw());
    assertTrue(only.why().contains(why), only.why());
  }

  @Test
  void a_message_that_does_not_say_so_is_no_pack_whatever_its_body_looks_like() {
    String body = new ResultLine("a", "x", 1, 1, "m", "w").write();

    JobResult.Contents contents = JobResult.in(message(body, Map.of("job_id", Attribute.of("b"))));

    assertEquals("b", contents.readable().getFirst().jobId());
    assertEquals(body, contents.readable().getFirst().body());
  }

  @Test
  void every_line_of_a_pack_is_a_result() {
    String body =
        "\r\n"
            + new ResultLine("a", "x\n\"y\"", 2, 17, "m-1", "i-1").write()
            + "\r\n\n"
            + new ResultLine("b", "", 1, 0, "m-1", "i-1").write();

    List<JobResult> results = pack(body).readable();

    assertEquals(
        List.of(
            new JobResult("a", "x\n\"y\"", "2", "17", "m-1", "i-1"),
            new JobResult("b", "", "1", "0", "m-1", "i-1")),
        results);
    assertEquals(OptionalLong.of(17), results.getFirst().duration());
  }

  @Test
  void a_line_that_says_little_is_a_result_if_it_says_whose_and_what() {
    JobResult only =
        pack("{\"job_id\":\"a\",\"body\":\"x\",\"more\":{\"deep\":[1]}}").readable().getFirst();

    assertEquals("a", only.jobId());
    assertEquals("x", only.body());
    assertEquals("", only.workerId());
  }

  @Test
  void a_line_that_is_none_is_kept_as_it_stands_and_its_neighbours_are_read() {
    String good = new ResultLine("a", "x", 1, 1, "m", "w").write();
    List<String> hostile =
        List.of(
            "no JSON",
            "[]",
            "{\"job_id\":\"b\"}",
            "{\"body\":\"b\"}",
            "{\"job_id\":1,\"body\":\"b\"}",
            "{\"job_id\":\"b\",\"body\":\"b\"",
            "{\"job_id\":\"b\",\"body\":\"\\u12\"}",
            "{\"job_id\":\"b\",\"job_id\":\"c\",\"body\":\"b\"}",
            "{\"a\":".repeat(5_000),
            "{\"job_id\":\"b\",\"body\":\"b\",\"attempts\":" + "9".repeat(2_000) + "}");
    for (String line : hostile) {
      JobResult.Contents contents = pack(good + "\n" + line + "\n" + good);

      assertEquals(2, contents.readable().size(), line);
      JobResult.Unreadable only = contents.unreadable().getFirst();
      assertEquals(line, only.raw());
      assertEquals(2, only.line());
    }
  }

  @Test
  void a_pack_that_is_not_known_is_kept_whole() {
    assertRaw("x", Map.of("job_pack", Attribute.of("2")), "version");
    assertRaw("x", Map.of("job_pack", new Attribute("Number", "1", null)), "version");
    assertRaw("x", Map.of("job_pack", new Attribute("Binary", null, new byte[] {49})), "version");
    assertRaw(" \n\r\n", PackFormat.attributes(1), "without a line");
    Map<String, Attribute> pointer = new HashMap<>(PackFormat.attributes(1));
    pointer.put("ExtendedPayloadSize", new Attribute("Number", "2000000", null));
    assertRaw("[\"pointer\"]", pointer, "S3");
  }

  @Test
  void a_dead_letter_is_no_result_be_it_a_job_or_a_pack() {
    assertRaw(
        "job",
        Map.of("job_id", Attribute.of("a"), "error_type", Attribute.of("E")),
        "it is a dead letter");
    assertRaw("job", Map.of("backlog", Attribute.of("todo")), "it is a dead letter");
    Map<String, Attribute> pack = new HashMap<>(PackFormat.attributes(1));
    pack.put("error_type", Attribute.of("PackRefused"));
    assertRaw(new ResultLine("a", "x", 1, 1, "m", "w").write(), pack, "it is a dead letter");
  }

  @Test
  void nothing_is_lost_of_a_pack_that_is_damaged_anywhere() {
    String good =
        new ResultLine("a", "\u00e9\"", 1, 5, "m", "w").write()
            + "\n"
            + new ResultLine("b", "", 1, 5, "m", "w").write();
    Random random = new Random(17);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder damaged = new StringBuilder(good);
      damaged.setCharAt(random.nextInt(good.length()), (char) (32 + random.nextInt(96)));

      JobResult.Contents contents = pack(damaged.toString());

      int lines = contents.readable().size() + contents.unreadable().size();
      assertEquals(PackLine.split(damaged.toString()).size(), lines, damaged::toString);
      assertTrue(
          contents.unreadable().stream().allMatch(one -> damaged.indexOf(one.raw()) >= 0),
          damaged::toString);
    }
  }

  @Test
  void a_duration_that_is_no_number_is_none() {
    for (String text : List.of("", "x", "-1", "1.5", "9".repeat(30))) {
      assertEquals(
          OptionalLong.empty(), new JobResult("a", "x", "1", text, "", "").duration(), text);
    }
  }
}
