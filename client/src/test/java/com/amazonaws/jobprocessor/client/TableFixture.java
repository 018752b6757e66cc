package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.DynamoJobTable;
import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.testkit.EmbeddedDynamo;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A job table in DynamoDB Local, and a worker that writes it. */
final class TableFixture implements AutoCloseable {
  static final String TABLE = "jobs";
  static final String QUEUE = "todo";

  final EmbeddedDynamo server = EmbeddedDynamo.start();
  final JobTable worker = worker(InstantSource.system());

  TableFixture() throws CallFailed, InterruptedException {
    Settings.use(Map.of("aws.endpointUrlDynamoDb", server.endpoint().toString()));
    new DynamoTables(server.client(), new SqsCalls()).create(TABLE);
  }

  JobTable worker(InstantSource wallClock) {
    return new DynamoJobTable(server.client(), new SqsCalls(), TABLE, QUEUE, "i-1", wallClock);
  }

  static ClaimRequest claim(String id, String messageId) {
    return new ClaimRequest(
        id,
        messageId,
        ClaimRequest.Payload.of("body of " + id),
        1_700_000_000_000L,
        UUID.randomUUID().toString(),
        Duration.ofMinutes(1));
  }

  /** A worker has claimed the job and recorded its end. */
  ClaimRequest ended(String id, JobTable.End end) throws CallFailed, InterruptedException {
    ClaimRequest claim = claim(id, "m-" + id);
    worker.claim(claim);
    worker.record(claim, end);
    return claim;
  }

  static JobTable.End.Succeeded success(JobTable.Result result) {
    return new JobTable.End.Succeeded(result, 1, Duration.ofMillis(12));
  }

  /** Writes a record as it is. */
  void put(String id, Map<String, String> attributes) {
    put(id, QUEUE, attributes);
  }

  /** Writes the record of a job of any queue. */
  void put(String id, String queue, Map<String, String> attributes) {
    Map<String, AttributeValue> item = new HashMap<>();
    attributes.forEach((name, value) -> item.put(name, AttributeValue.fromS(value)));
    item.put("job_id", AttributeValue.fromS(id));
    item.put("queue", AttributeValue.fromS(queue));
    server.client().putItem(r -> r.tableName(TABLE).item(item));
  }

  @Nullable String text(String id, String attribute) {
    AttributeValue value =
        server
            .client()
            .getItem(
                r ->
                    r.tableName(TABLE)
                        .key(
                            Map.of(
                                "job_id", AttributeValue.fromS(id),
                                "queue", AttributeValue.fromS(QUEUE))))
            .item()
            .get(attribute);
    return value == null ? null : value.s() == null ? value.n() : value.s();
  }

  @Override
  public void close() {
    Settings.forget();
    server.close();
  }
}
