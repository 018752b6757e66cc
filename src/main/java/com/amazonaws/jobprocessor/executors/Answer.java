package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The text of an HTTP answer's body, by what its headers say of it. */
final class Answer {
  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\"';\\s]+)");
  private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cc}\\uFFFD&&[^\\n\\t]]+");

  private final HttpHeaders headers;
  private final Collected body;

  Answer(HttpHeaders headers, Collected body) {
    this.headers = headers;
    this.body = body;
  }

  /**
   * The charset that a media type names, UTF-8 if it names none.
   *
   * @throws IllegalArgumentException if Java does not know it
   */
  static Charset charset(String contentType) {
    String name = charsetName(contentType);
    return name == null ? UTF_8 : Charset.forName(name);
  }

  private static @Nullable String charsetName(String contentType) {
    Matcher charset = CHARSET.matcher(contentType);
    return charset.find() ? charset.group(1) : null;
  }

  /**
   * The body as text, no byte of it changed or left out.
   *
   * @throws ResultTooLarge if it has more than a result may have
   * @throws ResultNotText if it is no text in the charset that it names, or is encoded otherwise
   */
  String text() throws IOException, InterruptedException {
    if (body.isOverLimit()) {
      throw new ResultTooLarge("the answer");
    }
    if (body.size() == 0) {
      return "";
    }
    List<String> codings = codings();
    if (codings.isEmpty()) {
      return text(body);
    }
    if (codings.equals(List.of("gzip")) || codings.equals(List.of("x-gzip"))) {
      try (Collected plain = unpacked()) {
        return text(plain);
      }
    }
    throw new ResultNotText(
        "the answer has the Content-Encoding \""
            + String.join(", ", codings)
            + "\", which was not asked for");
  }

  private String text(Collected bytes) throws IOException, InterruptedException {
    String type = headers.firstValue("Content-Type").orElse("");
    Charset charset;
    try {
      charset = charset(type);
    } catch (IllegalArgumentException e) {
      throw new ResultNotText(
          "the answer has the charset \"" + charsetName(type) + "\", which is unknown");
    }
    return StrictText.of(bytes, charset, "the answer", true);
  }

  private List<String> codings() {
    return headers.allValues("Content-Encoding").stream()
        .flatMap(Pattern.compile(",")::splitAsStream)
        .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
        .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
        .toList();
  }

  /** Some servers pack whatever was asked for. */
  private Collected unpacked() throws IOException {
    Collected plain = new Collected(Collected.MAX_RESULT);
    try (InputStream packed = new GZIPInputStream(body.stream())) {
      byte[] buffer = new byte[8192];
      for (int n = packed.read(buffer); n >= 0 && !plain.isOverLimit(); n = packed.read(buffer)) {
        plain.add(buffer, 0, n);
      }
    } catch (ExecutorUnavailable e) {
      plain.close();
      throw e;
    } catch (ZipException | EOFException e) {
      plain.close();
      throw new ResultNotText("the answer cannot be unpacked as gzip: " + e.getMessage());
    }
    if (plain.isOverLimit()) {
      plain.close();
      throw new ResultTooLarge("the unpacked answer");
    }
    return plain;
  }

  /** What can be read of the body's beginning, for a message; empty if there is nothing. */
  String beginning() throws IOException {
    if (!codings().isEmpty()) {
      return "";
    }
    Charset charset;
    try {
      charset = charset(headers.firstValue("Content-Type").orElse(""));
    } catch (IllegalArgumentException e) {
      charset = UTF_8;
    }
    try (InputStream in = body.stream()) {
      String text = new String(in.readAllBytes(), charset);
      return UNREADABLE.matcher(text).replaceAll(" ").strip();
    }
  }

  /** How long the answer asks to wait, if it does. */
  Optional<RetryAfterHeader> retryAfter() {
    return headers.firstValue("Retry-After").flatMap(RetryAfterHeader::of);
  }
}
