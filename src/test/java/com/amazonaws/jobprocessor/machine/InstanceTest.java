package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTest {
  @TempDir private Path folder;

  @Test
  void the_host_name_is_the_kernels() throws IOException {
    Path file = Files.writeString(folder.resolve("hostname"), "box-7\n");
    assertEquals("box-7", Instance.hostName(file));
  }

  @Test
  void where_the_kernel_does_not_tell_it_is_javas() throws IOException {
    assertEquals(
        InetAddress.getLocalHost().getHostName(), Instance.hostName(folder.resolve("none")));
  }
}
