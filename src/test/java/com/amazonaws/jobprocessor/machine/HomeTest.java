package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeTest {
  @Test
  void jars_are_in_lib_under_the_home_unless_the_environment_names_a_folder() {
    assertEquals(Path.of("/opt/jp/lib"), Home.of(Map.of(), "/opt/jp").lib());
    assertEquals(Path.of("/jars"), Home.of(Map.of("JOB_PROCESSOR_LIB", "/jars"), "/opt/jp").lib());
    assertEquals(Path.of("/opt/jp/lib"), Home.of(Map.of("JOB_PROCESSOR_LIB", ""), "/opt/jp").lib());
  }

  @Test
  void the_state_folder_is_systemds_then_the_users() {
    Map<String, String> systemd = Map.of("STATE_DIRECTORY", "/var/lib/jp:/var/lib/other");
    assertEquals(Path.of("/var/lib/jp"), Home.of(systemd, "/opt/jp").state());
    assertEquals(
        Path.of("/home/u/state/job-processor"),
        Home.of(Map.of("XDG_STATE_HOME", "/home/u/state"), "/opt/jp").state());
    Path users = Path.of(System.getProperty("user.home"), ".local", "state", "job-processor");
    assertEquals(users, Home.of(Map.of(), "/opt/jp").state());
    assertEquals(users, Home.of(Map.of("XDG_STATE_HOME", "state"), "/opt/jp").state());
  }

  @Test
  void the_state_of_a_user_without_a_home_is_not_in_the_working_directory() {
    String home = System.getProperty("user.home");
    System.setProperty("user.home", "?"); // as Java has it where /etc/passwd does not know the user
    try {
      assertEquals(Path.of("/var/lib/job-processor"), Home.of(Map.of(), "/opt/jp").state());
    } finally {
      System.setProperty("user.home", home);
    }
  }
}
