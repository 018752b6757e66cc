package com.amazonaws.jobprocessor.stats;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.cost.Prices;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The prices that come with the program and, in their place, those of a file. Read when they are
 * asked for, so that a start without a file does not wait for them.
 */
public final class PriceFile {
  private static final Logger log = LoggerFactory.getLogger(PriceFile.class);
  private static final int LONGEST_FILE = 64 * 1024;
  private static final int MAX_WARNINGS = 20;

  private @Nullable Prices prices;

  private PriceFile(@Nullable Prices prices) {
    this.prices = prices;
  }

  /** Reads the file if it exists; one with a problem is not used at all, and warned of. */
  public static PriceFile open(Path file) {
    return new PriceFile(Files.exists(file) ? read(file).orElse(null) : null);
  }

  private static Optional<Prices> read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST_FILE + 1);
      if (bytes.length > LONGEST_FILE) {
        warn(file, "more than 64 KiB");
        return Optional.empty();
      }
      Prices.Read read = builtIn().overriddenBy(new String(bytes, UTF_8));
      read.problems().stream().limit(MAX_WARNINGS).forEach(problem -> warn(file, problem));
      return read.problems().isEmpty() ? Optional.of(read.prices()) : Optional.empty();
    } catch (IOException e) {
      warn(file, "cannot be read (" + e.getClass().getSimpleName() + ")");
      return Optional.empty();
    }
  }

  private static void warn(Path file, String problem) {
    log.atWarn()
        .addKeyValue("file", file)
        .addKeyValue("problem", problem)
        .log(
            "the price file is not used; costs are estimated by the list that comes with the program");
  }

  /** The prices. */
  public synchronized Prices prices() {
    Prices known = prices;
    if (known == null) {
      known = builtIn();
      prices = known;
    }
    return known;
  }

  private static Prices builtIn() {
    try (InputStream in = PriceFile.class.getResourceAsStream(Prices.RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program has lost " + Prices.RESOURCE);
      }
      return Prices.read(new String(in.readAllBytes(), UTF_8)).prices();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
