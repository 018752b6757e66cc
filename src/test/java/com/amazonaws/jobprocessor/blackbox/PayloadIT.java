package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.sqs.javamessaging.AmazonSQSExtendedClient;
import com.amazon.sqs.javamessaging.ExtendedClientConfiguration;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.Message;

/** Daemons with {@code payload_bucket_name}; the other side is Amazon's own extended client. */
@Tag("long")
class PayloadIT extends BlackBox {
  private static final String BUCKET = "payloads";
  private static final String BUCKET_SET = "payload_bucket_name=" + BUCKET;
  private static final String LARGE = "plain " + "é🚀x".repeat(250_000);

  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final AmazonSQSExtendedClient extended =
      new AmazonSQSExtendedClient(
          EmbeddedSqs.clientFor(sqs.rawEndpoint()),
          new ExtendedClientConfiguration()
              .withPayloadSupportEnabled(s3.client(), BUCKET, true)
              .withPayloadSizeThreshold(1024 * 1024));

  @BeforeEach
  void makeBucket() {
    s3.createBucket(BUCKET);
  }

  @AfterEach
  void closeS3() {
    extended.close();
    s3.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return super.daemon().set("AWS_ENDPOINT_URL_S3", s3.endpoint().toString());
  }

  private void submit(String job) {
    extended.sendMessage(r -> r.queueUrl(sqs.urlOf(BACKLOG)).messageBody(job));
  }

  @Test
  void jobs_and_results_beyond_one_mib_travel_through_the_bucket() throws Exception {
    submit(LARGE);
    start(BUCKET_SET);
    awaitResults(1);
    awaitEmptyBacklog();
    await().atMost(SOON).until(() -> s3.keys(BUCKET).size() == 1);

    Message result =
        extended
            .receiveMessage(r -> r.queueUrl(sqs.urlOf(RESULTS)).messageAttributeNames("All"))
            .messages()
            .getFirst();
    assertEquals(LARGE + "!", result.body());
    extended.deleteMessage(
        r -> r.queueUrl(sqs.urlOf(RESULTS)).receiptHandle(result.receiptHandle()));
    assertEquals(List.of(), s3.keys(BUCKET));
  }

  @Test
  void requests_to_the_bucket_are_on_the_bill() throws Exception {
    submit(LARGE);
    DaemonProcess daemon = start(BUCKET_SET);
    awaitResults(1);
    awaitEmptyBacklog();
    await().atMost(SOON).until(() -> s3.keys(BUCKET).size() == 1); // the result's

    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));

    String line = daemon.awaitLine("estimated cost of this worker", SOON);
    assertTrue(line.contains(" s3_put_usd=0.000005 s3_get_usd=0.0000004 s3_delete_usd=0 "), line);
  }

  @Test
  void a_dead_letter_takes_the_jobs_object_over() throws Exception {
    submit("fail " + "x".repeat(1_100_000));
    start(BUCKET_SET);
    awaitDeadLetters(1);
    awaitEmptyBacklog();

    Message letter =
        extended
            .receiveMessage(r -> r.queueUrl(sqs.urlOf(DEAD_LETTERS)).messageAttributeNames("All"))
            .messages()
            .getFirst();
    assertTrue(letter.body().startsWith("fail xxx"));
    assertEquals("java.io.IOException", text(letter, "error_type"));
  }

  @Test
  void without_the_setting_such_a_job_is_dead_lettered_and_the_others_go_on() throws Exception {
    submit(LARGE);
    sqs.send(BACKLOG, "plain");
    start();
    awaitResults(1);
    awaitDeadLetters(1);

    Message letter = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("PayloadRefused", text(letter, "error_type"));
    assertTrue(text(letter, "error_message").contains("payload_bucket_name"));
    assertEquals(1, s3.keys(BUCKET).size(), "the object waits for its dead letter");
  }

  @Test
  void while_s3_is_away_jobs_go_back_and_cost_no_attempt() throws Exception {
    submit(LARGE);
    s3.proxy().on("GET").fail(503).times(2);
    DaemonProcess daemon = start(BUCKET_SET, "job_failure_retries=0");
    awaitResults(1);

    assertEquals(1, runs().size());
    assertEquals(1, daemon.count("AWS calls fail"));
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }
}
