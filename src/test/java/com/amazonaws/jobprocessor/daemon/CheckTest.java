package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.machine.Home;
import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.machine.Metadata;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a check refuses without a call, by properties that stand for the variables. */
class CheckTest {
  private static final String REGION = ",aws_region=us-east-1";
  private static final List<String> PROPERTIES =
      List.of(
          "aws.endpointUrlSqs", "aws.endpointUrlDynamoDb", "aws.endpointUrlS3", "aws.configFile");

  /** A metadata service that is away. */
  private static final class Away implements Metadata {
    boolean asked;

    @Override
    public Optional<String> read(String path) throws IOException {
      asked = true;
      throw new IOException("away");
    }

    @Override
    public void close() {}
  }

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Away metadata = new Away();
  @TempDir Path home;

  @AfterEach
  void clear() {
    PROPERTIES.forEach(System::clearProperty);
  }

  private void check(String options, String userData) throws Exception {
    String[] arguments = (options + " --user-data concurrency=1" + userData).split(" ", -1);
    CommandLine commandLine = CommandLine.parse(arguments);
    try (Instance instance = new Instance(Map.of(), new CountDownLatch(1), at -> metadata)) {
      Preparation preparation =
          new Preparation(commandLine, Home.of(Map.of(), home.toString()), instance);
      new Check(
              preparation,
              commandLine.offline(),
              new PrintStream(out, true, StandardCharsets.UTF_8))
          .run();
    }
  }

  /** Nothing of the environment says one. */
  private void withoutRegion() throws IOException {
    assumeTrue(System.getenv("AWS_REGION") == null, "this environment has a region");
    System.setProperty("aws.configFile", Files.createFile(home.resolve("empty")).toString());
  }

  private String refused(String options, String userData) {
    return String.join(
        "\n", assertThrows(StartRefused.class, () -> check(options, userData)).lines());
  }

  @ParameterizedTest
  @ValueSource(strings = {REGION, ""})
  void an_endpoint_that_is_none_is_refused_offline_too_whatever_the_region(String region) {
    System.setProperty("aws.endpointUrlSqs", "ftp://sqs");
    assertTrue(refused("--check --offline", region).contains("ftp://sqs"));

    System.setProperty("aws.endpointUrlSqs", "http://127.0.0.1:1");
    System.setProperty("aws.endpointUrlDynamoDb", "ftp://dynamo");
    assertTrue(
        refused("--check --offline", ",job_table_name=jobs" + region).contains("ftp://dynamo"));

    System.setProperty("aws.endpointUrlS3", "ftp://s3");
    assertTrue(
        refused("--check --offline", ",payload_bucket_name=bucket" + region).contains("ftp://s3"));
  }

  @Test
  void a_file_of_profiles_that_cannot_be_read_is_refused_offline_too() throws Exception {
    Path profiles = Files.writeString(home.resolve("config"), "garbage here\n");
    System.setProperty("aws.configFile", profiles.toString());
    String refused = refused("--check --offline", REGION);
    assertTrue(refused.startsWith(profiles + " (AWS_CONFIG_FILE): "), refused);
  }

  @Test
  void while_metadata_is_away_what_needs_no_region_is_refused_all_the_same() throws Exception {
    withoutRegion();
    check("--check", "");
    assertTrue(out.toString(StandardCharsets.UTF_8).contains("a start would wait for it"));
    System.setProperty("aws.endpointUrlSqs", "ftp://sqs");
    assertTrue(refused("--check", "").contains("ftp://sqs"));
  }

  @Test
  void offline_nothing_is_asked_and_what_is_not_checked_is_said() throws Exception {
    withoutRegion();
    check("--check --offline", ",job_table_name=jobs");
    String said = out.toString(StandardCharsets.UTF_8);
    assertTrue(said.contains("region    will be asked of the instance"), said);
    assertTrue(said.contains("not checked: the queues, the job table, AWS credentials"), said);
    assertEquals(false, metadata.asked);
  }
}
