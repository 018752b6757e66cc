package com.amazonaws.jobprocessor.bench.sqs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An object of a request's JSON. A member that is null is a member that is not there. */
final class JsonObject {
  private static final JsonObject EMPTY = new JsonObject();

  private final Map<String, Object> members = new LinkedHashMap<>();

  void put(String name, Object value) {
    members.put(name, value);
  }

  Set<String> names() {
    return members.keySet();
  }

  @Nullable String text(String name) {
    Object value = members.get(name);
    return value == null ? null : value.toString();
  }

  /** The text of a member without which the request means nothing. */
  String need(String name) {
    String text = text(name);
    if (text == null || text.isEmpty()) {
      throw SqsError.missingParameter(name);
    }
    return text;
  }

  int number(String name, int otherwise) {
    String text = text(name);
    if (text == null) {
      return otherwise;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw SqsError.invalidParameter(name + " is no number: " + text);
    }
  }

  JsonObject object(String name) {
    return members.get(name) instanceof JsonObject object ? object : EMPTY;
  }

  List<JsonObject> objects(String name) {
    return listOf(name, JsonObject.class);
  }

  List<String> texts(String name) {
    return listOf(name, String.class);
  }

  private <T> List<T> listOf(String name, Class<T> type) {
    return members.get(name) instanceof List<?> list
        ? list.stream().filter(type::isInstance).map(type::cast).toList()
        : List.of();
  }
}
