package com.amazonaws.jobprocessor.boss;

import com.amazonaws.jobprocessor.boss.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the boss's database is. */
final class DatabaseOptions {
  private static final String USER = "BOSS_DATABASE_USER";
  private static final String PASSWORD = "BOSS_DATABASE_PASSWORD";

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

  Database open() {
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
