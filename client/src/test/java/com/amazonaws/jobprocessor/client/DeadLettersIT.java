package com.amazonaws.jobprocessor.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@link DeadLetters} against ElasticMQ, with deaths between its calls. */
@Tag("long")
@Timeout(120)
class DeadLettersIT {
  private static final String DEAD = "dead";
  private static final String TODO = TableFixture.QUEUE;
  private static final Map<QueueAttributeName, String> FIFO =
      Map.of(QueueAttributeName.FIFO_QUEUE, "true");

  private final EmbeddedSqs sqs = EmbeddedSqs.start();

  @BeforeEach
  void open() {
    Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
    sqs.createQueue(DEAD);
    sqs.createQueue(TODO);
  }

  @AfterEach
  void close() {
    Settings.forget();
    sqs.close();
  }

  private void letter(String jobId, String definition) {
    letter(jobId, definition, Map.of());
  }

  private void letter(String jobId, String definition, Map<String, String> more) {
    Map<String, String> attributes =
        new HashMap<>(
            Map.of(
                "job_id",
                jobId,
                "job_message_id",
                "m-" + jobId,
                "attempts",
                "2",
                "error_type",
                "java.io.IOException",
                "error_message",
                "no",
                "backlog",
                TODO));
    attributes.putAll(more);
    sqs.sendWithAttributes(DEAD, definition, attributes);
  }

  private List<Message> take(String queue) {
    return sqs.client()
        .receiveMessage(
            r ->
                r.queueUrl(sqs.urlOf(queue))
                    .maxNumberOfMessages(10)
                    .visibilityTimeout(600)
                    .messageSystemAttributeNames(MessageSystemAttributeName.ALL)
                    .messageAttributeNames("All"))
        .messages();
  }

  private static Set<String> ids(List<Message> messages) {
    return messages.stream().map(message -> text(message, "job_id")).collect(Collectors.toSet());
  }

  private static String text(Message message, String attribute) {
    return Objects.requireNonNull(message.messageAttributes().get(attribute)).stringValue();
  }

  private static MessageAttributeValue string(String value) {
    return MessageAttributeValue.builder().dataType("String").stringValue(value).build();
  }

  @Test
  void letters_are_listed_and_shown_and_stay_visible() throws Exception {
    letter("a", "job a", Map.of("tenant", "t"));
    letter("b", "job b");
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      Map<String, DeadLetter> all =
          letters.list().stream().collect(Collectors.toMap(DeadLetter::jobId, letter -> letter));
      DeadLetter a = letters.show("a").orElseThrow();

      assertEquals(Set.of("a", "b"), all.keySet());
      assertEquals(a, all.get("a"));
      assertEquals("job a", a.definition());
      assertEquals(2, a.attempts());
      assertEquals(new JobEnd.Failure("java.io.IOException", "no", TODO), a.failure());
      assertEquals(Map.of("tenant", "t"), a.attributes());
      assertEquals(Optional.empty(), letters.show("c"));
    }
    assertEquals(new EmbeddedSqs.Counts(2, 0, 0), sqs.counts(DEAD));
  }

  @Test
  void letters_go_back_to_the_queue_they_came_from_without_what_workers_added() throws Exception {
    letter("a", "job a", Map.of("tenant", "t"));
    letter("a", "job a", Map.of("tenant", "t")); // a copy, of a worker that died
    letter("b", "job b", Map.of("backlog", "elsewhere"));
    letter("c", "job c");
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      DeadLetters.SentBack back = letters.sendBack(letter -> !letter.jobId().equals("c"));

      assertEquals(1, back.sent());
      assertEquals(
          Map.of("b", "there is no queue \"elsewhere\" in us-east-1; check the region"),
          back.refused());
    }
    Message job = take(TODO).get(0);
    assertEquals("job a", job.body());
    assertEquals(Set.of("job_id", "tenant"), job.messageAttributes().keySet());
    assertEquals(0, sqs.counts(TODO).visible());
    assertEquals(new EmbeddedSqs.Counts(2, 0, 0), sqs.counts(DEAD), "b and c stay");
  }

  private static List<String> bodies(List<Message> messages) {
    return messages.stream().map(Message::body).sorted().toList();
  }

  @Test
  void two_jobs_of_one_pack_that_have_one_id_both_go_back() throws Exception {
    letter("x", "a");
    letter("x", "b"); // it died of the same message, the pack
    letter("x", "a"); // a copy
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      assertEquals(new DeadLetters.SentBack(2, 0, Map.of()), letters.sendBack(letter -> true));
    }
    assertEquals(List.of("a", "b"), bodies(take(TODO)));
    assertEquals(0, sqs.counts(DEAD).total());
  }

  @Test
  void jobs_that_were_submitted_under_one_id_all_go_back() throws Exception {
    letter("nightly-1", "monday", Map.of("job_message_id", "m-1"));
    letter("nightly-1", "tuesday", Map.of("job_message_id", "m-2"));
    letter("nightly-1", "tuesday", Map.of("job_message_id", "m-3"));
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      assertEquals(new DeadLetters.SentBack(3, 0, Map.of()), letters.sendBack(letter -> true));
    }
    assertEquals(List.of("monday", "tuesday", "tuesday"), bodies(take(TODO)));
    assertEquals(0, sqs.counts(DEAD).total());
  }

  @Test
  void in_a_fifo_queue_jobs_that_were_submitted_under_one_id_all_go_back() throws Exception {
    sqs.createQueue("dead.fifo", FIFO);
    sqs.createQueue("todo.fifo", FIFO);
    for (String night : List.of("monday", "tuesday")) {
      sqs.client()
          .sendMessage(
              r ->
                  r.queueUrl(sqs.urlOf("dead.fifo"))
                      .messageBody(night)
                      .messageGroupId("g")
                      .messageDeduplicationId(night)
                      .messageAttributes(
                          Map.of(
                              "job_id", string("nightly-1"),
                              "job_message_id", string("m-" + night),
                              "backlog", string("todo.fifo"))));
    }
    try (DeadLetters letters = DeadLetters.of("dead.fifo").build()) {
      assertEquals(2, letters.sendBack(letter -> true).sent());
    }
    assertEquals(
        List.of("monday", "tuesday"), take("todo.fifo").stream().map(Message::body).toList());
    assertEquals(0, sqs.counts("dead.fifo").total());
  }

  @Test
  void a_job_or_refused_pack_that_has_failed_again_meanwhile_stays() throws Exception {
    letter("a", "job");
    Map<String, String> pack =
        Map.of("job_pack", "9", "job_id", "m-old", "job_message_id", "m-old");
    letter("", "{\"body\":\"x\"}", pack);
    Fault delete = sqs.proxy().on("DeleteMessageBatch").holdBefore(1);
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      CompletableFuture<DeadLetters.SentBack> back =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return letters.sendBack(letter -> true);
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      delete.awaitHit(Duration.ofSeconds(60));
      for (Message job : take(TODO)) {
        boolean isPack = job.messageAttributes().containsKey("job_pack");
        String id = isPack ? job.messageId() : "a";
        Map<String, String> death = new HashMap<>(isPack ? pack : Map.of());
        death.put("job_id", id);
        death.put("job_message_id", job.messageId());
        letter(id, job.body(), death);
      }
      delete.release();

      assertEquals(new DeadLetters.SentBack(2, 0, Map.of()), back.get());
    }
    assertEquals(new EmbeddedSqs.Counts(2, 0, 0), sqs.counts(DEAD));
  }

  @Test
  void a_second_letter_of_an_id_that_does_not_say_how_it_died_stays_and_is_told() throws Exception {
    Map<String, String> foreign = Map.of("job_id", "a", "backlog", TODO);
    sqs.sendWithAttributes(DEAD, "monday", foreign);
    sqs.sendWithAttributes(DEAD, "tuesday", foreign);
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      DeadLetters.SentBack first = letters.sendBack(letter -> true);

      assertEquals(1, first.sent());
      assertEquals(Set.of("a"), first.refused().keySet());
      assertEquals(new DeadLetters.SentBack(1, 0, Map.of()), letters.sendBack(letter -> true));
    }
    assertEquals(List.of("monday", "tuesday"), bodies(take(TODO)));
  }

  @Test
  void a_letter_that_names_no_backlog_needs_one_and_fifo_never_goes_into_standard()
      throws Exception {
    sqs.sendWithAttributes(DEAD, "foreign", Map.of("job_id", "a"));
    sqs.createQueue("dead.fifo", FIFO);
    sqs.client()
        .sendMessage(
            r ->
                r.queueUrl(sqs.urlOf("dead.fifo"))
                    .messageBody("job")
                    .messageGroupId("g")
                    .messageDeduplicationId("d")
                    .messageAttributes(Map.of("job_id", string("f"), "backlog", string(TODO))));
    try (DeadLetters letters = DeadLetters.of(DEAD).build();
        DeadLetters named = DeadLetters.of(DEAD).backlog(TODO).build();
        DeadLetters fifo = DeadLetters.of("dead.fifo").build()) {
      assertEquals(Set.of("a"), letters.sendBack(letter -> true).refused().keySet());
      assertEquals(1, named.sendBack(letter -> true).sent());
      String why = fifo.sendBack(letter -> true).refused().get("f");
      assertEquals(
          "it is in a FIFO queue and \"" + TODO + "\" is none; give the builder's backlog", why);
    }
    assertEquals(Set.of("a"), ids(take(TODO)));
    assertEquals(1, sqs.counts("dead.fifo").total());
  }

  /** A death is a call that never reaches SQS, and nothing after it. */
  @Test
  void a_death_before_the_send_or_between_two_batches_loses_and_doubles_nothing() throws Exception {
    for (int i = 0; i < 15; i++) {
      letter("j" + i, "job");
    }
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      sqs.proxy().on("SendMessageBatch").deny().once();
      assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
      assertEquals(new EmbeddedSqs.Counts(15, 0, 0), sqs.counts(DEAD));
      assertEquals(0, sqs.counts(TODO).total());

      sqs.proxy().on("SendMessageBatch").afterFirst(1).deny().once();
      assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
      assertEquals(15, sqs.counts(DEAD).visible() + sqs.counts(TODO).total());
      assertEquals(15 - sqs.counts(TODO).total(), letters.sendBack(letter -> true).sent());
    }
    assertEquals(new EmbeddedSqs.Counts(15, 0, 0), sqs.counts(TODO));
    assertEquals(0, sqs.counts(DEAD).total());
  }

  @Test
  void a_lost_answer_to_the_send_is_asked_for_again_and_the_letter_stays_if_nobody_answers()
      throws Exception {
    letter("a", "job");
    sqs.proxy().on("SendMessageBatch").fail(500).forever();
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      ClientException thrown =
          assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
      assertTrue(String.valueOf(thrown.getMessage()).startsWith("reading dead failed"));
      assertEquals(new EmbeddedSqs.Counts(1, 0, 0), sqs.counts(DEAD));
      assertEquals(0, sqs.counts(TODO).total());
    }
  }

  @Test
  void in_a_fifo_queue_a_death_before_the_delete_doubles_nothing() throws Exception {
    sqs.createQueue("dead.fifo", FIFO);
    sqs.createQueue("todo.fifo", FIFO);
    sqs.client()
        .sendMessage(
            r ->
                r.queueUrl(sqs.urlOf("dead.fifo"))
                    .messageBody("job")
                    .messageGroupId("g")
                    .messageDeduplicationId("d")
                    .messageAttributes(
                        Map.of("job_id", string("a"), "backlog", string("todo.fifo"))));
    try (DeadLetters letters = DeadLetters.of("dead.fifo").build()) {
      sqs.proxy().on("DeleteMessageBatch").deny().once();
      assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
      assertEquals(new EmbeddedSqs.Counts(1, 0, 0), sqs.counts("dead.fifo"));
      assertEquals(1, sqs.counts("todo.fifo").total());

      assertEquals(1, letters.sendBack(letter -> true).sent());
    }
    assertEquals(0, sqs.counts("dead.fifo").total());
    assertEquals(1, sqs.counts("todo.fifo").total(), "by the letter's MessageId");
  }

  @Test
  void with_the_job_table_a_death_before_the_delete_costs_no_second_run() throws Exception {
    try (TableFixture table = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      table.ended("a", new JobTable.End.Dead("java.io.IOException", "no"));
      letter("a", "body of a");
      try (DeadLetters letters = DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).build()) {
        sqs.proxy().on("DeleteMessageBatch").deny().once();
        assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
        assertEquals(new EmbeddedSqs.Counts(1, 0, 0), sqs.counts(DEAD), "it is not lost");
        ClaimRequest first = claimOf(take(TODO).get(0));
        assertEquals(new JobTable.Standing.Mine(1, 0), table.worker.claim(first));

        DeadLetters.SentBack again = letters.sendBack(letter -> true);
        assertEquals(new DeadLetters.SentBack(0, 1, Map.of()), again, "a worker has begun it");
        assertEquals(0, sqs.counts(DEAD).total());
        assertEquals(0, sqs.counts(TODO).visible());

        table.worker.record(first, new JobTable.End.Dead("java.io.IOException", "again"));
        letter("a", "body of a", Map.of("job_message_id", first.messageId()));
        assertEquals(1, letters.sendBack(letter -> true).sent(), "it has died once more");
      }
    }
  }

  @Test
  void with_the_job_table_the_second_of_two_copies_does_not_run_after_the_first_succeeded()
      throws Exception {
    try (TableFixture table = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      table.ended("a", new JobTable.End.Dead("java.io.IOException", "no"));
      letter("a", "body of a");
      try (DeadLetters letters = DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).build()) {
        sqs.proxy().on("DeleteMessageBatch").deny().once();
        assertThrows(ClientException.class, () -> letters.sendBack(letter -> true));
        assertEquals(1, letters.sendBack(letter -> true).sent(), "no worker has begun it");
      }
      List<Message> copies = take(TODO);
      assertEquals(2, copies.size());
      ClaimRequest first = claimOf(copies.get(0));
      ClaimRequest second = claimOf(copies.get(1));
      assertEquals(new JobTable.Standing.Mine(1, 0), table.worker.claim(first));
      assertTrue(table.worker.claim(second) instanceof JobTable.Standing.Held);
      table.worker.record(first, TableFixture.success(new JobTable.Result.Text("done")));
      assertTrue(table.worker.claim(second) instanceof JobTable.Standing.Succeeded);
    }
  }

  @Test
  void a_letter_of_a_reused_id_is_no_copy_of_the_job_that_has_it() throws Exception {
    try (TableFixture table = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      letter("a", "another body"); // JobIdReused
      table.worker.claim(claimOf("a", "m-own", System.currentTimeMillis() + 60_000, "body"));
      try (DeadLetters letters = DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).build()) {
        assertEquals(1, letters.sendBack(letter -> true).sent());
      }
    }
  }

  private static ClaimRequest claimOf(Message message) {
    return claimOf(
        text(message, "job_id"),
        message.messageId(),
        Long.parseLong(message.attributes().get(MessageSystemAttributeName.SENT_TIMESTAMP)),
        message.body());
  }

  private static ClaimRequest claimOf(String id, String messageId, long sentAt, String body) {
    return new ClaimRequest(
        id,
        messageId,
        ClaimRequest.Payload.of(body),
        sentAt,
        UUID.randomUUID().toString(),
        Duration.ofMinutes(1));
  }

  @Test
  void an_edited_job_goes_back_under_its_next_id_with_its_attributes() throws Exception {
    letter("a", "jpgg", Map.of("tenant", "t"));
    letter("a", "jpgg", Map.of("tenant", "t")); // a copy
    letter("b", "job b");
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      assertEquals(Optional.of("a.2"), letters.edit("a", "jpg", DeadLetters.Id.NEXT));
      assertEquals(Optional.of("b"), letters.edit("b", "job c", DeadLetters.Id.KEPT));
      assertEquals(Optional.empty(), letters.edit("c", "job", DeadLetters.Id.NEXT));
      assertThrows(
          IllegalArgumentException.class, () -> letters.edit("a", "", DeadLetters.Id.NEXT));
    }
    List<Message> jobs = take(TODO);
    assertEquals(Set.of("a.2", "b"), ids(jobs));
    Message a = jobs.stream().filter(job -> job.body().equals("jpg")).findFirst().orElseThrow();
    assertEquals(Set.of("job_id", "tenant"), a.messageAttributes().keySet());
    assertEquals(0, sqs.counts(DEAD).total());
    try (DeadLetters tabled = DeadLetters.of(DEAD).jobTable("jobs").build()) {
      assertThrows(
          IllegalArgumentException.class, () -> tabled.edit("a", "x", DeadLetters.Id.KEPT));
    }
  }

  @Test
  void an_edit_that_dies_before_the_delete_gives_the_same_id_when_it_is_made_again()
      throws Exception {
    letter("a.2", "jpgg");
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      sqs.proxy().on("DeleteMessageBatch").deny().once();
      assertThrows(ClientException.class, () -> letters.edit("a.2", "jpg", DeadLetters.Id.NEXT));
      assertEquals(1, sqs.counts(DEAD).visible());
      assertEquals(Optional.of("a.3"), letters.edit("a.2", "jpg", DeadLetters.Id.NEXT));
    }
    assertEquals(Set.of("a.3"), ids(take(TODO)), "one job for the job table");
    assertEquals(0, sqs.counts(DEAD).total());
  }

  @Test
  void a_pack_is_not_edited_and_goes_back_as_the_pack_it_was() throws Exception {
    letter(
        "p",
        "{\"job_id\":\"x\",\"body\":\"1\"}\n{\"job_id\":\"y\",\"body\":\"2\"}",
        Map.of("job_pack", "1", "error_type", "PackRefused"));
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      assertEquals("p", letters.show("y").orElseThrow().jobId());
      assertThrows(ClientException.class, () -> letters.edit("x", "1", DeadLetters.Id.NEXT));
      assertEquals(1, sqs.counts(DEAD).visible());
      assertEquals(1, letters.sendBack(letter -> true).sent());
    }
    assertEquals("1", text(take(TODO).get(0), "job_pack"));
  }

  @Test
  void payloads_in_s3_are_shown_kept_for_the_job_and_purged_with_the_letter() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start()) {
      Settings.use(Map.of("aws.endpointUrlS3", s3.endpoint().toString()));
      s3.createBucket("payloads");
      for (String key : List.of("k1", "k2", "k3")) {
        s3.put("payloads", key, ("large " + key).getBytes(UTF_8));
        letter(key, pointer(key), Map.of("ExtendedPayloadSize", "8"));
      }
      try (DeadLetters letters = DeadLetters.of(DEAD).payloadBucket("payloads").build()) {
        assertTrue(letters.list().stream().allMatch(DeadLetter::isInBucket));
        DeadLetter shown = letters.show("k1").orElseThrow();
        assertEquals("large k1", shown.definition());
        assertEquals(1, letters.sendBack(letter -> letter.jobId().equals("k1")).sent());
        assertEquals(Optional.of("k2.2"), letters.edit("k2", "small", DeadLetters.Id.NEXT));
        assertEquals(1, letters.purge(letter -> true));
      }
      assertEquals(0, sqs.counts(DEAD).total());
      Map<String, String> jobs =
          take(TODO).stream().collect(Collectors.toMap(m -> text(m, "job_id"), Message::body));
      assertEquals(Set.of("k1", "k2.2"), jobs.keySet());
      List<String> keys = s3.keys("payloads");
      assertEquals(1, keys.size(), "one object of the job's own");
      assertTrue(String.valueOf(jobs.get("k1")).contains(keys.get(0)), jobs::toString);
      assertEquals("large k1", new String(s3.get("payloads", keys.get(0)), UTF_8));
    }
  }

  /** A purge after a death in between would take the object from the job that waits. */
  @Test
  void with_the_job_table_a_payload_in_s3_is_not_shared_with_a_job_that_goes_back()
      throws Exception {
    letter("k1", pointer("k1"), Map.of("ExtendedPayloadSize", "8"));
    letter("small", "text", Map.of());
    try (TableFixture _ = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      try (DeadLetters letters = DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).build()) {
        DeadLetters.SentBack back = letters.sendBack(letter -> true);

        assertEquals(1, back.sent());
        assertTrue(
            String.valueOf(back.refused().get("k1")).contains("payload bucket"), back::toString);
        assertEquals(List.of("k1"), letters.list().stream().map(DeadLetter::jobId).toList());
      }
      assertEquals(List.of("text"), take(TODO).stream().map(Message::body).toList());
    }
  }

  @Test
  void a_purge_leaves_the_object_of_a_job_that_a_worker_has_begun_meanwhile() throws Exception {
    try (EmbeddedS3 s3 = EmbeddedS3.start();
        TableFixture table = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      Settings.use(Map.of("aws.endpointUrlS3", s3.endpoint().toString()));
      s3.createBucket("payloads");
      for (String key : List.of("k1", "k2")) {
        s3.put("payloads", key, ("large " + key).getBytes(UTF_8));
        letter(key, pointer(key), Map.of("ExtendedPayloadSize", "8"));
      }
      long later = System.currentTimeMillis() + 60_000;
      table.worker.claim(claimOf("k1", "m-sent-back", later, "large k1"));
      table.worker.claim(claimOf("k2", "m-another", later, "another job"));
      try (DeadLetters letters =
          DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).payloadBucket("payloads").build()) {
        assertEquals(2, letters.purge(letter -> true));
      }
      assertEquals(List.of("k1"), s3.keys("payloads"));
    }
  }

  @Test
  void with_the_job_table_an_edit_is_known_again_and_takes_no_version_of_another_definition()
      throws Exception {
    try (TableFixture table = new TableFixture()) {
      Settings.use(Map.of("aws.endpointUrlSqs", sqs.endpoint().toString()));
      letter("a", "jpgg");
      letter("b", "jpgg");
      long later = System.currentTimeMillis() + 60_000;
      table.worker.claim(claimOf("a.2", "m-1", later, "jpg"));
      table.worker.claim(claimOf("b.2", "m-2", later, "png"));
      try (DeadLetters letters = DeadLetters.of(DEAD).jobTable(TableFixture.TABLE).build()) {
        assertEquals(Optional.of("a.2"), letters.edit("a", "jpg", DeadLetters.Id.NEXT));
        assertEquals(0, sqs.counts(TODO).total(), "a worker has begun it");
        assertEquals(Optional.of("b.3"), letters.edit("b", "jpg", DeadLetters.Id.NEXT));
      }
      assertEquals(Set.of("b.3"), ids(take(TODO)));
      assertEquals(0, sqs.counts(DEAD).total());
    }
  }

  private static String pointer(String key) {
    return "[\"software.amazon.payloadoffloading.PayloadS3Pointer\","
        + "{\"s3BucketName\":\"payloads\",\"s3Key\":\""
        + key
        + "\"}]";
  }

  @Test
  void only_what_is_meant_is_purged() throws Exception {
    for (int i = 0; i < 25; i++) {
      letter("j" + i, "job " + i % 5);
    }
    try (DeadLetters letters = DeadLetters.of(DEAD).build()) {
      assertEquals(5, letters.purge(letter -> letter.definition().equals("job 3")));
      assertEquals(new EmbeddedSqs.Counts(20, 0, 0), sqs.counts(DEAD));
      assertEquals(20, letters.list().size());
    }
  }
}
