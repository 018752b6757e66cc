package com.amazonaws.jobprocessor.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a daemon says at its end that it has cost, against what was asked of its servers. */
@Tag("alone")
class CostIT extends BlackBox {
  private static final String LINE = "estimated cost of this worker";

  private static BigDecimal dollars(String line, String key) {
    Matcher field = Pattern.compile(" " + key + "_usd=(\\S+)").matcher(line);
    return field.find() ? new BigDecimal(field.group(1)) : BigDecimal.ZERO;
  }

  private static void assertCost(String line, String key, long requests, String price) {
    BigDecimal expected = BigDecimal.valueOf(requests).multiply(new BigDecimal(price));
    assertEquals(
        0, expected.compareTo(dollars(line, key)), () -> key + " for " + requests + ": " + line);
  }

  private void assertSqs(String line) {
    assertCost(line, "sqs_receive", proxy().requests("ReceiveMessage"), "0.0000004");
    assertCost(line, "sqs_delete", proxy().requests("DeleteMessageBatch"), "0.0000004");
    assertCost(
        line,
        "sqs_change_visibility",
        proxy().requests("ChangeMessageVisibilityBatch"),
        "0.0000004");
    assertCost(
        line,
        "sqs_other",
        proxy().requests("GetQueueUrl") + proxy().requests("GetQueueAttributes"),
        "0.0000004");
  }

  @Test
  void every_request_is_on_the_bill_and_large_ones_by_their_chunks() throws Exception {
    List<String> jobs = new ArrayList<>(jobs("plain", 50));
    jobs.add("sleep 2500"); // its lease is renewed
    sqs.send(BACKLOG, jobs);
    DaemonProcess daemon = startAndAwait("concurrency=4", "expected_job_execution_time_in_secs=1");
    awaitResults(51);
    int small = proxy().requests("SendMessageBatch");
    sqs.send(BACKLOG, "y".repeat(199_999)); // 200,000 characters are four chunks, there and back
    awaitResults(52);
    awaitEmptyBacklog();

    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));

    String line = daemon.awaitLine(LINE, SOON);
    assertTrue(line.contains("compute not included"), line);
    assertTrue(line.contains(" jobs=52 "), line);
    assertTrue(proxy().requests("ChangeMessageVisibilityBatch") > 0);
    assertEquals(small + 1, proxy().requests("SendMessageBatch"));
    assertCost(line, "sqs_send", small + 4, "0.0000004");
    assertCost(line, "sqs_receive", proxy().requests("ReceiveMessage") + 3, "0.0000004");
    assertCost(line, "sqs_delete", proxy().requests("DeleteMessageBatch"), "0.0000004");
  }

  @Test
  void on_an_instance_compute_is_included_and_with_a_table_its_writes() throws Exception {
    try (FakeImds imds = FakeImds.start();
        EmbeddedDynamo dynamo = EmbeddedDynamo.start()) {
      imds.userData(EXECUTOR + ",job_table_name=jobs");
      // Dear enough to dominate, however soon the worker is done.
      imds.set("/latest/meta-data/instance-type", "c7i.4xlarge");
      DaemonProcess daemon =
          start(
              daemon()
                  .imds(imds.endpoint())
                  .set("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString()));
      daemon.awaitLine("taking jobs", SOON);
      sqs.send(BACKLOG, jobs("plain", 20));
      awaitResults(20);
      awaitEmptyBacklog();

      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));

      String line = daemon.awaitLine(LINE, SOON);
      assertTrue(dollars(line, "ec2_instance").signum() > 0, line);
      assertTrue(line.contains("dominated_by=compute"), line);
      assertEquals(40, dynamo.proxy().requests("UpdateItem"));
      assertCost(line, "dynamodb_writes", 40, "0.000000625");
      assertSqs(line);
      assertTrue(line.matches(".* send_fill=[0-9.]+ delete_fill=[0-9.]+ .*"), line);
    }
  }

  @Test
  void a_price_of_a_spot_instance_is_nobodys_guess() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData(EXECUTOR);
      imds.set("/latest/meta-data/instance-life-cycle", "spot");
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));
      daemon.awaitLine("taking jobs", SOON);

      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));

      String line = daemon.awaitLine(LINE, SOON);
      assertTrue(line.contains("add spot.t3.small to conf/prices.properties"), line);
    }
  }
}
