package com.amazonaws.jobprocessor.bench.sqs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A client's connection: one request after the other, each answered before the next is read. */
final class Connection implements Reply {
  private static final int LONGEST = 4 << 20;
  private static final String COMMON_HEADERS =
      """
      Content-Type: application/x-amz-json-1.0\r
      x-amzn-RequestId: 00000000-0000-0000-0000-000000000000\r
      Content-Length: \
      """;

  private final SocketChannel channel;
  private final Wire wire;
  private final SelectionKey key;
  private final SqsServer server;
  private byte[] in = new byte[4096];
  private int count;
  private boolean busy;
  private boolean continued;
  private @Nullable ByteBuffer unsent;

  Connection(SocketChannel channel, Wire wire, SelectionKey key, SqsServer server) {
    this.channel = channel;
    this.wire = wire;
    this.key = key;
    this.server = server;
  }

  /** Reads what is there, by way of a buffer that all connections share, and does it. */
  void read(ByteBuffer shared) {
    try {
      shared.clear();
      if (wire.read(shared) < 0) {
        close();
        return;
      }
      shared.flip();
      int more = shared.remaining();
      if (count + more > in.length) {
        in = Arrays.copyOf(in, Math.max(count + more, in.length * 2));
      }
      shared.get(in, count, more);
      count += more;
      proceed();
    } catch (IOException | NumberFormatException _) {
      close(); // gone, or no client of SQS
    }
  }

  /** Does the requests that are there as a whole, up to one that has to wait. */
  private void proceed() {
    while (!busy && isOpen()) {
      RequestHead head = RequestHead.read(in, count);
      if (head == null) {
        if (count > LONGEST) {
          close();
        }
        return;
      }
      if (head.bodyLength() < 0 || head.bodyLength() > LONGEST) {
        close(); // no client of SQS sends in chunks
        return;
      }
      if (count < head.length() + head.bodyLength()) {
        allow(head);
        return;
      }
      take(head);
    }
  }

  private void allow(RequestHead head) {
    if (head.expectsContinue() && !continued) {
      continued = true;
      write(ByteBuffer.wrap("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1)));
    }
  }

  private void take(RequestHead head) {
    int length = head.length() + head.bodyLength();
    String body = new String(in, head.length(), head.bodyLength(), UTF_8);
    System.arraycopy(in, length, in, 0, count - length);
    count -= length;
    continued = false;
    busy = true;
    server.handle(head, body, this);
  }

  @Override
  public void ok(String json) {
    answer("HTTP/1.1 200 OK\r\n", json);
  }

  @Override
  public void refuse(SqsError error) {
    StringBuilder json = new StringBuilder("{");
    Json.member(json, "__type", "com.amazonaws.sqs#" + error.type());
    Json.member(json, "message", error.text());
    answer(
        "HTTP/1.1 400 Bad Request\r\nx-amzn-query-error: " + error.queryCode() + ";Sender\r\n",
        json.append('}').toString());
  }

  private void answer(String status, String json) {
    byte[] body = json.getBytes(UTF_8);
    byte[] head = (status + COMMON_HEADERS + body.length + "\r\n\r\n").getBytes(ISO_8859_1);
    server.deliver(this, ByteBuffer.allocate(head.length + body.length).put(head).put(body).flip());
  }

  /** Sends an answer, and goes on with the next request if there is one. */
  void deliver(ByteBuffer answer) {
    busy = false;
    write(answer);
    if (count > 0) {
      proceed();
    }
  }

  private void write(ByteBuffer bytes) {
    try {
      if (!wire.write(bytes)) {
        unsent = bytes;
        key.interestOps(SelectionKey.OP_WRITE); // reads nothing until it is sent
      }
    } catch (IOException _) {
      close();
    }
  }

  /** Sends the rest of an answer that did not fit the socket's buffer. */
  void writeRest() {
    ByteBuffer rest = unsent;
    unsent = null;
    key.interestOps(SelectionKey.OP_READ);
    if (rest != null) {
      write(rest);
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException _) {
      key.cancel(); // what else there is to close
    }
  }
}
