package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.message.Printable;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Spares a client that asks again and again an answer that has not changed: a weak tag of what is
 * answered, and 304 if the client has it (RFC 9110, sections 8.8.3 and 13.1.2). What is streamed
 * has none.
 */
final class EntityTag {
  private static final int DIGITS = 32;
  private static final Set<HandlerType> METHODS = Set.of(HandlerType.GET, HandlerType.HEAD);

  private EntityTag() {}

  /** Tags the answer that a request has got, or takes it back. */
  static void put(Context request) {
    InputStream body = request.resultInputStream();
    if (!METHODS.contains(request.method())
        || request.statusCode() != 200
        || !(body instanceof ByteArrayInputStream bytes)) {
      return;
    }
    byte[] all = bytes.readAllBytes();
    bytes.reset();
    String tag = "W/\"" + Printable.sha256(all).substring(0, DIGITS) + "\"";
    request.header("ETag", tag);
    String known = request.header("If-None-Match");
    if (known != null && Stream.of(known.split(",", -1)).map(String::strip).anyMatch(tag::equals)) {
      request.status(304).result(new byte[0]);
    }
  }
}
