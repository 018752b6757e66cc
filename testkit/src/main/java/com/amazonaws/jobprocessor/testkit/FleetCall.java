package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A call of EC2 or Auto Scaling as it came in.
 *
 * @param at when, as {@link System#nanoTime()}
 * @param action such as {@code TerminateInstances}
 * @param parameters of the query protocol: {@code InstanceId.1}, {@code InstanceIds.member.1}
 */
public record FleetCall(long at, String action, Map<String, String> parameters) {

  static FleetCall of(String form) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : form.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        parameters.put(
            URLDecoder.decode(pair.substring(0, equals), UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    String action = parameters.getOrDefault("Action", "");
    return new FleetCall(System.nanoTime(), action, Map.copyOf(parameters));
  }

  /** The value of a parameter; empty if it was not given. */
  public String get(String name) {
    return parameters.getOrDefault(name, "");
  }

  /** True if a parameter is {@code true}. */
  public boolean is(String name) {
    return get(name).equals("true");
  }

  /** The values of a list: {@code list("InstanceId")} or {@code list("InstanceIds.member")}. */
  public List<String> list(String prefix) {
    List<String> values = new ArrayList<>();
    for (int i = 1; parameters.containsKey(prefix + "." + i); i++) {
      values.add(get(prefix + "." + i));
    }
    return values;
  }

  /** True if the query protocol of EC2 is meant, false for Auto Scaling's. */
  boolean isEc2() {
    return get("Version").startsWith("2016-");
  }
}
