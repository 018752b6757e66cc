package com.amazonaws.jobprocessor.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** The runs of one contestant, and what is typical of them. */
record Medians(Contestant contestant, List<Run> runs) {
  double of(ToDoubleFunction<Run> figure) {
    return of(runs.stream().mapToDouble(figure));
  }

  /** The median of some figures, at least one. */
  static double of(DoubleStream figures) {
    double[] sorted = figures.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  Verdict verdict() {
    return runs.stream().map(Run::verdict).reduce(new Verdict(0, 0, 0), Verdict::plus);
  }
}
