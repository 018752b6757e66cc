package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Database;
import com.amazonaws.jobprocessor.boss.store.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Where the boss's database is. */
final class DatabaseOptions {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseOptions.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String USER = "BOSS_DATABASE_USER";
  private static final String PASSWORD = "BOSS_DATABASE_PASSWORD";
  private static final Pattern BEFORE_HOST = Pattern.compile("^[a-z:]+//[^/?]*@");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "boss-data",
      description =
          "folder of the boss's own: its database, unless --database names one, and what lets"
              + " 'token' in (default: ${DEFAULT-VALUE})")
  Path folder;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "PostgreSQL instead of a file in --data: postgresql://HOST:PORT/NAME; user and password"
              + " in the variables "
              + USER
              + " and "
              + PASSWORD)
  private String url;

  boolean isEmbedded() {
    return url == null;
  }

  /** The folder, if the database is in it: then only the boss can open that. */
  Optional<Path> ownFolder() {
    return isEmbedded() ? Optional.of(folder) : Optional.empty();
  }

  /** True if {@link #open} would make the database: the folder may be mistyped. */
  boolean isNew() {
    return isEmbedded() && !Files.exists(folder.resolve(Database.FILE));
  }

  /** Opens it, as soon as its server is up: that may be started at the same time as the boss. */
  Database openWhenUp(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    boolean said = false;
    while (true) {
      try {
        return open();
      } catch (UserError e) {
        if (!mayComeUp(e) || System.nanoTime() >= deadline) {
          throw e;
        }
        if (!said) {
          LOG.info("{}; trying again for up to {} s", e.getMessage(), patience.toSeconds());
        }
        said = true;
        Thread.sleep(RETRY);
      }
    }
  }

  /** A server that refuses the password, or does not know the database, is up. */
  private boolean mayComeUp(UserError e) {
    return url != null
        && e.getCause() instanceof Database.Unavailable away
        && Trouble.of(away.getCause()).isPresent();
  }

  Database open() {
    if (url != null && BEFORE_HOST.matcher(url).find()) {
      // The driver would take it for a part of the host's name, and say so.
      throw new UserError(
          "--database has a user before its host: give it in %s, and the password in %s"
              .formatted(USER, PASSWORD));
    }
    try {
      if (url == null) {
        Files.createDirectories(folder);
      }
      return url == null
          ? Database.embedded(folder)
          : Database.postgres(url, System.getenv(USER), System.getenv(PASSWORD));
    } catch (IOException e) {
      throw new UserError("cannot make the folder " + folder + "; choose another --data", e);
    } catch (Database.Unavailable e) {
      throw new UserError(
          (url == null ? "cannot open the database in " + folder : "cannot open the database")
              + ": "
              + e.getMessage(),
          e);
    } catch (RuntimeException e) {
      // The driver does not take the URL; it may hold a password.
      throw new UserError("--database is not postgresql://HOST:PORT/NAME", e);
    }
  }
}
