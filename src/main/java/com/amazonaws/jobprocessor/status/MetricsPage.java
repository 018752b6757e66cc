package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.stats.Snapshot;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/**
 * {@code /metrics}: for Prometheus, in its own format or, if that is asked for, in OpenMetrics'.
 */
final class MetricsPage implements Resource {
  private final Supplier<Snapshot> snapshots;

  MetricsPage(Supplier<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public Reply get(String accept) {
    return Formats.reply(snapshots.get(), accept);
  }

  /** Whether OpenMetrics' format is asked for. */
  static boolean isOpenMetrics(String accept) {
    return Formats.OPEN_METRICS.accepts(accept);
  }

  /** Prometheus' classes, loaded when somebody asks for the first time. */
  private static final class Formats {
    private static final OpenMetricsTextFormatWriter OPEN_METRICS =
        OpenMetricsTextFormatWriter.builder().setCreatedTimestampsEnabled(true).build();
    private static final PrometheusTextFormatWriter PROMETHEUS =
        PrometheusTextFormatWriter.create();

    private static Reply reply(Snapshot now, String accept) {
      boolean open = isOpenMetrics(accept); // the other format has no exemplars
      ExpositionFormatWriter writer = open ? OPEN_METRICS : PROMETHEUS;
      ByteArrayOutputStream out = new ByteArrayOutputStream(16 * 1024);
      try {
        writer.write(out, new Metrics(now, open).all());
      } catch (IOException e) {
        throw new UncheckedIOException(e); // it writes to memory
      }
      return new Reply(200, writer.getContentType(), out.toString(UTF_8));
    }
  }
}
