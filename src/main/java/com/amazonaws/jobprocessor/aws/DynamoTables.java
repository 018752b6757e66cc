package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Looks for job tables, makes them, and lets finished jobs expire. */
public final class DynamoTables {
  private static final List<KeySchemaElement> KEY =
      List.of(keyPart(JobItem.JOB_ID, KeyType.HASH), keyPart(JobItem.QUEUE, KeyType.RANGE));

  private final DynamoDbClient dynamo;
  private final SqsCalls calls;

  /** Tables as the client sees them. */
  public DynamoTables(DynamoDbClient dynamo, SqsCalls calls) {
    this.dynamo = dynamo;
    this.calls = calls;
  }

  /** What there is under a name. */
  public enum Found {
    /** A job table. */
    READY,
    /** A table that is being made, or changed. */
    NOT_READY,
    /** Nothing. */
    MISSING,
    /** A table whose key is another. */
    OTHER
  }

  /** Looks for a table. */
  public Found find(String name) throws CallFailed, InterruptedException {
    try {
      TableDescription table =
          calls.call(() -> dynamo.describeTable(r -> r.tableName(name))).table();
      if (!table.keySchema().equals(KEY)) {
        return Found.OTHER;
      }
      boolean usable =
          table.tableStatus() == TableStatus.ACTIVE || table.tableStatus() == TableStatus.UPDATING;
      return usable ? Found.READY : Found.NOT_READY;
    } catch (CallFailed e) {
      if (e.code().equals("ResourceNotFoundException")) {
        return Found.MISSING;
      }
      throw e;
    }
  }

  /**
   * Begins to make a table, billed by request; one that somebody else has just begun is as good.
   */
  public void create(String name) throws CallFailed, InterruptedException {
    try {
      calls.call(
          () ->
              dynamo.createTable(
                  r ->
                      r.tableName(name)
                          .billingMode(BillingMode.PAY_PER_REQUEST)
                          .keySchema(KEY)
                          .attributeDefinitions(string(JobItem.JOB_ID), string(JobItem.QUEUE))));
    } catch (CallFailed e) {
      if (!e.code().equals("ResourceInUseException")) {
        throw e;
      }
    }
  }

  /** Switches on that items go when their {@code expires_at} is past, if that is not so already. */
  public void expire(String name) throws CallFailed, InterruptedException {
    TimeToLiveStatus status =
        calls
            .call(() -> dynamo.describeTimeToLive(r -> r.tableName(name)))
            .timeToLiveDescription()
            .timeToLiveStatus();
    if (status != TimeToLiveStatus.ENABLED && status != TimeToLiveStatus.ENABLING) {
      calls.call(
          () ->
              dynamo.updateTimeToLive(
                  r ->
                      r.tableName(name)
                          .timeToLiveSpecification(
                              ttl -> ttl.attributeName("expires_at").enabled(true))));
    }
  }

  private static KeySchemaElement keyPart(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition string(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
