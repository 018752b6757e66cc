package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** An amount of dollars, exact until it is shown. */
public record Usd(BigDecimal amount) implements Comparable<Usd> {
  /** Of quotients; far more than any price has digits. */
  static final MathContext DIGITS = MathContext.DECIMAL128;

  /** Nothing. */
  public static final Usd ZERO = new Usd(BigDecimal.ZERO);

  /** The amount that a decimal number says. */
  public static Usd of(String amount) {
    return new Usd(new BigDecimal(amount));
  }

  public Usd plus(Usd other) {
    return new Usd(amount.add(other.amount));
  }

  public Usd times(BigDecimal factor) {
    return new Usd(amount.multiply(factor));
  }

  /** So much for each of so many, to 34 digits. */
  public Usd dividedBy(long parts) {
    return new Usd(amount.divide(BigDecimal.valueOf(parts), DIGITS));
  }

  /** How many times the other, which is not zero, this is. */
  public BigDecimal ratioTo(Usd other) {
    return amount.divide(other.amount, DIGITS);
  }

  public boolean isZero() {
    return amount.signum() == 0;
  }

  /** By amount: {@code 1.0} is no more than {@code 1.00}. */
  @Override
  public int compareTo(Usd other) {
    return amount.compareTo(other.amount);
  }

  /** Rounded half up to so many decimal places. */
  public String rounded(int places) {
    return amount.setScale(places, RoundingMode.HALF_UP).toPlainString();
  }

  /** Rounded half up to so many digits that count, without an exponent or needless zeros. */
  public String significant(int digits) {
    return isZero()
        ? "0"
        : amount
            .round(new MathContext(digits, RoundingMode.HALF_UP))
            .stripTrailingZeros()
            .toPlainString();
  }
}
