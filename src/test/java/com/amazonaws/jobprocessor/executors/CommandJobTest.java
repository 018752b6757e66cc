package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobContext;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandJobTest {
  private static String line(String body, JobContext job, int limit) {
    CommandJob line = new CommandJob(body, job);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[limit];
    for (int n = line.fill(buffer, limit); n > 0; n = line.fill(buffer, limit)) {
      all.write(buffer, 0, n);
    }
    assertTrue(line.isDone());
    return all.toString(US_ASCII);
  }

  private static Map<String, String> fields(String line) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(line)) {
      assertEquals(JsonToken.START_OBJECT, parser.nextToken());
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, parser.getText());
      }
      assertEquals(null, parser.nextToken());
    }
    return fields;
  }

  @Test
  void a_job_is_an_object_in_one_line() {
    assertEquals(
        "{\"job_id\":\"job-1\",\"job_message_id\":\"message-1\",\"attempt\":3,\"body\":\"a\\\"b\"}\n",
        line("a\"b", Jobs.job(), 4096));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "grüße 😀",
        "a\nb\r\nc\td\\e\"f/g",
        "\0\u001f\u007f\u0080\u0085\u2028\u2029\ufeff\uffff",
        "\ud800 alone \udc00",
        "{\"result\":\"not this\"}\n"
      })
  void any_text_comes_through_as_ascii_without_a_line_end_within(String text) throws IOException {
    JobContext job = new JobContext(text, "m" + text, 7, Map.of());
    String line = line(text, job, 4096);
    assertEquals(
        Map.of("job_id", text, "job_message_id", "m" + text, "attempt", "7", "body", text),
        fields(line));
    assertTrue(line.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\n'), line);
    assertEquals(line.length() - 1, line.indexOf('\n'));
  }

  @Test
  void pieces_of_any_size_make_the_same_line() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(50);
      for (int i = 0; i < length; i++) {
        text.append((char) (random.nextBoolean() ? ' ' + random.nextInt(90) : random.nextInt()));
      }
      String whole = line(text.toString(), Jobs.job(), 4096);
      assertEquals(whole, line(text.toString(), Jobs.job(), 8 + random.nextInt(40)));
    }
  }

  @Test
  void ids_as_long_as_they_may_be_fit() throws IOException {
    JobContext job = new JobContext("😀".repeat(256), "ü".repeat(100), Integer.MAX_VALUE, Map.of());
    assertEquals(job.jobId(), fields(line("x", job, 4096)).get("job_id"));
  }
}
