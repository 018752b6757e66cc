package com.amazonaws.jobprocessor.aws.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** A policy of docs/iam.md, evaluated as IAM does as far as the page goes. */
record Policy(List<Statement> statements) {
  /**
   * What is asked of IAM.
   *
   * @param context the request's condition keys
   */
  record Ask(String action, String resource, Map<String, String> context) {
    Ask(String action, String resource) {
      this(action, resource, Map.of());
    }

    Ask with(String key, String value) {
      Map<String, String> more = new TreeMap<>(context);
      more.put(key, value);
      return new Ask(action, resource, more);
    }
  }

  /** A statement that allows. */
  record Statement(
      String sid, List<String> actions, List<String> resources, Map<String, String> equal) {
    boolean allows(Ask ask) {
      return actions.contains(ask.action())
          && resources.stream().anyMatch(pattern -> matches(pattern, ask.resource()))
          && equal.entrySet().stream()
              .allMatch(one -> one.getValue().equals(ask.context().get(one.getKey())));
    }

    private static boolean matches(String pattern, String resource) {
      return resource.matches(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    }
  }

  /** The one under a mark of the page. */
  static Policy inDocs(String mark) throws IOException {
    String page = Files.readString(Path.of("docs/iam.md"), UTF_8);
    int begin = page.indexOf("<!-- iam: " + mark + " -->");
    int open = page.indexOf("```json\n", begin) + "```json\n".length();
    JsonNode policy = JsonNode.parser().parse(page.substring(open, page.indexOf("\n```\n", open)));
    List<Statement> statements = new ArrayList<>();
    policy
        .field("Statement")
        .orElseThrow()
        .asArray()
        .forEach(one -> statements.add(statement(one)));
    return new Policy(statements);
  }

  private static Statement statement(JsonNode json) {
    if (!json.field("Effect").orElseThrow().text().equals("Allow")) {
      throw new IllegalArgumentException("not understood: " + json);
    }
    Map<String, String> equal = new TreeMap<>();
    json.field("Condition")
        .ifPresent(
            condition ->
                condition
                    .asObject()
                    .forEach(
                        (operator, keys) -> {
                          if (!operator.equals("StringEquals")) {
                            throw new IllegalArgumentException("not understood: " + operator);
                          }
                          keys.asObject().forEach((key, value) -> equal.put(key, value.text()));
                        }));
    return new Statement(
        json.field("Sid").orElseThrow().text(),
        texts(json.field("Action").orElseThrow()),
        texts(json.field("Resource").orElseThrow()),
        equal);
  }

  private static List<String> texts(JsonNode json) {
    return json.isString()
        ? List.of(json.text())
        : json.asArray().stream().map(JsonNode::text).toList();
  }

  boolean allows(Ask ask) {
    return statements.stream().anyMatch(one -> one.allows(ask));
  }

  boolean allowsAll(List<Ask> asks) {
    return asks.stream().allMatch(this::allows);
  }

  /** Only the first so many statements. */
  Policy first(int count) {
    return new Policy(statements.subList(0, count));
  }

  /** The policies that lack one action, one resource or one condition each, by what they lack. */
  Map<String, Policy> withOneThingLess() {
    Map<String, Policy> all = new TreeMap<>();
    for (int i = 0; i < statements.size(); i++) {
      Statement one = statements.get(i);
      for (String action : one.actions()) {
        List<String> fewer = without(one.actions(), action);
        all.put(one.sid() + " " + action, with(i, fewer, one.resources()));
      }
      for (String resource : one.resources()) {
        List<String> fewer = without(one.resources(), resource);
        all.put(one.sid() + " " + resource, with(i, one.actions(), fewer));
      }
    }
    return all;
  }

  private Policy with(int index, List<String> actions, List<String> resources) {
    List<Statement> changed = new ArrayList<>(statements);
    Statement one = statements.get(index);
    changed.set(index, new Statement(one.sid(), actions, resources, one.equal()));
    return new Policy(changed);
  }

  private static List<String> without(List<String> all, String one) {
    return all.stream().filter(other -> !other.equals(one)).toList();
  }
}
