package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.testkit.Fault.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Errors in the form that AWS gives them, so that an SDK takes them for its own. */
final class AwsErrors {

  private static final String REQUEST_ID = "00000000-0000-4000-8000-000000000000";

  /** JSON names that differ from the query protocol's, which SQS's clients still see. */
  private static final Map<String, String> SHAPES =
      Map.of(
          "AWS.SimpleQueueService.NonExistentQueue",
          "com.amazonaws.sqs#QueueDoesNotExist",
          "AccessDenied",
          "com.amazon.coral.service#AccessDeniedException");

  private AwsErrors() {}

  static Http.Message of(Http.Message request, Effect.Answer error) {
    if (request.isJson()) {
      return jsonError(error);
    }
    if (request.action().equals(request.method())) {
      return s3Error(error);
    }
    String fault = error.status() < 500 ? "Sender" : "Receiver";
    String xml =
        "<ErrorResponse><Error><Type>%s</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>"
            .formatted(fault, error.code(), error.message(), REQUEST_ID);
    return message(error.status(), "text/xml", xml, List.of());
  }

  private static Http.Message s3Error(Effect.Answer error) {
    String xml =
        "<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>"
            .formatted(error.code(), error.message(), REQUEST_ID);
    return message(error.status(), "application/xml", xml, List.of());
  }

  static Http.Message json(int status, String json) {
    return message(status, "application/x-amz-json-1.0", json, List.of());
  }

  /** One entry of a batch's list of failures. */
  static String failedEntry(String id, String code, boolean senderFault) {
    return "{\"Id\":%s,\"Code\":%s,\"Message\":\"The proxy fails this entry.\",\"SenderFault\":%s}"
        .formatted(Json.quote(id), Json.quote(code), senderFault);
  }

  private static Http.Message jsonError(Effect.Answer error) {
    String shape = SHAPES.getOrDefault(error.code(), "com.amazonaws.sqs#" + error.code());
    String json =
        "{\"__type\":%s,\"message\":%s}".formatted(Json.quote(shape), Json.quote(error.message()));
    String fault = error.status() < 500 ? "Sender" : "Receiver";
    return message(
        error.status(),
        "application/x-amz-json-1.0",
        json,
        List.of(new Http.Header("x-amzn-query-error", error.code() + ";" + fault)));
  }

  private static Http.Message message(
      int status, String type, String body, List<Http.Header> more) {
    List<Http.Header> headers =
        new ArrayList<>(
            List.of(
                new Http.Header("Content-Type", type),
                new Http.Header("x-amzn-RequestId", REQUEST_ID)));
    headers.addAll(more);
    return new Http.Message("HTTP/1.1 " + status + " Said", headers, body.getBytes(UTF_8));
  }
}
