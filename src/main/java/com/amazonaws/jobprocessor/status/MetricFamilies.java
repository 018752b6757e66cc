package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.stats.Exemplar;
import com.amazonaws.jobprocessor.stats.HistogramCounts;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Gauges, counters and histograms in Prometheus's form, gathered one after the other. */
final class MetricFamilies {
  private static final String PREFIX = "jobprocessor_";

  /** OpenTelemetry's advice for durations of requests, and on to SQS's twelve hours. */
  private static final double[] SECONDS = {
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.25,
    0.5,
    0.75,
    1,
    2.5,
    5,
    7.5,
    10,
    30,
    60,
    120,
    300,
    600,
    1_800,
    3_600,
    7_200,
    14_400,
    43_200,
    Double.POSITIVE_INFINITY
  };

  private final Instant started;
  private final List<MetricSnapshot> metrics = new ArrayList<>();

  /** None so far; counters and histograms have counted since a moment. */
  MetricFamilies(Instant started) {
    this.started = started;
  }

  /** All that were added. */
  MetricSnapshots all() {
    return new MetricSnapshots(metrics);
  }

  /** A gauge's value; labels are names and values by turns. */
  static GaugeDataPointSnapshot point(Number value, String... labels) {
    return GaugeDataPointSnapshot.builder()
        .value(value.doubleValue())
        .labels(Labels.of(labels))
        .build();
  }

  /** The same of a counter. */
  CounterDataPointSnapshot count(Number value, String... labels) {
    // One below zero would be refused, and with it the whole page.
    double counted = Math.max(0, value.doubleValue());
    return CounterDataPointSnapshot.builder()
        .value(counted)
        .labels(Labels.of(labels))
        .createdTimestampMillis(started.toEpochMilli())
        .build();
  }

  void gauge(String name, String help, GaugeDataPointSnapshot point) {
    gauge(name, help, List.of(point));
  }

  void gauge(String name, String help, List<GaugeDataPointSnapshot> points) {
    GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(PREFIX + name).help(help);
    points.forEach(gauge::dataPoint);
    metrics.add(gauge.build());
  }

  void counter(String name, String help, CounterDataPointSnapshot... points) {
    counter(name, help, List.of(points));
  }

  void counter(String name, String help, List<CounterDataPointSnapshot> points) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(PREFIX + name).help(help);
    points.forEach(counter::dataPoint);
    metrics.add(counter.build());
  }

  void histogram(String name, String help, HistogramCounts counts, List<Exemplar> exemplars) {
    long[] buckets = new long[SECONDS.length];
    long below = 0;
    for (int i = 0; i < SECONDS.length; i++) {
      long upTo = Double.isInfinite(SECONDS[i]) ? counts.count() : counts.upTo(SECONDS[i]);
      buckets[i] = upTo - below;
      below = upTo;
    }
    metrics.add(
        HistogramSnapshot.builder()
            .name(PREFIX + name)
            .help(help)
            .dataPoint(
                HistogramDataPointSnapshot.builder()
                    .classicHistogramBuckets(ClassicHistogramBuckets.of(SECONDS, buckets))
                    .sum(counts.seconds())
                    .exemplars(JobExemplars.of(exemplars))
                    .createdTimestampMillis(started.toEpochMilli())
                    .build())
            .build());
  }
}
