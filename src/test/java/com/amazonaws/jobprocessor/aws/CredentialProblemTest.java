package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;

class CredentialProblemTest {
  private static final String PROFILES =
      """
      [profile keys]
      aws_access_key_id = AKIAEXAMPLE
      aws_secret_access_key = topsecret
      [profile login]
      login_session = x
      [profile process]
      credential_process = /bin/false
      """;

  /** What the SDK says of a chain in which nobody has credentials. */
  private static SdkClientException failureOf(String profile) {
    ProfileFile file =
        ProfileFile.builder()
            .content(new ByteArrayInputStream(PROFILES.getBytes(StandardCharsets.UTF_8)))
            .type(ProfileFile.Type.CONFIGURATION)
            .build();
    var chain =
        AwsCredentialsProviderChain.of(
            ProfileCredentialsProvider.builder().profileFile(file).profileName(profile).build(),
            ContainerCredentialsProvider.create());
    return assertThrows(SdkClientException.class, chain::resolveCredentials);
  }

  private static String explain(String profile) {
    String line = CredentialProblem.explain(failureOf(profile)).orElseThrow();
    assertTrue(line.length() < 300, line);
    assertTrue(!line.contains("\n") && !line.contains("topsecret"), line);
    return line;
  }

  @Test
  void without_anything_it_says_what_to_set() {
    assertEquals(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE,"
            + " or run on an instance with a role",
        explain("default"));
  }

  @Test
  void of_a_profile_that_was_named_it_says_what_is_wrong_with_it() {
    assertTrue(explain("misspelt").contains("none for the profile \"misspelt\""));
    assertTrue(explain("login").contains("profile \"login\" needs the AWS SDK's module signin"));
    assertTrue(explain("process").startsWith("no AWS credentials: profile \"process\": Failed"));
  }

  @Test
  void other_failures_are_not_its_business() {
    assertEquals(
        Optional.empty(), CredentialProblem.explain(SdkClientException.create("no route to host")));
  }

  /** The call was never sent: nobody needs to wonder whether it had an effect. */
  @Test
  void a_call_without_credentials_is_one_that_was_rejected() {
    CallFailed failure =
        assertThrows(
            CallFailed.class,
            () ->
                new SqsCalls()
                    .call(
                        () -> {
                          throw failureOf("default");
                        }));

    assertEquals(SqsCalls.NO_CREDENTIALS, failure.code());
    assertEquals(CallFailed.Kind.REJECTED, failure.kind());
  }

  @Test
  void throttles_are_known_by_their_codes_with_and_without_a_prefix() {
    for (String code :
        new String[] {
          "RequestThrottled",
          SqsCalls.withoutPrefix("com.amazonaws.sqs#RequestThrottled"),
          SqsCalls.withoutPrefix("KMS.ThrottlingException"),
          SqsCalls.withoutPrefix("com.amazonaws.sqs#KmsThrottled"),
          SqsCalls.withoutPrefix("AWS.SimpleQueueService.OverLimit")
        }) {
      assertTrue(SqsCalls.isThrottle(code), code);
    }
    assertTrue(!SqsCalls.isThrottle("AccessDenied"));
  }
}
