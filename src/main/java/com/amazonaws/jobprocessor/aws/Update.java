package com.amazonaws.jobprocessor.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** The expressions of one conditional write, put together. */
final class Update {
  private final List<String> assignments = new ArrayList<>();
  private final Map<String, String> names = new HashMap<>(Map.of("#state", "state"));
  private final Map<String, AttributeValue> values = new HashMap<>();
  private String rest = "";
  private String condition = "";

  /** Sets an attribute to a value with a placeholder of its own. */
  Update set(String attribute, String placeholder, AttributeValue value) {
    assignments.add(attribute + " = " + placeholder);
    return value(placeholder, value);
  }

  /** An assignment whose placeholders are named elsewhere. */
  Update set(String assignment) {
    assignments.add(assignment);
    return this;
  }

  /** What a placeholder stands for. */
  Update value(String placeholder, AttributeValue value) {
    values.put(placeholder, value);
    return this;
  }

  /** What a placeholder of a name stands for; {@code #state} is known. */
  Update name(String placeholder, String attribute) {
    names.put(placeholder, attribute);
    return this;
  }

  /** What follows the assignments. */
  Update then(String expression) {
    rest = expression;
    return this;
  }

  /** What must hold for the write to be made. */
  Update condition(String expression) {
    condition = expression;
    return this;
  }

  UpdateItemRequest.Builder into(UpdateItemRequest.Builder request) {
    return request
        .updateExpression("SET " + String.join(", ", assignments) + rest)
        .conditionExpression(condition)
        .expressionAttributeNames(names)
        .expressionAttributeValues(values);
  }
}
