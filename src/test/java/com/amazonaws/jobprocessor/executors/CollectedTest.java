package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A full disk is the box's trouble: other boxes may have room for a large answer. */
@Timeout(60)
class CollectedTest {
  private static final byte[] LARGE = new byte[2 * 1024 * 1024];

  private record Begin(int statusCode, HttpHeaders headers) implements ResponseInfo {
    @Override
    public HttpClient.Version version() {
      return HttpClient.Version.HTTP_1_1;
    }
  }

  @TempDir Path folder;

  private Collected withoutRoom(long limit) {
    return new Collected(limit, folder.resolve("gone"));
  }

  @Test
  void an_answer_that_the_disk_cannot_keep_says_that_the_box_is_at_fault() throws Exception {
    try (Collected collected = withoutRoom(LARGE.length)) {
      collected.add(LARGE, 0, 1000);
      String why =
          Thrown.message(
              ExecutorUnavailable.class, () -> collected.add(LARGE, 0, LARGE.length - 1000));
      assertTrue(why.startsWith("cannot keep a large answer in " + folder), why);
    }
  }

  @Test
  void one_that_fits_the_memory_needs_no_disk() throws Exception {
    try (Collected collected = withoutRoom(LARGE.length)) {
      collected.add("well".getBytes(UTF_8), 0, 4);
      assertEquals("well", new String(collected.stream().readAllBytes(), UTF_8));
    }
  }

  @Test
  void the_reader_of_a_commands_output_tells_it() throws Exception {
    try (Collected collected = withoutRoom(LARGE.length)) {
      Output output = Output.read(new ByteArrayInputStream(LARGE), collected::add);
      assertTrue(output.awaitEnd(30_000));
      assertInstanceOf(ExecutorUnavailable.class, output.failure());
    }
  }

  @Test
  void the_body_of_an_http_answer_tells_it() throws Exception {
    try (AnswerBody body = new AnswerBody(this::withoutRoom)) {
      body.apply(new Begin(200, HttpHeaders.of(Map.of(), (_, _) -> true)));
      body.onNext(List.of(ByteBuffer.wrap(LARGE)));
      CompletionException thrown =
          assertThrows(
              CompletionException.class, () -> body.getBody().toCompletableFuture().join());
      assertInstanceOf(ExecutorUnavailable.class, thrown.getCause());
    }
  }
}
