package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A price list, read from the text of a price file: lines {@code key = value} and comments. */
public final class Prices {
  /** Where the list that comes with the program is, for {@link Class#getResource}. */
  public static final String RESOURCE = "/com/amazonaws/jobprocessor/cost/prices.properties";

  static final String AS_OF = "as_of";
  static final String REGION = "region";
  private static final Set<String> FACTS = Set.of(AS_OF, REGION);
  static final String INSTANCE = "instance.";
  static final String SPOT = "spot.";

  private final Map<String, String> values;
  private final int overriding;

  private Prices(Map<String, String> values, int overriding) {
    this.values = Collections.unmodifiableMap(values);
    this.overriding = overriding;
  }

  /**
   * What a text says.
   *
   * @param problems a line each, for people; empty if the text can be used
   */
  public record Read(Prices prices, List<String> problems) {}

  /** Reads a whole list; every fixed price has to be in it. */
  public static Read read(String text) {
    Read read = new Prices(new TreeMap<>(), 0).overriddenBy(text);
    List<String> problems = new ArrayList<>(read.problems());
    for (String key : PriceLine.fixedKeys()) {
      if (!read.prices().values.containsKey(key)) {
        problems.add(key + " is missing");
      }
    }
    return new Read(new Prices(read.prices().values, 0), problems);
  }

  /**
   * This list with what the text says in place of the same keys; instances may be new. Lines with a
   * problem are left out.
   */
  public Read overriddenBy(String text) {
    List<String> problems = new ArrayList<>();
    Map<String, String> given = new TreeMap<>();
    int number = 0;
    for (String raw : text.replace("\uFEFF", "").lines().toList()) {
      number++;
      PriceLine line = PriceLine.of(raw);
      String problem = line.problem();
      if (problem == null && !line.isBlank() && given.containsKey(line.key())) {
        problem = line.key() + " is there twice";
      }
      if (problem != null) {
        problems.add("line " + number + ": " + problem);
      } else if (!line.isBlank()) {
        given.put(line.key(), line.value());
      }
    }
    Map<String, String> all = new TreeMap<>(values);
    all.putAll(given);
    long prices = given.keySet().stream().filter(key -> !FACTS.contains(key)).count();
    return new Read(new Prices(all, (int) prices), List.copyOf(problems));
  }

  /** How many of the prices another text has put in place of those of the list, or added. */
  public int overriding() {
    return overriding;
  }

  /** None of the list's own prices is older than that, a date by ISO 8601. */
  public String asOf() {
    return values.getOrDefault(AS_OF, "");
  }

  /** The region whose prices these are. */
  public String region() {
    return values.getOrDefault(REGION, "");
  }

  /** Dollars for one: one request, one write unit, one GB, one hour. */
  public BigDecimal one(Price price) {
    String value = values.get(price.key());
    if (value == null) {
      throw new IllegalStateException("no price " + price.key());
    }
    return new BigDecimal(value).movePointLeft(price.zeros());
  }

  /** Dollars an hour of an instance type on demand, if the list has it. */
  public Optional<BigDecimal> instance(String type) {
    return Optional.ofNullable(values.get(INSTANCE + type)).map(BigDecimal::new);
  }

  /** Dollars an hour of a spot instance: only if somebody has added that price. */
  public Optional<BigDecimal> spot(String type) {
    return Optional.ofNullable(values.get(SPOT + type)).map(BigDecimal::new);
  }

  /** The types of {@link #instance}, in the order of the alphabet. */
  public List<String> instances() {
    return values.keySet().stream()
        .filter(key -> key.startsWith(INSTANCE))
        .map(key -> key.substring(INSTANCE.length()))
        .toList();
  }
}
