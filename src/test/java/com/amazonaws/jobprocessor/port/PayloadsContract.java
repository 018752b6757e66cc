package com.amazonaws.jobprocessor.port;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.Payloads.Unreadable;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What the worker expects of a store of payloads; S3 and the one in memory are held to it alike.
 */
public abstract class PayloadsContract {
  protected static final String BUCKET = "payloads";
  protected static final int MAX = Payloads.MAX_BYTES;

  protected abstract Payloads payloads();

  /** Stores what the port might not; returns the pointer. */
  protected abstract String put(byte[] content);

  /** Lets nobody read the object any more. */
  protected abstract void deny(String pointer);

  /** How many objects there are. */
  protected abstract int objects();

  protected static String pointer(String bucket, String key) {
    return "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\""
        + bucket
        + "\",\"s3Key\":\""
        + key
        + "\"}]";
  }

  /** That both fetch and copy say no, and why. */
  protected Unreadable refusal(String pointer) {
    Unreadable fetched = assertThrows(Unreadable.class, () -> payloads().fetch(pointer));
    Unreadable copied = assertThrows(Unreadable.class, () -> payloads().copy(pointer));
    assertEquals(fetched.type(), copied.type());
    assertFalse(String.valueOf(fetched.getMessage()).isBlank());
    return fetched;
  }

  private void isKept(String payload) throws Exception {
    String pointer = payloads().store(payload);
    assertTrue(payload.equals(payloads().fetch(pointer)), "of " + payload.length());
  }

  @Test
  public void what_is_stored_is_fetched_as_it_was() throws Exception {
    for (String payload :
        List.of(
            "",
            " ",
            "a",
            "\u0000\u0001\t\r\n",
            "\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufeff\ufffd\ufffe\uffff",
            "\ud800\udc00\udbff\udfff",
            "\ufeffa mark at the beginning",
            "e\u0301 is not é")) {
      isKept(payload);
    }
  }

  @Test
  public void every_character_is_kept() throws Exception {
    StringBuilder all = new StringBuilder();
    IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
        .filter(c -> c < 0xD800 || c > 0xDFFF)
        .forEach(all::appendCodePoint);

    isKept(all.toString());
  }

  @Test
  public void the_largest_payload_is_kept_and_counts_in_bytes() throws Exception {
    isKept("é".repeat(MAX / 2));
    assertThrows(IllegalArgumentException.class, () -> payloads().store("é".repeat(MAX / 2) + "a"));
  }

  @Test
  public void what_utf_8_cannot_say_is_not_stored() {
    for (String payload : List.of("\ud800", "a\udc00b", "\udfff\ud800", "\ud83d\ud83d\ude00")) {
      assertThrows(IllegalArgumentException.class, () -> payloads().store(payload));
    }
    assertEquals(0, objects());
  }

  @Test
  public void an_object_of_64_mebibytes_is_fetched_and_of_one_byte_more_is_not() throws Exception {
    String fits = put(new byte[MAX]);
    assertEquals(MAX, payloads().fetch(fits).length());
    payloads().delete(fits);

    String tooLarge = put(new byte[MAX + 1]);
    assertEquals(
        Unreadable.TOO_LARGE,
        assertThrows(Unreadable.class, () -> payloads().fetch(tooLarge)).type());
  }

  @Test
  public void an_object_is_not_read_that_has_more_than_is_asked_for() throws Exception {
    String pointer = put("abc".getBytes(UTF_8));

    assertEquals("abc", payloads().fetch(pointer, 3));
    assertEquals(
        Unreadable.TOO_LARGE,
        assertThrows(Unreadable.class, () -> payloads().fetch(pointer, 2)).type());
  }

  @Test
  public void what_is_no_utf_8_is_refused_wherever_it_is() {
    byte[] late = "é".repeat(10_000).getBytes(UTF_8);
    late[late.length - 1] = 'x';
    for (byte[] bytes :
        List.of(
            new byte[] {(byte) 0xff},
            new byte[] {'a', (byte) 0xc3}, // cut
            new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, // a surrogate
            new byte[] {(byte) 0xc0, (byte) 0x80}, // overlong
            new byte[] {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80}, // beyond the last
            late)) {
      String pointer = put(bytes);
      assertEquals(
          Unreadable.NOT_TEXT,
          assertThrows(Unreadable.class, () -> payloads().fetch(pointer)).type());
    }
  }

  @Test
  public void a_missing_object_is_the_jobs_failure() throws Exception {
    assertEquals(Unreadable.MISSING, refusal(pointer(BUCKET, "nowhere")).type());

    String pointer = payloads().store("a");
    payloads().delete(pointer);
    assertEquals(Unreadable.MISSING, refusal(pointer).type());
  }

  @Test
  public void a_denied_object_is_the_jobs_failure() throws Exception {
    String pointer = payloads().store("a");
    deny(pointer);

    assertEquals(Unreadable.DENIED, refusal(pointer).type());
  }

  @Test
  public void another_bucket_is_neither_read_nor_deleted_from() throws Exception {
    String ours = payloads().store("a");
    for (String bucket :
        List.of("", "other", BUCKET + "2", "Payloads", "payloads/x", " payloads")) {
      String foreign = ours.replace("\"" + BUCKET + "\"", "\"" + bucket + "\"");
      assertEquals(Unreadable.REFUSED, refusal(foreign).type());
      payloads().delete(foreign);
    }
    assertEquals("a", payloads().fetch(ours));
  }

  @Test
  public void what_is_no_pointer_is_refused() throws Exception {
    String good = payloads().store("a");
    for (String garbage :
        List.of(
            "", " ", "hello", "null", "[]", "{}", "[null,null]", "\"" + good + "\"", "[" + good)) {
      assertEquals(Unreadable.REFUSED, refusal(garbage).type(), garbage);
      payloads().delete(garbage);
    }
    assertEquals(1, objects());
  }

  @Test
  public void random_damage_to_a_pointer_fetches_the_same_or_fails_the_job() throws Exception {
    Random random = new Random(42);
    String good = payloads().store("a");
    for (int i = 0; i < 500; i++) {
      StringBuilder damaged = new StringBuilder(good);
      for (int hits = 1 + random.nextInt(3); hits > 0; hits--) {
        damaged.setCharAt(random.nextInt(damaged.length()), (char) random.nextInt(0x250));
      }
      try {
        assertEquals("a", payloads().fetch(damaged.toString()));
      } catch (Unreadable e) {
        assertTrue(e.type().startsWith("Payload"), e.type());
      }
    }
    assertEquals("a", payloads().fetch(good));
  }

  @Test
  public void a_copy_has_a_life_of_its_own() throws Exception {
    String first = payloads().store("é\u0000");
    String second = payloads().copy(first);
    String third = payloads().copy(second);

    assertNotEquals(first, second);
    payloads().delete(first);
    payloads().delete(first);
    assertEquals("é\u0000", payloads().fetch(second));
    payloads().delete(second);
    assertEquals("é\u0000", payloads().fetch(third));
    assertEquals(1, objects());
  }

  @Test
  public void each_store_makes_an_object_of_its_own() throws Exception {
    assertNotEquals(payloads().store("a"), payloads().store("a"));
    assertEquals(2, objects());
  }
}
