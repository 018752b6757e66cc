package com.amazonaws.jobprocessor.boss.api;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class ListeningTest {
  private static final String HERE = InetAddress.getLoopbackAddress().getHostAddress();

  @Test
  void a_port_that_is_taken_is_found_before_the_server_tries_it() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThrows(IOException.class, () -> Listening.check(HERE, taken.getLocalPort()));
    }
    assertDoesNotThrow(() -> Listening.check(HERE, 0));
  }

  @Test
  void so_is_an_address_of_another_machine() {
    assertThrows(IOException.class, () -> Listening.check("192.0.2.1", 0));
  }
}
