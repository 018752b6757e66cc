package com.amazonaws.jobprocessor.bench.sqs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.Status;

/** The server's end of TLS. */
final class TlsWire implements Wire {
  /** Less than what {@link #read} is given room for, so that all that has come fits. */
  private static final int RECEIVED_AT_ONCE = 64 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final ByteBuffer received = ByteBuffer.allocate(RECEIVED_AT_ONCE);
  private final ByteBuffer toSend;

  TlsWire(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    engine.setUseClientMode(false);
    toSend = ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).limit(0);
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int before = into.position();
    int came = channel.read(received);
    received.flip();
    decrypt(into);
    received.compact();
    int plain = into.position() - before;
    return plain == 0 && (came < 0 || engine.isInboundDone()) ? -1 : plain;
  }

  /** Decrypts what has come as a whole, and answers what of it belongs to a handshake. */
  private void decrypt(ByteBuffer into) throws IOException {
    Status status;
    do {
      status = engine.unwrap(received, into).getStatus();
      shakeHands();
    } while (status == Status.OK);
    if (status == Status.BUFFER_OVERFLOW) {
      throw new IOException("a record of TLS does not fit");
    }
  }

  private void shakeHands() throws IOException {
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK -> runTasks();
        case NEED_WRAP -> {
          boolean open = encrypt(NOTHING);
          if (!flush()) {
            throw new IOException("the client does not read the handshake");
          }
          if (!open) {
            return;
          }
        }
        default -> {
          return;
        }
      }
    }
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }

  @Override
  public boolean write(ByteBuffer bytes) throws IOException {
    while (flush()) {
      if (!bytes.hasRemaining()) {
        return true;
      }
      if (!encrypt(bytes)) {
        throw new IOException("the client has ended TLS");
      }
    }
    return false;
  }

  /** Makes the next record, once the one before is sent; returns false if TLS has ended. */
  private boolean encrypt(ByteBuffer bytes) throws IOException {
    toSend.clear();
    Status status = engine.wrap(bytes, toSend).getStatus();
    toSend.flip();
    return status == Status.OK;
  }

  private boolean flush() throws IOException {
    if (toSend.hasRemaining()) {
      channel.write(toSend);
    }
    return !toSend.hasRemaining();
  }
}
