package com.amazonaws.jobprocessor.status.http;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A connection, on which one request is read and answered. Reads and writes take as long as the
 * other side does; what is over its time is {@link #cut} by another thread.
 */
public final class HttpConnection {
  private static final int FIRST_BYTES = 2 * 1024;

  private final Socket socket;
  private final MonotonicClock clock;
  private final long openedAt;
  private volatile long cutAt;
  private volatile boolean asked;
  private byte[] buffer = new byte[FIRST_BYTES];
  private int read;
  private int bodyAt;
  private boolean unread = true;

  HttpConnection(Socket socket, MonotonicClock clock) {
    this.socket = socket;
    this.clock = clock;
    this.openedAt = clock.nanoTime();
    this.cutAt = openedAt + Limits.MAX_REQUEST.toNanos();
  }

  /**
   * Reads the head of the request.
   *
   * @return null if the other side has gone without asking
   * @throws RequestRefused if it is none, or too long
   */
  public @Nullable RequestHead readHead() throws IOException, RequestRefused {
    InputStream in = socket.getInputStream();
    int end = -1;
    while (end < 0) {
      if (read == buffer.length) {
        if (read >= Limits.MAX_HEAD_BYTES) {
          throw new RequestRefused(431, "headers have at most " + read + " bytes");
        }
        buffer = Arrays.copyOf(buffer, read * 2);
      }
      int from = Math.max(0, read - 3);
      int n = in.read(buffer, read, buffer.length - read);
      if (n < 0) {
        return null;
      }
      read += n;
      end = endOfHead(from);
    }
    RequestHead head = HeadParser.parse(buffer, end);
    unread = head.hasBody();
    if (!unread) {
      hasAsked();
    }
    return head;
  }

  /** Where the head's last line ends, an empty one following; -1 if it is not there yet. */
  private int endOfHead(int from) {
    for (int i = from; i < read; i++) {
      if (buffer[i] == '\n') {
        int next = i + 1 < read && buffer[i + 1] == '\r' ? i + 2 : i + 1;
        if (next < read && buffer[next] == '\n') {
          bodyAt = next + 1;
          return i > 0 && buffer[i - 1] == '\r' ? i - 1 : i;
        }
      }
    }
    return -1;
  }

  /**
   * Reads the request's body.
   *
   * @throws RequestRefused if it is too long, its length is not said, or the other side has ended
   *     before all of it has come: a part of a form may well be another form
   */
  public byte[] readBody(RequestHead head) throws IOException, RequestRefused {
    int length = bodyLength(head);
    if (head.first("expect").equalsIgnoreCase("100-continue")) {
      socket.getOutputStream().write(ResponseHead.CONTINUE);
    }
    byte[] body = Arrays.copyOfRange(buffer, bodyAt, bodyAt + length); // padded, or cut
    int have = Math.min(read - bodyAt, length);
    have += socket.getInputStream().readNBytes(body, have, length - have);
    unread = false;
    if (have < length) {
      throw new RequestRefused(400, "the form is shorter than its Content-Length; send it again");
    }
    hasAsked();
    return body;
  }

  private static int bodyLength(RequestHead head) throws RequestRefused {
    if (!head.values("transfer-encoding").isEmpty()) {
      throw new RequestRefused(411, "a form with a Content-Length, please");
    }
    long lengths = head.values("content-length").stream().distinct().count();
    String text = head.first("content-length");
    if (lengths > 1 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new RequestRefused(400, "no such Content-Length");
    }
    String digits = text.replaceFirst("^0+", "");
    int length =
        digits.isEmpty() ? 0 : digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (length > Limits.MAX_BODY_BYTES) {
      throw new RequestRefused(413, "a form has at most " + Limits.MAX_BODY_BYTES + " bytes");
    }
    return length;
  }

  private void hasAsked() {
    asked = true;
    cutIn(Limits.MAX_RESPONSE);
  }

  private void cutIn(Duration time) {
    cutAt = clock.nanoTime() + time.toNanos();
  }

  /**
   * Sends an answer, and reads some of what was not asked for.
   *
   * @param headers but for those of connection and length
   * @param onlyHead leaves out the body
   */
  public void answer(int status, Map<String, String> headers, byte[] body, boolean onlyHead)
      throws IOException {
    hasAsked();
    byte[] head = ResponseHead.of(status, headers, body.length);
    byte[] all = head;
    if (!onlyHead) {
      all = Arrays.copyOf(head, head.length + body.length);
      System.arraycopy(body, 0, all, head.length, body.length);
    }
    socket
        .getOutputStream()
        .write(all); // at once: what is written apart waits for an acknowledgement
    if (unread) {
      linger();
    }
  }

  /**
   * A connection that is closed while something of the other side's is unread is reset, and with it
   * goes the answer, perhaps before it is read (RFC 9112, section 9.6).
   */
  private void linger() throws IOException {
    cutIn(Limits.MAX_LINGER);
    socket.shutdownOutput();
    InputStream in = socket.getInputStream();
    int left = Limits.MAX_LINGER_BYTES;
    for (int n = 0; n >= 0 && left > 0; left -= n) {
      n = in.read(buffer);
    }
  }

  /** Whether it is over its time; a shorter one if others wait for its place. */
  boolean isOver(long now, boolean full) {
    boolean slow = !asked && now - openedAt - Limits.MAX_REQUEST_WHEN_FULL.toNanos() >= 0;
    return now - cutAt >= 0 || (full && slow);
  }

  /** Ends it at once, whatever it does. */
  void cut() {
    try {
      socket.close();
    } catch (IOException e) {
      // it is closed
    }
  }
}
