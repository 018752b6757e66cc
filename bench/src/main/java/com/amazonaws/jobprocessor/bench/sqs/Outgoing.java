package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * A message to be put into a queue.
 *
 * @param attributes of the type String
 * @param numbers attributes of the type Number
 */
public record Outgoing(String body, Map<String, String> attributes, Map<String, Integer> numbers) {
  List<Attribute> all() {
    List<Attribute> all = new ArrayList<>();
    attributes.forEach((name, text) -> all.add(new Attribute(name, "String", text, null)));
    numbers.forEach((name, n) -> all.add(new Attribute(name, "Number", n.toString(), null)));
    all.sort(Comparator.comparing(Attribute::name)); // as the digest wants
    return all;
  }
}
