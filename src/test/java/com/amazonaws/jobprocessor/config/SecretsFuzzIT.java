package com.amazonaws.jobprocessor.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However settings are written, no eight characters of a secret in a row are shown anywhere, plain
 * or in an encoding that anybody could undo.
 */
class SecretsFuzzIT {
  private static final int WINDOW = 8;
  private static final Pattern RUN = Pattern.compile("[A-Za-z0-9+/_-]{10,}");

  private static final Pattern HEX = Pattern.compile("(?:[0-9A-Fa-f]{2}[ %=]?){8,}");

  private static final List<String> SEPARATORS =
      List.of(
          ",", "\n", ";", "|", "&", "\t", " ", "\u00a0", "\u200b", "\u2003", "\u3000", ", ", "; ",
          "\r\n", "\r", "\u2028", "\uff0c", "\uff1b", " | ", "&&", "\\n", ",,", "/", "#", "\u0085");

  private static final List<String> EQUALS =
      List.of(
          "=", " = ", ": ", ":", "\uff1d", "=>", "==", " ", "\t", "\u00a0=", "=\n", "\n", "->",
          ",");

  private static final List<String> SECRET_KEYS =
      List.of(
          "secret_access_key",
          "session_token",
          "executor.password",
          "executor.api_key",
          "AWS_SECRET_ACCESS_KEY",
          "secretAccessKey",
          "secrt_access_key",
          "my_token",
          "status_token",
          "se\u200bcret_access_\u200bkey",
          "\uff53\uff45\uff43\uff52\uff45\uff54_access_key");

  private static final List<String> OPEN =
      List.of(
          "concurrency=4",
          "concurrency=many",
          "executor.url=http://127.0.0.1/x?a=b",
          "executor.command=run --fast",
          "job_backlog_queue_name=thumbnails",
          "job_executor=com.example.Thumbnails",
          "aws_region=us-east-1",
          "payload_bucket_name=my-payloads",
          "colour=blue",
          "hello=world",
          "poll_rate_per_minute=5",
          "log_level=loud",
          "access_key_id=AKIA");

  private final Random random;

  SecretsFuzzIT() {
    random = new Random(7);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private String canary() {
    String alphabet =
        any(
            List.of(
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "0123456789abcdef",
                "abcdefghijklmnopqrstuvwxyz",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"));
    String text =
        random
            .ints(16 + random.nextInt(30), 0, alphabet.length())
            .mapToObj(i -> alphabet.substring(i, i + 1))
            .collect(Collectors.joining());
    return random.nextInt(4) == 0 ? text + "==" : text;
  }

  /** The settings as somebody may write them who has not read how. */
  private String rendered(String canary) {
    String quote = any(List.of("", "", "", "\"", "'", "`", "\u201c"));
    String equals = random.nextBoolean() ? "=" : any(EQUALS);
    String before = any(List.of("", "", "", "export ", "- ", "  ", "set ", "$env:", "\"", "--"));
    List<String> pairs = new ArrayList<>();
    String broken = random.nextInt(6) == 0 ? canary.substring(0, 7) + any(SEPARATORS) : "";
    String value = broken.isEmpty() ? canary : broken + canary.substring(7);
    pairs.add(before + any(SECRET_KEYS) + equals + quote + value + quote);
    for (int i = random.nextInt(5); i > 0; i--) {
      pairs.add(
          before + any(OPEN).replaceFirst("=", Matcher.quoteReplacement(equals + quote)) + quote);
    }
    Collections.shuffle(pairs, random);
    String text = String.join(any(SEPARATORS), pairs);
    return any(List.of("", "", "", "", "{", "[", "\"", "#!/bin/sh\n#job-processor: ", "\uFEFF"))
        + text
        + any(List.of("", "", "\n", "}", "\"", ","));
  }

  private static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private String wrapped(String text) {
    int width = any(List.of(4, 7, 12, 19, 60, 64, 76));
    return text.replaceAll(
        "(.{" + width + "})", "$1" + any(List.of("\n", "\r\n", " ", ",\n", ";")));
  }

  private static String base32(String text) {
    StringBuilder digits = new StringBuilder();
    long bits = 0;
    int count = 0;
    for (byte b : text.getBytes(UTF_8)) {
      bits = bits << 8 | (b & 0xff);
      count += 8;
      while (count >= 5) {
        count -= 5;
        digits.append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".charAt((int) (bits >> count) & 31));
      }
    }
    return digits + "===";
  }

  private static String escaped(String text, String format) {
    return text.chars().mapToObj(format::formatted).collect(Collectors.joining());
  }

  private Map<String, UnaryOperator<String>> encodings() {
    Map<String, UnaryOperator<String>> encodings = new LinkedHashMap<>();
    Base64.Encoder base64 = Base64.getEncoder();
    encodings.put("plain", text -> text);
    encodings.put("base64", text -> base64.encodeToString(text.getBytes(UTF_8)));
    encodings.put(
        "base64 twice", text -> base64.encodeToString(base64.encode(text.getBytes(UTF_8))));
    encodings.put("base64url", text -> Base64.getUrlEncoder().encodeToString(text.getBytes(UTF_8)));
    encodings.put("base64 wrapped", text -> wrapped(base64.encodeToString(text.getBytes(UTF_8))));
    encodings.put("gzip base64", text -> base64.encodeToString(gzip(text)));
    encodings.put("gzip base64 wrapped", text -> wrapped(base64.encodeToString(gzip(text))));
    encodings.put("URL", text -> URLEncoder.encode(text, UTF_8));
    encodings.put("URL throughout", text -> escaped(text, "%%%02x"));
    encodings.put("hex", text -> HexFormat.of().formatHex(text.getBytes(UTF_8)));
    encodings.put("hex wrapped", text -> wrapped(HexFormat.of().formatHex(text.getBytes(UTF_8))));
    encodings.put(
        "hex with blanks", text -> HexFormat.ofDelimiter(" ").formatHex(text.getBytes(UTF_8)));
    encodings.put("UTF-16", text -> new String(text.getBytes(UTF_16LE), UTF_8));
    encodings.put("decimal", text -> escaped(text, "%d "));
    encodings.put("decimal lines", text -> escaped(text, "%d\n"));
    encodings.put("entities", text -> escaped(text, "&#%d;"));
    encodings.put("quoted-printable", text -> escaped(text, "=%02X"));
    encodings.put("escapes", text -> escaped(text, "\\u%04x"));
    encodings.put("base32", SecretsFuzzIT::base32);
    encodings.put("base32 wrapped", text -> wrapped(base32(text)));
    encodings.put(
        "in a pair", text -> "concurrency=" + base64.encodeToString(text.getBytes(UTF_8)));
    encodings.put(
        "in a pair in hex", text -> "aws_region=" + HexFormat.of().formatHex(text.getBytes(UTF_8)));
    encodings.put(
        "after a pair",
        text -> "concurrency=4," + wrapped(base64.encodeToString(text.getBytes(UTF_8))));
    encodings.put(
        "before a pair", text -> base64.encodeToString(text.getBytes(UTF_8)) + "\nconcurrency=4");
    return encodings;
  }

  private static List<String> everythingShown(String text) {
    Configuration read = Read.bakedAndUserData("concurrency=3", text);
    List<String> shown = new ArrayList<>(read.warnings());
    read.problems().forEach(problem -> shown.add(problem.key() + " " + problem.message()));
    read.effective().stream()
        .filter(row -> !row.origin().equals("default"))
        .forEach(row -> shown.add(row.toString()));
    Configuration.refusedOnCommandLine(text).forEach(problem -> shown.add(problem.message()));
    if (read.problems().isEmpty()) {
      Settings settings = read.settings();
      shown.add(settings.toString());
      Redactor redactor = new Redactor(read.secrets());
      settings.executor().settings().values().forEach(v -> shown.add(redactor.redact(v)));
    }
    return shown;
  }

  /** The text, and what can be made of it by undoing an encoding. */
  private static List<String> readings(String shown) {
    List<String> readings = new ArrayList<>(List.of(shown));
    Matcher run = RUN.matcher(shown);
    while (run.find()) {
      String digits = run.group().replace('-', '+').replace('_', '/');
      for (int start = 0; start < 4; start++) {
        String whole = digits.substring(start, start + (digits.length() - start) / 4 * 4);
        readings.add(new String(Base64.getDecoder().decode(whole), ISO_8859_1));
        readings.add(new String(Base64.getDecoder().decode(whole), ISO_8859_1).replace("\0", ""));
      }
    }
    Matcher hex = HEX.matcher(shown);
    while (hex.find()) {
      String digits = hex.group().replaceAll("[ %=]", "");
      readings.add(new String(HexFormat.of().parseHex(digits), ISO_8859_1));
      readings.add(
          new String(
              HexFormat.of().parseHex("0" + digits.substring(0, digits.length() - 1)), ISO_8859_1));
    }
    return readings;
  }

  private static void assertHidden(String canary, String text, String encoding) {
    String value = canary.replace("=", "");
    for (String shown : everythingShown(text)) {
      for (String reading : readings(shown)) {
        for (int i = 0; i + WINDOW <= value.length(); i++) {
          assertFalse(
              reading.contains(value.substring(i, i + WINDOW)),
              () -> encoding + ": " + shown + "\nof: " + Printable.line(text));
        }
      }
    }
  }

  @Test
  void no_part_of_a_secret_is_shown_in_any_writing_or_encoding() {
    for (Map.Entry<String, UnaryOperator<String>> encoding : encodings().entrySet()) {
      int rounds = encoding.getKey().equals("plain") ? 600 : 30;
      for (int i = 0; i < rounds; i++) {
        String canary = canary();
        assertHidden(canary, encoding.getValue().apply(rendered(canary)), encoding.getKey());
      }
    }
  }

  /** The cases that other systems' users have met. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "concurrency=4;secret_access_key=@",
        "concurrency=4 secret_access_key=@",
        "job_backlog_queue_name=q|access_key_id=a|secret_access_key=@",
        "job_backlog_queue_name=q\u00a0secret_access_key=@",
        "executor.url=http://x&session_token=@",
        "executor.url=http://x;password: @",
        "concurrency: 4\nsecret_access_key: @\n",
        "concurrency: 4\nsecret_access_key: >\n  @\n",
        "{\"concurrency\":4,\"secret_access_key\":\"@==\"}",
        "export ACCESS=\"a\"\nexport SECRET_ACCESS_KEY=\"@\"",
        "secret_access_key\uff1d@,concurrency\uff1d4",
        "secret_access_key,@,concurrency,4",
        "key,value\nsecret_access_key,@=\n",
        "@=secret_access_key",
        "hello @ secret_access_key",
        "aws configure set aws_secret_access_key @",
        "[default]\naws_secret_access_key @",
        "secret_access_key=\n@=",
        "#!/bin/sh\n#job-processor: concurrency=4; secret_access_key=@",
        "executor.command=mysql -p --password='@' x",
        "executor.url=https://user:@@example.com/"
      })
  void no_part_of_a_secret_is_shown_in_what_users_have_written(String template) {
    for (int i = 0; i < 50; i++) {
      String canary = canary();
      assertHidden(canary, template.replaceFirst("@", Matcher.quoteReplacement(canary)), template);
    }
  }
}
