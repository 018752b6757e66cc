package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
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
      [profile role]
      role_arn = arn:aws:iam::111122223333:role/x
      source_profile = keys
      [profile sso]
      sso_start_url = https://example.awsapps.com/start
      sso_region = us-east-1
      sso_account_id = 111122223333
      sso_role_name = x
      [profile process]
      credential_process = /bin/false
      """;

  private static ProfileCredentialsProvider profile(String name) {
    ProfileFile file =
        ProfileFile.builder()
            .content(new ByteArrayInputStream(PROFILES.getBytes(StandardCharsets.UTF_8)))
            .type(ProfileFile.Type.CONFIGURATION)
            .build();
    return ProfileCredentialsProvider.builder().profileFile(file).profileName(name).build();
  }

  /** What the SDK says of a chain in which nobody has credentials. */
  private static SdkClientException failureOf(AwsCredentialsProvider... providers) {
    var chain = AwsCredentialsProviderChain.of(providers);
    return assertThrows(SdkClientException.class, chain::resolveCredentials);
  }

  private static SdkClientException failureOf(String profile) {
    return failureOf(profile(profile), ContainerCredentialsProvider.create());
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
    assertEquals(
        "no AWS credentials: profile \"process\": credential_process has failed;"
            + " run its command to see why",
        explain("process"));
    assertTrue(explain("role").contains("profile \"role\" needs the AWS SDK's module sts"));
    assertTrue(explain("sso").contains("profile \"sso\" needs the AWS SDK's module sso"));
  }

  /** The class path of these tests has no module sts, as the worker's. */
  @Test
  void web_identity_is_not_told_as_a_profile_of_which_nobody_has_heard() {
    SdkClientException failure =
        failureOf(
            WebIdentityTokenFileCredentialsProvider.builder()
                .roleArn("arn:aws:iam::111122223333:role/x")
                .webIdentityTokenFile(Path.of("/token"))
                .build(),
            profile("default"),
            ContainerCredentialsProvider.create());
    assertEquals(
        "no AWS credentials: web identity (AWS_WEB_IDENTITY_TOKEN_FILE) needs the AWS SDK's module"
            + " sts, which is not in this program; use the role of the instance or the container"
            + " (on EKS, Pod Identity), a profile with keys or with credential_process, or set"
            + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        CredentialProblem.explain(failure).orElseThrow());
  }

  @Test
  void each_reason_is_told_of_the_provider_that_has_it() {
    String web = "WebIdentityTokenFileCredentialsProvider()";
    String container = "ContainerCredentialsProvider()";
    String profile = "ProfileCredentialsProvider(profileName=mine, profileFile=ProfileFile())";
    Map<SdkClientException, String> words =
        Map.of(
            because(web, "Either the environment variable AWS_ROLE_ARN or the javaproperty"),
            "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not",
            because(web, "java.nio.file.NoSuchFileException: /token"),
            "web identity (AWS_WEB_IDENTITY_TOKEN_FILE): there is no file \"/token\"",
            because(web, "Not authorized to perform sts:AssumeRoleWithWebIdentity"),
            "web identity (AWS_WEB_IDENTITY_TOKEN_FILE): Not authorized to perform"
                + " sts:AssumeRoleWithWebIdentity",
            because(container, "Failed to load credentials from metadata service."),
            "container credentials (AWS_CONTAINER_CREDENTIALS_...): the endpoint has given none",
            because(container, "Failed to read /token."),
            "container credentials (AWS_CONTAINER_CREDENTIALS_...): Failed to read /token.",
            because(profile, "java.nio.file.NoSuchFileException: /x/.aws/sso/cache/e8.json"),
            "profile \"mine\": there is no SSO token; log in with aws sso login",
            because(profile, "IMDS credentials have been disabled"),
            "profile \"mine\": IMDS credentials have been disabled");
    words.forEach(
        (failure, said) ->
            assertEquals(
                "no AWS credentials: " + said, CredentialProblem.explain(failure).orElseThrow()));
  }

  /** As the chain says it, when AWS_PROFILE is "mine" and nobody but this one is configured. */
  private static SdkClientException because(String provider, String reason) {
    return SdkClientException.create(
        "Unable to load credentials from any of the providers in the chain"
            + " AwsCredentialsProviderChain(credentialsProviders=[ProfileCredentialsProvider("
            + "profileName=mine, profileFile=ProfileFile())]) :"
            + " [EnvironmentVariableCredentialsProvider(): Access key must be specified, "
            + provider
            + ": "
            + reason
            + ", InstanceProfileCredentialsProvider(): Failed to load credentials from IMDS.]");
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
