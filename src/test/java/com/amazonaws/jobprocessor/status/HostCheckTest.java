package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
  private final HostCheck hosts = new HostCheck(HostCheckTest::isOurs);

  private static boolean isOurs(InetAddress address) {
    try {
      return address.equals(InetAddress.getByName("10.0.0.7"))
          || address.equals(InetAddress.getByName("fd00::7"));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8090",
        "LocalHost:8090",
        "worker.localhost:1",
        "127.0.0.1",
        "127.0.0.1:8090",
        "127.8.9.1",
        "[::1]",
        "[::1]:8090",
        "[0:0:0:0:0:0:0:1]:8090",
        "10.0.0.7",
        "10.0.0.7:8090",
        "[fd00::7]:8090"
      })
  void addresses_of_this_machine_and_the_names_of_loopback_are_here(String host) {
    assertTrue(hosts.isHere(host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":8090",
        "evil.example",
        "evil.example:8090",
        "localhost.evil.example",
        "notlocalhost",
        "127.0.0.1.evil.example",
        "10.0.0.8",
        "10.0.0.7@evil.example",
        "evil.example#127.0.0.1",
        "[::1",
        "[::1]x",
        "[::1]evil.example:80",
        "::1]",
        "[fd00::8]",
        "[fe80::1%lo]",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "256.0.0.1",
        "127.0.0.1:80:80",
        "localhost:99999999",
        "localhost\u0000"
      })
  void everything_else_is_elsewhere_and_no_name_is_looked_up(String host) {
    assertFalse(hosts.isHere(host));
  }

  @Test
  void by_default_the_network_interfaces_decide() throws Exception {
    assertTrue(new HostCheck().isHere("127.0.0.1"));
    assertFalse(new HostCheck().isHere("192.0.2.1")); // for documentation only: RFC 5737
    InetAddress own = InetAddress.getLoopbackAddress();
    assertTrue(new HostCheck().isHere(own.getHostAddress()));
  }
}
