package com.amazonaws.jobprocessor.boss.api;

import java.util.List;

/** Why a request is not answered as it wants: an {@code application/problem+json} of RFC 9457. */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient List<Flaw> flaws;

  /**
   * A part of the request that is wrong.
   *
   * @param at where: {@code line 3}, {@code tasks[2]}, the name of a field
   * @param problem in one line
   */
  public record Flaw(String at, String problem) {}

  Problem(int status, String detail) {
    this(status, detail, List.of());
  }

  Problem(int status, String detail, List<Flaw> flaws) {
    super(detail, null, false, false);
    this.status = status;
    this.flaws = List.copyOf(flaws);
  }

  static Problem badRequest(String detail) {
    return new Problem(400, detail);
  }

  static Problem notFound(String what) {
    return new Problem(404, "there is no " + what);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The parts that are wrong; there may be more of them. */
  public List<Flaw> flaws() {
    return flaws;
  }
}
