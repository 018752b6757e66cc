package com.amazonaws.jobprocessor.status;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tells whether a request's Host is this machine. A page of somebody else's, whose name is made to
 * stand for this machine's address, could read ours otherwise (DNS rebinding); the browser names it
 * in the Host.
 */
final class HostCheck {
  /** Digits and dots, or in brackets: nothing that has to be looked up. */
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*");

  private static final Pattern PORT = Pattern.compile(":[0-9]{0,5}$");

  private final Predicate<InetAddress> isOurs;

  /** As this machine's network interfaces have it. */
  HostCheck() {
    this(HostCheck::hasInterface);
  }

  HostCheck(Predicate<InetAddress> isOurs) {
    this.isOurs = isOurs;
  }

  private static boolean hasInterface(InetAddress address) {
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }

  /** True for an address of this machine and for the names of loopback, with or without a port. */
  boolean isHere(String host) {
    String name = withoutPort(host.toLowerCase(Locale.ROOT));
    if (name.equals("localhost") || name.equals("localhost.") || name.endsWith(".localhost")) {
      return true; // never anybody else's: RFC 6761, section 6.3
    }
    if (!ADDRESS.matcher(name).matches()) {
      return false;
    }
    try {
      InetAddress address = InetAddress.getByName(name);
      return address.isLoopbackAddress() || isOurs.test(address);
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String withoutPort(String host) {
    if (host.startsWith("[")) {
      int end = host.indexOf(']');
      return end > 0 && PORT.matcher(host.substring(end + 1)).replaceFirst("").isEmpty()
          ? host.substring(1, end)
          : "";
    }
    return PORT.matcher(host).replaceFirst("");
  }
}
