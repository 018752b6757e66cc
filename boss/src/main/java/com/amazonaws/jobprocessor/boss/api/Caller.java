package com.amazonaws.jobprocessor.boss.api;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Where a request comes from, as far as it can be known. */
public final class Caller {
  private Caller() {}

  /** True if it comes from this machine: then it is a proxy's, perhaps. */
  public static boolean isLocal(Context request) {
    try {
      // An address in digits: nothing is looked up.
      return InetAddress.getByName(request.req().getRemoteAddr()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The address of the client; only a proxy on this machine is believed to say another's. */
  public static String address(Context request) {
    String forwarded = request.header("X-Forwarded-For");
    if (forwarded != null && isLocal(request)) {
      // The last is what the proxy on this machine has seen; those before it anybody can write.
      String last = forwarded.substring(forwarded.lastIndexOf(',') + 1).strip();
      if (last.matches("[0-9A-Fa-f.:]{2,45}")) {
        return last;
      }
    }
    return request.req().getRemoteAddr();
  }
}
