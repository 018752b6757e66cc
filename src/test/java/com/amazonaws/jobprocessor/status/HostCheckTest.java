package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
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
        "[fd00::7]:8090",
        "203.0.113.9", // a public address of EC2's is on no interface
        "203.0.113.9:18090",
        "[2001:db8::9]:8090",
        "[::ffff:10.0.0.7]:8090"
      })
  void every_address_and_the_names_of_loopback_may_be_here(String host) {
    assertTrue(HostCheck.mayBeHere(host));
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
        "10.0.0.7@evil.example",
        "evil.example#127.0.0.1",
        "[::1",
        "[::1]x",
        "[::1]evil.example:80",
        "::1]",
        "[fe80::1%lo]",
        "[::1::1]",
        "[12345::1]",
        "[:]",
        "[10.0.0.7]",
        "fd00::7",
        "::1",
        "10.0.7",
        "[::1]:80:80",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "256.0.0.1",
        "127.0.0.1:80:80",
        "localhost:99999999",
        "localhost\u0000"
      })
  void everything_else_is_elsewhere(String host) {
    assertFalse(HostCheck.mayBeHere(host));
  }
}
