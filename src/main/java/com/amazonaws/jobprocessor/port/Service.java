package com.amazonaws.jobprocessor.port;

/** The AWS services that a worker calls. */
public enum Service {
  SQS("SQS"),
  DYNAMODB("DynamoDB"),
  S3("S3"),
  EC2("EC2"),
  AUTO_SCALING("Auto Scaling");

  private final String title;

  Service(String title) {
    this.title = title;
  }

  /** As AWS writes it. */
  @Override
  public String toString() {
    return title;
  }
}
