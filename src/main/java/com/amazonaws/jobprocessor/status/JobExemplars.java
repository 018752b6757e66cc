package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.stats.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;

/** Exemplars in Prometheus's form: a bucket's writer takes the newest that belongs to it. */
final class JobExemplars {
  private static final String LABEL = "job_id";

  /**
   * OpenMetrics 1.0, "Exemplars": "The combined length of the label names and values of an
   * Exemplar's LabelSet MUST NOT exceed 128 UTF-8 character code points."
   */
  private static final int MAX_ID = 128 - LABEL.length();

  private static final String CUT = "…";

  private JobExemplars() {}

  static Exemplars of(List<Exemplar> jobs) {
    return Exemplars.of(jobs.stream().map(JobExemplars::of).toList());
  }

  private static io.prometheus.metrics.model.snapshots.Exemplar of(Exemplar job) {
    return io.prometheus.metrics.model.snapshots.Exemplar.builder()
        .value(job.seconds())
        .labels(Labels.of(LABEL, bounded(job.jobId())))
        .timestampMillis(job.at().toEpochMilli())
        .build();
  }

  /** A longer id is cut: its beginning is enough to find it by. */
  private static String bounded(String id) {
    return id.codePointCount(0, id.length()) <= MAX_ID
        ? id
        : id.substring(0, id.offsetByCodePoints(0, MAX_ID - 1)) + CUT;
  }
}
