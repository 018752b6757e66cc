package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;

/**
 * What a unit of each item costs: prices applied to one kind of queue and one kind of box.
 *
 * @param fifo whether the queues are FIFO queues
 */
public record Tariff(Prices prices, boolean fifo, Box box) {
  /** Hours of a month, as AWS counts them for prices by the month. */
  static final int MONTH = 730;

  /** A box costs nothing: its instance, disk and address are not part of the bill. */
  public static final Box NO_BOX = new Box(BigDecimal.ZERO, 0, false);

  /**
   * A box.
   *
   * @param hour dollars an hour for the instance
   * @param diskGb GB of its root volume, gp3
   * @param publicAddress whether it has a public IPv4 address
   */
  public record Box(BigDecimal hour, int diskGb, boolean publicAddress) {
    public Box {
      Range.of("price of an hour", hour, "0", "100000");
      Range.of("GB of the disk", BigDecimal.valueOf(diskGb), "0", "65536");
    }
  }

  /** Dollars for one {@link Item#unit}. */
  BigDecimal one(Item item) {
    return switch (item) {
      case SUBMIT, RECEIVE, IDLE, RENEW, SEND, DELETE, COLLECT ->
          prices.one(fifo ? Price.SQS_FIFO : Price.SQS_STANDARD);
      // "All other API requests are charged at standard rates" (SQS pricing page)
      case OTHER -> prices.one(Price.SQS_STANDARD);
      case TABLE_WRITES -> prices.one(Price.TABLE_WRITES);
      case TABLE_STORAGE -> prices.one(Price.TABLE_STORAGE);
      case PUT -> prices.one(Price.S3_PUT);
      case GET -> prices.one(Price.S3_GET);
      case REMOVE -> prices.one(Price.S3_DELETE);
      case OBJECTS -> prices.one(Price.S3_STORAGE);
      case NAT -> prices.one(Price.NAT);
      case EGRESS -> prices.one(Price.EGRESS);
      case INSTANCE -> box.hour();
      case DISK ->
          prices
              .one(Price.DISK)
              .multiply(BigDecimal.valueOf(box.diskGb()))
              .divide(BigDecimal.valueOf(MONTH), Usd.DIGITS);
      case ADDRESS -> box.publicAddress() ? prices.one(Price.ADDRESS) : BigDecimal.ZERO;
    };
  }
}
