package com.amazonaws.jobprocessor.status;

import java.net.InetAddress;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells whether a request's Host may be this machine. A page of somebody else's, whose name is made
 * to stand for this machine's address, could read ours otherwise (DNS rebinding); the browser names
 * it in the Host. Addresses in digits cannot be made to stand for another, so all of them may be
 * this machine's: a public address of EC2's or a container's published port is on none of its
 * network interfaces.
 */
final class HostCheck {
  /** Digits and dots, or in brackets: nothing that has to be looked up. */
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:]*:[0-9a-f:.]*]");

  private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");

  private HostCheck() {}

  /** True for every IP address and for the names of loopback, with or without a port. */
  static boolean mayBeHere(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    if (name.equals("localhost") || name.equals("localhost.") || name.endsWith(".localhost")) {
      return true; // never anybody else's: RFC 6761, section 6.3
    }
    return ADDRESS.matcher(name).matches() && isAddress(name);
  }

  private static boolean isAddress(String name) {
    try {
      InetAddress.ofLiteral(name);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
