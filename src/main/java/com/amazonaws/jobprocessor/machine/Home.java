package com.amazonaws.jobprocessor.machine;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the worker's files are.
 *
 * @param conf the settings baked into the image, which user data overrides; may not exist
 * @param lib the folder of the executor jars; may not exist
 * @param state for notes that must outlive the process; may not exist
 */
public record Home(Path conf, Path lib, Path state) {
  /** Of services, by the Filesystem Hierarchy Standard. */
  private static final Path SERVICES = Path.of("/var/lib");

  /** As the start script and the environment have it. */
  public static Home of(Map<String, String> environment, String home) {
    Path root = Path.of(home);
    String lib = environment.get("JOB_PROCESSOR_LIB");
    return new Home(
        root.resolve("conf").resolve("job-processor.conf"),
        lib == null || lib.isEmpty() ? root.resolve("lib") : Path.of(lib),
        state(environment));
  }

  /** Prices that differ from those that come with the program; may not exist. */
  public Path prices() {
    return conf.resolveSibling("prices.properties");
  }

  /** systemd's folder for the service, else the user's by the XDG base directory specification. */
  private static Path state(Map<String, String> environment) {
    String systemd = environment.getOrDefault("STATE_DIRECTORY", "").split(":", 2)[0];
    if (!systemd.isEmpty()) {
      return Path.of(systemd);
    }
    Path xdg = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    if (xdg.isAbsolute()) { // or it does not count, by that specification
      return xdg.resolve("job-processor");
    }
    // Java says "?" of a user whom /etc/passwd does not know, as in a container, without HOME.
    Path user = Path.of(System.getProperty("user.home"));
    return (user.isAbsolute() ? user.resolve(".local").resolve("state") : SERVICES)
        .resolve("job-processor");
  }
}
