package com.amazonaws.jobprocessor.bench.sqs;

/** A refusal, in SQS's words. */
@SuppressWarnings("serial") // never written anywhere
final class SqsError extends RuntimeException {
  private static final String OLD = "AWS.SimpleQueueService.";

  private final String type;
  private final String queryCode;

  private SqsError(String type, String queryCode, String message) {
    super(message, null, false, false); // an answer, not an accident: no stack trace
    this.type = type;
    this.queryCode = queryCode;
  }

  static SqsError noSuchQueue(String name) {
    return new SqsError("QueueDoesNotExist", OLD + "NonExistentQueue", "there is no queue " + name);
  }

  static SqsError missingParameter(String name) {
    return new SqsError("MissingParameter", "MissingParameter", name + " is missing");
  }

  static SqsError invalidParameter(String message) {
    return new SqsError("InvalidParameterValue", "InvalidParameterValue", message);
  }

  static SqsError invalidHandle() {
    return new SqsError(
        "ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "no receipt handle of this queue");
  }

  static SqsError notInFlight() {
    return new SqsError(
        "MessageNotInflight", OLD + "MessageNotInflight", "the message is not in flight");
  }

  static SqsError batch(String type, String message) {
    return new SqsError(type, OLD + type, message);
  }

  static SqsError serialization(String message) {
    return new SqsError("SerializationException", "MalformedInput", message);
  }

  static SqsError unsupported(String action) {
    return new SqsError("UnsupportedOperation", OLD + "UnsupportedOperation", action);
  }

  String type() {
    return type;
  }

  /** The code that SDKs of the older protocol knew; they still show it. */
  String queryCode() {
    return queryCode;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
