package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.status.http.HttpConnection;
import com.amazonaws.jobprocessor.status.http.RequestHead;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Sends replies as they were asked for: compressed, or without the body. What was compressed for
 * one is kept for others who are given the same reply. Safe for use by several threads.
 */
final class Bodies {
  private static final int MIN_GZIP_BYTES = 1_024;
  private static final Pattern GZIP =
      Pattern.compile("gzip(;q=(1|0?\\.[0-9]*[1-9]).*)?", Pattern.CASE_INSENSITIVE);

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
              + " img-src 'self' data:; form-action 'self'; frame-ancestors 'none';"
              + " base-uri 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "X-Frame-Options",
          "DENY",
          "Cache-Control",
          "no-store");

  private final Map<String, Compressed> kept = new ConcurrentHashMap<>();

  /** What a reply is when it is compressed. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Compressed(Reply of, byte[] bytes) {}

  /**
   * Sends a reply.
   *
   * @param request null if it was none, so that nothing is known of it
   */
  void answer(HttpConnection connection, @Nullable RequestHead request, Reply reply)
      throws IOException {
    Map<String, String> headers = new TreeMap<>(HEADERS);
    headers.putAll(reply.headers());
    headers.put("Content-Type", reply.contentType());
    byte[] body = reply.bytes();
    if (body.length >= MIN_GZIP_BYTES) {
      headers.put("Vary", "Accept-Encoding");
      if (request != null && acceptsGzip(request)) {
        headers.put("Content-Encoding", "gzip");
        body = compressed(request.path(), reply, body);
      }
    }
    boolean onlyHead = request != null && request.method().equals("HEAD");
    connection.answer(reply.status(), headers, body, onlyHead);
  }

  private static boolean acceptsGzip(RequestHead request) {
    for (String codings : request.values("accept-encoding")) {
      for (String coding : codings.split(",", -1)) {
        if (GZIP.matcher(coding.replace(" ", "")).matches()) {
          return true;
        }
      }
    }
    return false;
  }

  /** One a path and type is kept, so there are no more than there are pages. */
  @SuppressWarnings("ReferenceEquality") // of two that are equal, each would do
  private byte[] compressed(String path, Reply reply, byte[] body) {
    if (reply.status() != 200) {
      return gzip(body);
    }
    return kept.compute(
            path + " " + reply.contentType(),
            (_, last) ->
                last != null && last.of() == reply ? last : new Compressed(reply, gzip(body)))
        .bytes();
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it writes to memory
    }
    return bytes.toByteArray();
  }
}
