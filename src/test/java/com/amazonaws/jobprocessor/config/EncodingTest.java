package com.amazonaws.jobprocessor.config;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodingTest {
  private static final String PAIRS = "concurrency=4,access_key_id=AKIA,secret_access_key=wJalr";
  private static final String BASE64 = "is base64-encoded once too often; give it plain";

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static void assertRefused(String complaint, String text) {
    for (String source : List.of("user data", "conf/job-processor.conf", "--user-data-file")) {
      Configuration read = Configuration.read(List.of(new Source(source, text)), 1);

      assertEquals(List.of(source + ": " + complaint), Read.messages(read), text);
      assertEquals(List.of(), read.warnings());
    }
  }

  @Test
  void base64_of_any_kind_is_told_in_one_line() throws IOException {
    byte[] bytes = PAIRS.getBytes(UTF_8);
    Base64.Encoder encoder = Base64.getEncoder();
    String once = encoder.encodeToString(bytes);

    assertRefused(BASE64, once);
    assertRefused(BASE64, once + "\n");
    assertRefused(BASE64, "\uFEFF  " + once + "\r\n");
    assertRefused(BASE64, '"' + once + '"');
    assertRefused(BASE64, encoder.withoutPadding().encodeToString(bytes));
    assertRefused(BASE64, encoder.encodeToString(once.getBytes(UTF_8)));
    assertRefused(BASE64, Base64.getMimeEncoder(20, new byte[] {'\n'}).encodeToString(bytes));
    assertRefused(
        BASE64, Base64.getUrlEncoder().encodeToString("é?>~ key=v".repeat(9).getBytes(UTF_8)));
    assertRefused(BASE64, encoder.encodeToString(gzip(PAIRS)));
    assertRefused(BASE64, encoder.encodeToString(PAIRS.getBytes(UTF_16LE)));
    assertRefused(BASE64, encoder.encodeToString("#!/bin/sh\necho hello".getBytes(UTF_8)));
    assertRefused(BASE64, once.substring(0, 41));
  }

  @Test
  void other_encodings_are_named() throws IOException {
    assertRefused(
        "is encoded in hexadecimal; give it plain",
        HexFormat.of().formatHex(PAIRS.getBytes(UTF_8)));
    assertRefused(
        "is encoded in hexadecimal; give it plain",
        HexFormat.ofDelimiter(" ").withUpperCase().formatHex(PAIRS.getBytes(UTF_8)));
    assertRefused("is URL-encoded; give it plain", URLEncoder.encode(PAIRS, UTF_8));
    assertRefused(
        "is compressed (gzip or the like); give it plain", new String(gzip(PAIRS), UTF_8));
    for (byte[] bytes :
        List.of(PAIRS.getBytes(UTF_16LE), PAIRS.getBytes(UTF_16BE), PAIRS.getBytes(UTF_16))) {
      assertRefused("is UTF-16 or UTF-32, not UTF-8; save it as UTF-8", new String(bytes, UTF_8));
    }
    assertRefused(
        "is JSON; give key=value pairs, separated by commas or newlines",
        "{\n \"concurrency\": \"4\", \"secret_access_key\": \"a=\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"concurrency=4\"", " 'a=b,c=d'\n", "\"a=b\",\"c=d\""})
  void quotes_around_all_of_a_text_are_to_be_left_out(String text) {
    assertRefused("is in quotes; leave them out", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a=b",
        "hello world",
        "helloworldhelloworld",
        "concurrency",
        "secret_access_key=",
        "create_queues=",
        "executor.url=http://x/?a%3Db",
        "#!/bin/sh",
        "0000000000000000000000",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "[x]=y"
      })
  void plain_text_is_not_taken_for_an_encoding(String text) {
    assertNull(Encoding.complaint(text));
  }

  @Test
  void long_texts_are_no_trouble() {
    for (String part : List.of("a", "0", "=", "%3D", "{\"", "ab ", "\0", "A/+")) {
      Encoding.complaint(part.repeat(16 * 1024));
    }
  }
}
