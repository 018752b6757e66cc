package com.amazonaws.jobprocessor.aws;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.ssl.SSLContexts;
import org.jspecify.annotations.Nullable;

/**
 * TLS as the JVM is set up for it, with the name in the certificate checked. Loaded with its trust
 * store when it is first needed, which is never for the metadata service and for plain HTTP: it is
 * a third of what a start costs, and 8 MB.
 */
public final class Tls implements TlsSocketStrategy {
  /** For all clients of the process. */
  public static final Tls WHEN_NEEDED = new Tls();

  private @Nullable DefaultClientTlsStrategy strategy;

  private Tls() {}

  /** Loads now what of it takes longest. */
  static void loadContext() {
    SSLContexts.createSystemDefault();
  }

  private synchronized DefaultClientTlsStrategy strategy() {
    DefaultClientTlsStrategy loaded = strategy;
    if (loaded == null) {
      loaded = DefaultClientTlsStrategy.createSystemDefault();
      strategy = loaded;
    }
    return loaded;
  }

  /**
   * True if the call has come as far as TLS with the host: a proxy that wants TLS has a session of
   * its own before.
   */
  static boolean isWith(HttpHost host, HttpContext context) {
    SSLSession session = HttpCoreContext.cast(context).getSSLSession();
    return session != null && host.getHostName().equalsIgnoreCase(session.getPeerHost());
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String host, int port, Object attachment, HttpContext context)
      throws IOException {
    try {
      return strategy().upgrade(socket, host, port, attachment, context);
    } catch (SSLHandshakeException | InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      // However the handshake has failed, no request has been sent: Sending goes by the class.
      SSLHandshakeException failed = new SSLHandshakeException(String.valueOf(e.getMessage()));
      failed.initCause(e);
      throw failed;
    }
  }
}
