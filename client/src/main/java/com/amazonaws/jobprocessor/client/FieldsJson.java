package com.amazonaws.jobprocessor.client;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.Map;
import java.util.TreeMap;

/** Writes fields as one JSON object, the names sorted: the same fields are the same text. */
final class FieldsJson {
  private FieldsJson() {}

  static String write(Map<String, String> fields) {
    StringBuilder json = new StringBuilder("{");
    TreeMap<String, String> sorted = new TreeMap<>();
    for (Map.Entry<String, String> field : fields.entrySet()) {
      if (field.getKey() == null || field.getValue() == null) {
        throw new IllegalArgumentException(
            "a field's name and value are texts, not null: " + field.getKey());
      }
      sorted.put(field.getKey(), field.getValue());
    }
    for (Map.Entry<String, String> field : sorted.entrySet()) {
      string(json.length() == 1 ? json : json.append(','), field.getKey());
      string(json.append(':'), field.getValue());
    }
    return json.append('}').toString();
  }

  private static void string(StringBuilder json, String text) {
    json.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }
}
