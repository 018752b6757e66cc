package com.amazonaws.jobprocessor.boss.report;

/** Drawing without putting back. */
final class Hypergeometric {
  /** Lanczos's approximation with g = 7 (Numerical Recipes, 6.1): 15 digits. */
  private static final double[] LANCZOS = {
    0.9999999999998099,
    676.5203681218851,
    -1259.1392167224028,
    771.3234287776531,
    -176.6150291621406,
    12.507343278686905,
    -0.13857109526572012,
    9.984369578019572e-6,
    1.5056327351493116e-7
  };

  private static final double NEGLIGIBLE = 1e-17;

  private Hypergeometric() {}

  /**
   * The chance of at least so many marked ones in a sample.
   *
   * @param marked of the sample
   * @param all of which the sample is drawn
   * @param allMarked of them
   * @param sample its size
   */
  static double atLeast(long marked, long all, long allMarked, long sample) {
    long most = Math.min(sample, allMarked);
    long least = Math.max(0, sample - (all - allMarked));
    if (marked <= least) {
      return 1;
    }
    double term = 0;
    if (marked <= most) {
      term =
          Math.exp(
              choose(allMarked, marked)
                  + choose(all - allMarked, sample - marked)
                  - choose(all, sample));
    }
    double sum = 0;
    for (long k = marked; k <= most && (term > NEGLIGIBLE * sum || k == marked); k++) {
      sum += term;
      // The ratio of a term to the one before.
      term *= (double) (allMarked - k) / (k + 1);
      term *= (double) (sample - k) / (all - allMarked - sample + k + 1);
    }
    return Math.min(1, sum);
  }

  private static double choose(long n, long k) {
    return lnGamma(n + 1.0) - lnGamma(k + 1.0) - lnGamma(n - k + 1.0);
  }

  private static double lnGamma(double x) {
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x - 1 + i);
    }
    double t = x + 6.5;
    return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
  }
}
