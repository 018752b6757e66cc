package com.amazonaws.jobprocessor.aws.lean;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks a request's signature as SQS does (IAM User Guide, "Create a signed AWS API request"),
 * without the SDK.
 */
final class SignatureV4 {
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8})/([^/]+)/([^/]+)/aws4_request,"
              + " SignedHeaders=([^,]+), Signature=([0-9a-f]{64})");

  private SignatureV4() {}

  /** What is signed for, without the signature itself. */
  static String scope(SqsStub.Request request) {
    String authorization = request.header("authorization");
    return authorization.substring(0, authorization.indexOf("Signature="));
  }

  static void check(SqsStub.Request request, String secret) throws Exception {
    Matcher said = AUTHORIZATION.matcher(request.header("authorization"));
    assertTrue(said.matches(), request.header("authorization"));
    String digest = hex(MessageDigest.getInstance("SHA-256").digest(request.body()));
    assertEquals(digest, request.header("x-amz-content-sha256"));
    StringBuilder canonical = new StringBuilder("POST\n");
    // Encoded once more, as for all services but S3.
    canonical.append(request.line().split(" ", -1)[1].replace("%", "%25")).append("\n\n");
    for (String name : said.group(5).split(";", -1)) {
      canonical.append(name).append(':').append(request.header(name)).append('\n');
    }
    canonical.append('\n').append(said.group(5)).append('\n').append(digest);
    String scope = said.group(2) + "/" + said.group(3) + "/" + said.group(4) + "/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + request.header("x-amz-date")
            + "\n"
            + scope
            + "\n"
            + hex(
                MessageDigest.getInstance("SHA-256").digest(canonical.toString().getBytes(UTF_8)));
    byte[] key = ("AWS4" + secret).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    assertEquals(hex(hmac(key, toSign)), said.group(6));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
