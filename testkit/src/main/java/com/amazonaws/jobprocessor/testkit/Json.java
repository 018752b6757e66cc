package com.amazonaws.jobprocessor.testkit;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** Writes back what the SDK's own JSON parser has read. */
final class Json {

  private Json() {}

  static JsonNode parse(String text) {
    return JsonNode.parser().parse(text);
  }

  static String text(JsonNode node, String field) {
    return node.field(field).filter(JsonNode::isString).map(JsonNode::asString).orElse("");
  }

  static int number(JsonNode node, String field, int otherwise) {
    return node.field(field)
        .filter(JsonNode::isNumber)
        .map(n -> Integer.parseInt(n.asNumber()))
        .orElse(otherwise);
  }

  static List<JsonNode> list(JsonNode node, String field) {
    return node.field(field).filter(JsonNode::isArray).map(JsonNode::asArray).orElse(List.of());
  }

  static String write(JsonNode node) {
    StringBuilder out = new StringBuilder();
    write(out, node);
    return out.toString();
  }

  /** The object as text, one of its lists replaced by these elements, which are JSON already. */
  static String withList(JsonNode object, String field, List<String> elements) {
    return with(object, field, "[" + String.join(",", elements) + "]");
  }

  static String withNumber(JsonNode object, String field, int number) {
    return with(object, field, Integer.toString(number));
  }

  private static String with(JsonNode object, String field, String json) {
    StringBuilder out = new StringBuilder("{");
    object
        .asObject()
        .forEach(
            (name, value) -> {
              if (!name.equals(field)) {
                quote(out, name);
                write(out.append(':'), value);
                out.append(',');
              }
            });
    quote(out, field);
    return out.append(':').append(json).append('}').toString();
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder();
    quote(out, text);
    return out.toString();
  }

  private static void write(StringBuilder out, JsonNode node) {
    if (node.isObject()) {
      String comma = "";
      out.append('{');
      for (Map.Entry<String, JsonNode> field : node.asObject().entrySet()) {
        out.append(comma);
        quote(out, field.getKey());
        write(out.append(':'), field.getValue());
        comma = ",";
      }
      out.append('}');
    } else if (node.isArray()) {
      String comma = "";
      out.append('[');
      for (JsonNode element : node.asArray()) {
        write(out.append(comma), element);
        comma = ",";
      }
      out.append(']');
    } else if (node.isString()) {
      quote(out, node.asString());
    } else if (node.isNumber()) {
      out.append(node.asNumber());
    } else if (node.isBoolean()) {
      out.append(node.asBoolean());
    } else {
      out.append("null");
    }
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
