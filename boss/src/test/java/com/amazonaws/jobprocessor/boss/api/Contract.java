package com.amazonaws.jobprocessor.boss.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Holds answers to what openapi.json says of them. */
final class Contract {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode FILE = file();

  private Contract() {}

  private static JsonNode file() {
    try (InputStream in = Routes.class.getResourceAsStream("openapi.json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static void check(String method, String url, int status, String type, String body)
      throws IOException {
    JsonNode operation = operation(method, url);
    if (operation.isMissingNode()) {
      assertTrue(status == 404 || status == 405, url);
      checkProblem(type, body);
      return;
    }
    JsonNode responses = operation.path("responses");
    JsonNode response = responses.path(Integer.toString(status));
    if (response.isMissingNode()) {
      assertTrue(status >= 400, method + " " + url + " answers " + status);
      response = responses.path("default");
    }
    if (status == 304) {
      assertEquals("", body);
      assertFalse(response.has("content"), url);
      return;
    }
    String plain = type.contains(";") ? type.substring(0, type.indexOf(';')) : type;
    JsonNode content = response.path("content").path(plain);
    assertFalse(content.isMissingNode(), method + " " + url + " " + status + " " + type);
    if (plain.endsWith("json")) {
      checkNode(JSON.readTree(body), content.path("schema"), url);
    }
  }

  private static void checkProblem(String type, String body) throws IOException {
    assertEquals("application/problem+json", type);
    checkNode(JSON.readTree(body), FILE.path("components").path("schemas").path("Problem"), "");
  }

  private static JsonNode operation(String method, String url) {
    String path = url.contains("?") ? url.substring(0, url.indexOf('?')) : url;
    for (Map.Entry<String, JsonNode> one : FILE.path("paths").properties()) {
      if (path.matches(one.getKey().replace(".", "\\.").replace("{id}", "[^/]+"))) {
        return one.getValue().path(method.toLowerCase(Locale.ROOT));
      }
    }
    return JSON.missingNode();
  }

  private static void checkNode(JsonNode node, JsonNode schema, String at) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asText();
      JsonNode named =
          FILE.path("components").path("schemas").path(name.substring(name.lastIndexOf('/') + 1));
      assertFalse(named.isMissingNode(), name);
      checkNode(node, named, at);
      return;
    }
    Set<String> types = new HashSet<>();
    JsonNode type = schema.path("type");
    if (type.isArray()) {
      type.forEach(one -> types.add(one.asText()));
    } else {
      types.add(type.asText());
    }
    assertTrue(types.stream().anyMatch(one -> is(node, one)), at + " is no " + types + ": " + node);
    if (node.isObject() && schema.has("properties")) {
      schema
          .path("required")
          .forEach(name -> assertTrue(node.has(name.asText()), at + " has no " + name));
      node.properties()
          .forEach(
              field -> {
                JsonNode known = schema.path("properties").path(field.getKey());
                assertFalse(known.isMissingNode(), at + "." + field.getKey() + " is unknown");
                checkNode(field.getValue(), known, at + "." + field.getKey());
              });
    }
    if (schema.has("enum")) {
      Set<String> values = new HashSet<>();
      schema.path("enum").forEach(value -> values.add(value.asText()));
      assertTrue(values.contains(node.asText()), at + " is " + node);
    }
    if (node.isArray()) {
      node.forEach(item -> checkNode(item, schema.path("items"), at + "[]"));
    }
  }

  private static boolean is(JsonNode node, String type) {
    return switch (type) {
      case "object" -> node.isObject();
      case "array" -> node.isArray();
      case "string" -> node.isTextual();
      case "integer" -> node.isIntegralNumber();
      case "number" -> node.isNumber();
      case "boolean" -> node.isBoolean();
      case "null" -> node.isNull();
      default -> false;
    };
  }
}
