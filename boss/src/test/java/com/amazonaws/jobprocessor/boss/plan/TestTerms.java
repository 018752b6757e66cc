package com.amazonaws.jobprocessor.boss.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;

/** Boxes for tests: two slots, two minutes to boot, a dollar an hour, ten at most. */
public final class TestTerms {
  private TestTerms() {}

  /** The terms. */
  public static BoxTerms terms() {
    try (InputStream in = Prices.class.getResourceAsStream(Prices.RESOURCE)) {
      Prices prices = Prices.read(new String(in.readAllBytes(), UTF_8)).prices();
      Tariff tariff = new Tariff(prices, false, new Tariff.Box(BigDecimal.ONE, 8, true));
      return new BoxTerms(2, Duration.ofMinutes(2), tariff, 10);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
