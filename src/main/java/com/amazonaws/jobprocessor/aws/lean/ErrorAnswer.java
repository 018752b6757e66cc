package com.amazonaws.jobprocessor.aws.lean;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Answers of failure: the code by header or body (Smithy, AWS JSON 1.0 protocol, "Operation error
 * serialization"), or that of the older protocol where SQS says it, too.
 */
final class ErrorAnswer {
  private ErrorAnswer() {}

  static AwsServiceException of(SdkHttpResponse response, byte[] body) {
    Map<String, String> members = members(body);
    String type =
        header(response, "x-amzn-ErrorType")
            .map(ErrorAnswer::beforeColon)
            .orElseGet(
                () -> {
                  String named = first(members, "__type", "code");
                  return named == null ? null : shape(named);
                });
    String code =
        header(response, "x-amzn-query-error")
            .map(both -> both.substring(0, Math.max(0, both.indexOf(';'))))
            .filter(old -> !old.isEmpty())
            .orElse(type);
    String message =
        header(response, "x-amzn-error-message")
            .orElse(first(members, "message", "Message", "errorMessage"));
    return AwsServiceException.builder()
        .statusCode(response.statusCode())
        .numAttempts(1)
        .requestId(header(response, "x-amzn-RequestId").orElse(null))
        .message(message == null ? fallback(type == null ? null : shape(type), response) : message)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .serviceName("Sqs")
                .errorCode(code)
                .errorMessage(message)
                .sdkHttpResponse(response)
                .build())
        .build();
  }

  private static String fallback(@Nullable String code, SdkHttpResponse response) {
    return "Service returned "
        + (code == null ? "HTTP status code " + response.statusCode() : "error code " + code);
  }

  private static Optional<String> header(SdkHttpResponse response, String name) {
    return response.firstMatchingHeader(name);
  }

  private static String beforeColon(String text) {
    int colon = text.indexOf(':');
    return colon < 0 ? text : text.substring(0, colon);
  }

  private static String shape(String named) {
    String whole = beforeColon(named);
    return whole.substring(whole.indexOf('#') + 1);
  }

  private static @Nullable String first(Map<String, String> members, String... names) {
    return Stream.of(names).filter(members::containsKey).findFirst().map(members::get).orElse(null);
  }

  /** None if it is no JSON, such as a gateway's page. */
  private static Map<String, String> members(byte[] body) {
    try (JsonParser json = Json.FACTORY.createParser(body)) {
      json.nextToken();
      return Json.texts(json);
    } catch (IOException e) {
      return Map.of();
    }
  }
}
