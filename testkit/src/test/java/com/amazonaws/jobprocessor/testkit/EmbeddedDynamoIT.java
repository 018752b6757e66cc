package com.amazonaws.jobprocessor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class EmbeddedDynamoIT {
  @Test
  void two_beside_each_other_have_tables_of_their_own_and_the_proxy_sees_the_calls() {
    try (EmbeddedDynamo one = EmbeddedDynamo.start();
        EmbeddedDynamo other = EmbeddedDynamo.start()) {
      createTable(one);
      try (DynamoDbClient throughProxy = one.clientThroughProxy()) {
        assertEquals(List.of("jobs"), throughProxy.listTables().tableNames());
      }
      assertEquals(1, one.proxy().requests("ListTables"));
      assertEquals(List.of(), other.client().listTables().tableNames());
    }
  }

  private static void createTable(EmbeddedDynamo dynamo) {
    AttributeDefinition id =
        AttributeDefinition.builder()
            .attributeName("id")
            .attributeType(ScalarAttributeType.S)
            .build();
    KeySchemaElement key =
        KeySchemaElement.builder().attributeName("id").keyType(KeyType.HASH).build();
    dynamo
        .client()
        .createTable(
            table ->
                table
                    .tableName("jobs")
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(id)
                    .keySchema(key));
  }
}
