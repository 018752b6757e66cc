package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where the boss's database is. */
final class DatabaseOptions {
  private static final String USER = "BOSS_DATABASE_USER";
  private static final String PASSWORD = "BOSS_DATABASE_PASSWORD";
  private static final Pattern BEFORE_HOST = Pattern.compile("^[a-z:]+//[^/?]*@");

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "boss-data",
      description =
          "folder of the boss's own: its database, unless --database names one, and what lets"
              + " 'token create' in (default: ${DEFAULT-VALUE})")
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
