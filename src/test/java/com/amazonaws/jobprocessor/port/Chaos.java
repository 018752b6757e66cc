package com.amazonaws.jobprocessor.port;

import java.util.Random;

/** Makes calls fail now and then, before or after their effect, as a seed has it. */
public final class Chaos {
  public static final Chaos NONE = new Chaos(new Random(0), 0);

  private final Random random;
  private final double often;

  public Chaos(Random random, double often) {
    this.random = random;
    this.often = often;
  }

  /** The call has had no effect so far: the service says no, or nothing. */
  public void before() throws CallFailed {
    if (random.nextDouble() < often / 2) {
      throw failure(random.nextBoolean() ? CallFailed.Kind.REJECTED : CallFailed.Kind.UNKNOWN);
    }
  }

  /** The call has had its effect: nobody hears of it. */
  public void after() throws CallFailed {
    if (random.nextDouble() < often / 2) {
      throw failure(CallFailed.Kind.UNKNOWN);
    }
  }

  /** True now and then. */
  public boolean strikes() {
    return random.nextDouble() < often / 2;
  }

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Chaos", "played", kind, new IllegalStateException());
  }
}
