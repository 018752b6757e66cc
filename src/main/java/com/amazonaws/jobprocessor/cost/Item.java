package com.amazonaws.jobprocessor.cost;

/** What is paid for: the lines of a bill, in the order in which they are told. */
public enum Item {
  /** Batches of jobs that a client sends. */
  SUBMIT("sqs_submit", Kind.REQUESTS, "submit jobs (client)", "requests"),
  /** Receives that bring jobs, and in a worker's own count those that bring none. */
  RECEIVE("sqs_receive", Kind.REQUESTS, "receive jobs", "requests"),
  /** Long polls that bring nothing. */
  IDLE("sqs_receive_idle", Kind.REQUESTS, "empty receives while idle", "requests"),
  /** Changes of visibility: renewals of leases, jobs that are given back. */
  RENEW("sqs_change_visibility", Kind.REQUESTS, "renew leases", "requests"),
  /** Results, and in a worker's own count dead letters. */
  SEND("sqs_send", Kind.REQUESTS, "send results", "requests"),
  /** Deletes of jobs that have ended. */
  DELETE("sqs_delete", Kind.REQUESTS, "delete jobs", "requests"),
  /** What a client does to get results: receives and deletes. */
  COLLECT("sqs_collect", Kind.REQUESTS, "read and delete results (client)", "requests"),
  /** Requests beside these, such as GetQueueUrl, at the price of a standard queue. */
  OTHER("sqs_other", Kind.REQUESTS, "other requests", "requests"),
  /** Write request units of the job table: one a write and begun KB. */
  TABLE_WRITES("dynamodb_writes", Kind.TABLE, "job table: writes", "write units"),
  /** Records that the job table keeps. */
  TABLE_STORAGE("dynamodb_storage", Kind.TABLE, "job table: records, 15 days", "GB-months"),
  /** Objects that are stored or copied. */
  PUT("s3_put", Kind.BUCKET, "S3: PUT", "requests"),
  /** Objects that are fetched. */
  GET("s3_get", Kind.BUCKET, "S3: GET", "requests"),
  /** Objects that are deleted. */
  REMOVE("s3_delete", Kind.BUCKET, "S3: DELETE", "requests"),
  /** Objects that are kept. */
  OBJECTS("s3_storage", Kind.BUCKET, "S3: storage", "GB-months"),
  /** Bytes that pass a NAT gateway. */
  NAT("transfer_nat", Kind.TRANSFER, "transfer: NAT gateway", "GB"),
  /** Bytes that leave for the internet. */
  EGRESS("transfer_out", Kind.TRANSFER, "transfer: out to the internet", "GB"),
  /** The instance. */
  INSTANCE("ec2_instance", Kind.COMPUTE, "EC2: instance", "hours"),
  /** The instance's root volume. */
  DISK("ec2_disk", Kind.COMPUTE, "EC2: its disk", "hours"),
  /** The instance's public IPv4 address. */
  ADDRESS("ec2_address", Kind.COMPUTE, "EC2: its public address", "hours");

  /** What belongs together when it is asked what dominates. */
  public enum Kind {
    REQUESTS("SQS requests"),
    TABLE("the job table"),
    BUCKET("S3"),
    TRANSFER("data transfer"),
    COMPUTE("compute");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** For people. */
    public String label() {
      return label;
    }
  }

  private final String key;
  private final Kind kind;
  private final String label;
  private final String unit;

  Item(String key, Kind kind, String label, String unit) {
    this.key = key;
    this.kind = kind;
    this.label = (kind == Kind.REQUESTS ? "SQS: " : "") + label;
    this.unit = unit;
  }

  /** For programs: small letters and underscores. */
  public String key() {
    return key;
  }

  public Kind kind() {
    return kind;
  }

  /** For people. */
  public String label() {
    return label;
  }

  /** What a quantity of it counts. */
  public String unit() {
    return unit;
  }
}
