package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Item;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Usage;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class CostLogTest {
  private static final int CHUNK = 65_536;
  private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

  @TempDir Path folder;
  private final Logger logger = (Logger) LoggerFactory.getLogger(PriceFile.class.getPackageName());
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Counters counters = new Counters();
  private final ObjectCounts objects = new ObjectCounts();
  private final Meters meters = new Meters(counters.requests(), () -> 0, () -> 0, () -> 0, objects);

  @BeforeEach
  void record() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopRecording() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private BoxPrices box(@Nullable String type, boolean spot) {
    return new BoxPrices(type, spot, PriceFile.open(folder.resolve("prices.properties")));
  }

  private Map<String, String> fields(boolean fifo, BoxPrices box) {
    return new CostLog(meters, fifo, box).fields(100, HALF_AN_HOUR);
  }

  /** 40 receives, two of them of two chunks; 30 sends, one of three; 20 deletes; 10 changes. */
  private void work() {
    for (int i = 0; i < 40; i++) {
      counters.accept(
          new WorkEvent.Requested(Request.RECEIVE, i % 4, i < 2 ? CHUNK + 1 : i * 1_000L));
    }
    for (int i = 0; i < 30; i++) {
      counters.accept(new WorkEvent.Requested(Request.SEND, 10, i < 1 ? 2 * CHUNK + 1 : CHUNK));
    }
    for (int i = 0; i < 20; i++) {
      counters.accept(new WorkEvent.Requested(Request.DELETE, i < 10 ? 1 : 2, 0));
    }
    for (int i = 0; i < 10; i++) {
      counters.accept(new WorkEvent.Requested(Request.CHANGE_VISIBILITY, 1, 0));
    }
    objects.put();
    objects.get();
    objects.get();
    objects.delete();
  }

  @Test
  void the_line_is_the_bill_of_what_was_counted() {
    work();

    Map<String, String> fields = fields(false, box("c7g.large", false));

    assertEquals("0.0000168", fields.get("sqs_receive_usd")); // 42 at $0.40 a million
    assertEquals("0.0000128", fields.get("sqs_send_usd")); // 32
    assertEquals("0.000008", fields.get("sqs_delete_usd"));
    assertEquals("0.000004", fields.get("sqs_change_visibility_usd"));
    assertEquals("0.000005", fields.get("s3_put_usd"));
    assertEquals("0.0000008", fields.get("s3_get_usd"));
    assertEquals("0", fields.get("s3_delete_usd"));
    assertEquals("0.03625", fields.get("ec2_instance_usd")); // half an hour
    assertEquals("0.0362974", fields.get("usd"));
    assertEquals("362.974", fields.get("usd_per_million_jobs"));
    assertEquals("2.0", fields.get("receive_fill")); // one, two and three; empty ones left out
    assertEquals("10.0", fields.get("send_fill"));
    assertEquals("1.5", fields.get("delete_fill"));
    assertEquals("compute", fields.get("dominated_by"));
    assertEquals("us-east-1@2026-02-09", fields.get("prices"));
  }

  @Test
  void it_is_the_same_bill_as_the_cost_package_makes() {
    work();
    Usage usage =
        Usage.NONE
            .plus(Item.RECEIVE, 42)
            .plus(Item.SEND, 32)
            .plus(Item.DELETE, 20)
            .plus(Item.RENEW, 10)
            .plus(Item.PUT, 1)
            .plus(Item.GET, 2)
            .plus(Item.REMOVE, 1)
            .plus(Item.INSTANCE, new BigDecimal("0.5"));
    BoxPrices box = box("m7g.large", false);
    Bill bill =
        Bill.of(
            usage,
            new Tariff(box.prices(), true, new Tariff.Box(new BigDecimal("0.0816"), 0, false)));

    Map<String, String> fields = fields(true, box);

    assertEquals(bill.total().significant(6), fields.get("usd"));
    for (Bill.Line line : bill.lines()) {
      assertEquals(line.cost().significant(6), fields.get(line.item().key() + "_usd"));
    }
  }

  @Test
  void without_a_price_of_the_box_the_line_says_so_and_what_helps() {
    work();
    CostLog unknown = new CostLog(meters, false, box(null, false));
    unknown.log(100, HALF_AN_HOUR);
    new CostLog(meters, false, box("c7g.large", true)).log(100, HALF_AN_HOUR);
    new CostLog(meters, false, box("x9.huge", false)).log(100, HALF_AN_HOUR);

    assertEquals(null, unknown.fields(100, HALF_AN_HOUR).get("ec2_instance_usd"));
    List<String> messages = lines.list.stream().map(ILoggingEvent::getMessage).toList();
    assertEquals(3, messages.size());
    messages.forEach(
        message ->
            assertTrue(
                message.contains("compute not included")
                    && message.contains("`bin/sample-client cost`"),
                message));
    assertTrue(messages.get(0).contains("type is not known"), messages.get(0));
    assertTrue(messages.get(1).contains("add spot.c7g.large to conf/prices.properties"));
    assertTrue(messages.get(2).contains("add instance.x9.huge to conf/prices.properties"));
  }

  @Test
  void a_worker_without_jobs_has_no_price_of_a_million() {
    Map<String, String> fields =
        new CostLog(meters, false, box(null, false)).fields(0, Duration.ZERO);

    assertEquals(
        Map.of("jobs", "0", "usd", "0", "prices", "us-east-1@2026-02-09"), Map.copyOf(fields));
  }

  @Test
  void the_file_of_the_home_overrides_single_prices() throws IOException {
    Files.writeString(
        folder.resolve("prices.properties"),
        "spot.c7g.large = 0.03\nas_of = 2026-11-20\nsqs.standard.million_requests = 4\n");
    work();

    Map<String, String> fields = fields(false, box("c7g.large", true));

    assertEquals("0.015", fields.get("ec2_instance_usd"));
    assertEquals("0.000168", fields.get("sqs_receive_usd"));
    assertEquals("us-east-1@2026-11-20", fields.get("prices"));
    assertEquals(List.of(), lines.list);
  }

  @Test
  void a_bad_file_is_warned_of_line_by_line_and_not_used_at_all() throws IOException {
    Path file = folder.resolve("prices.properties");
    Files.writeString(file, "nat.gb = cheap\nsqs.standard.million_requests = 4\nwhat\n");
    work();

    assertEquals("0.0000168", fields(false, box(null, false)).get("sqs_receive_usd"));
    assertEquals(2, lines.list.size());
    assertTrue(lines.list.getFirst().getKeyValuePairs().toString().contains("line 1: nat.gb"));

    Files.delete(file);
    Files.createDirectory(file);
    assertEquals("0.0000168", fields(false, box(null, false)).get("sqs_receive_usd"));
    assertEquals(3, lines.list.size());
    assertTrue(lines.list.getLast().getKeyValuePairs().toString().contains("cannot be read"));
  }
}
