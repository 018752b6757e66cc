package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A file that cannot be read is said with its option, its name and the reason in words. */
class UserFileTest {
  @TempDir Path folder;

  private static String userData(Path file) throws StartRefused {
    return UserFile.userData(file, InputStream.nullInputStream());
  }

  private static String refused(Executable read) {
    StartRefused refused = assertThrows(StartRefused.class, read);
    assertEquals(78, refused.status());
    assertEquals(1, refused.lines().size());
    return refused.lines().getFirst();
  }

  @Test
  void a_file_that_is_missing_or_a_folder() {
    Path missing = folder.resolve("nofile");
    assertEquals(
        "--user-data-file: cannot read \"" + missing + "\": there is no such file",
        refused(() -> userData(missing)));
    assertEquals(
        "--user-data-file: cannot read \"" + folder + "\": it is a folder",
        refused(() -> userData(folder)));
    assertEquals(
        "conf/job-processor.conf: cannot read \"" + folder + "\": it is a folder",
        refused(() -> UserFile.conf(folder)));
  }

  @Test
  void a_file_that_is_not_ours_or_no_file_at_all() throws Exception {
    Path loop = folder.resolve("loop");
    Files.createSymbolicLink(loop, loop);
    String message = refused(() -> userData(loop));
    assertTrue(message.contains("Too many levels of symbolic links"), message);
    Path hidden = Files.writeString(folder.resolve("hidden"), "a=b");
    if (hidden.toFile().setReadable(false, false) && !Files.isReadable(hidden)) { // not for root
      assertEquals(
          "--user-data-file: cannot read \"" + hidden + "\": permission denied",
          refused(() -> userData(hidden)));
    }
  }

  @Test
  void a_file_without_an_end() {
    assertEquals(
        "--user-data-file: \"/dev/zero\" has more than 1 MiB; EC2 allows 16 KiB of user data",
        refused(() -> userData(Path.of("/dev/zero"))));
  }

  @Test
  void standard_input_is_read_and_said_if_it_is_closed() throws Exception {
    Path dash = Path.of("-");
    assertEquals("a=b", UserFile.userData(dash, new ByteArrayInputStream(new byte[] {97, 61, 98})));
    InputStream closed = new FileInputStream("/dev/null");
    closed.close();
    assertEquals(
        "--user-data-file -: standard input is closed",
        refused(() -> UserFile.userData(dash, closed)));
  }
}
