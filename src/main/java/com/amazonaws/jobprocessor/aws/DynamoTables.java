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
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Looks for job tables, makes them, and lets finished jobs expire. */
public final class DynamoTables {
  private static final List<KeySchemaElement> KEY =
      List.of(keyPart(JobItem.JOB_ID, KeyType.HASH), keyPart(JobItem.QUEUE, KeyType.RANGE));

  private static final String EXPIRES_AT = "expires_at";

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
      if (!table.keySchema().equals(KEY) || !keyIsText(table)) {
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

  private static boolean keyIsText(TableDescription table) {
    return table.attributeDefinitions().stream()
        .filter(attribute -> KEY.stream().anyMatch(part -> isOf(attribute, part)))
        .allMatch(attribute -> attribute.attributeType() == ScalarAttributeType.S);
  }

  private static boolean isOf(AttributeDefinition attribute, KeySchemaElement part) {
    return attribute.attributeName().equals(part.attributeName());
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

  /** Whether, and by which attribute, items of a table expire. */
  public enum Expiry {
    /** When their {@code expires_at} is past. */
    ON,
    /** Never. */
    OFF,
    /** By another attribute, and a table has one only. */
    OTHER
  }

  /** How a table's items expire. */
  public Expiry expiry(String name) throws CallFailed, InterruptedException {
    TimeToLiveDescription ttl =
        calls.call(() -> dynamo.describeTimeToLive(r -> r.tableName(name))).timeToLiveDescription();
    boolean on =
        ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLED
            || ttl.timeToLiveStatus() == TimeToLiveStatus.ENABLING;
    if (!on) {
      return Expiry.OFF;
    }
    return EXPIRES_AT.equals(ttl.attributeName()) ? Expiry.ON : Expiry.OTHER;
  }

  /**
   * Switches on that items go when their {@code expires_at} is past, if that is not so already.
   *
   * @return false if they go by another attribute, which is left as it is
   */
  public boolean expire(String name) throws CallFailed, InterruptedException {
    Expiry expiry = expiry(name);
    if (expiry == Expiry.OFF) {
      calls.call(
          () ->
              dynamo.updateTimeToLive(
                  r ->
                      r.tableName(name)
                          .timeToLiveSpecification(
                              ttl -> ttl.attributeName(EXPIRES_AT).enabled(true))));
    }
    return expiry != Expiry.OTHER;
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
