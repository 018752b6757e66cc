package com.amazonaws.jobprocessor.config;

import java.util.List;

/** Short ways to read a text in tests. */
final class Read {
  static final int PROCESSORS = 3;

  private Read() {}

  static Configuration userData(String text) {
    return Configuration.read(List.of(new Source("user data", text)), PROCESSORS);
  }

  static Configuration bakedAndUserData(String baked, String userData) {
    return Configuration.read(
        List.of(new Source("conf/job-processor.conf", baked), new Source("user data", userData)),
        PROCESSORS);
  }

  static List<String> messages(Configuration configuration) {
    return configuration.problems().stream().map(Problem::message).toList();
  }

  static EffectiveSetting row(Configuration configuration, String key) {
    return configuration.effective().stream()
        .filter(row -> row.key().equals(key))
        .findFirst()
        .orElseThrow();
  }
}
