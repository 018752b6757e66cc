package com.amazonaws.jobprocessor.bench.sqs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** What a connection's bytes go through, as they are or encrypted; it never waits. */
interface Wire {
  /**
   * Reads what is there.
   *
   * @param into an empty buffer
   * @return how many bytes, or -1 if no more will come
   */
  int read(ByteBuffer into) throws IOException;

  /**
   * Sends what the socket takes.
   *
   * @return whether that was all; else it is to be called again, with the same buffer
   */
  boolean write(ByteBuffer bytes) throws IOException;

  /** Plain HTTP. */
  record Plain(SocketChannel channel) implements Wire {
    @Override
    public int read(ByteBuffer into) throws IOException {
      return channel.read(into);
    }

    @Override
    public boolean write(ByteBuffer bytes) throws IOException {
      channel.write(bytes);
      return !bytes.hasRemaining();
    }
  }
}
