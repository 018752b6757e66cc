package com.amazonaws.jobprocessor.client;

import java.util.HashMap;
import java.util.Map;

/** The SDK's settings for a test, as system properties. */
final class Settings {
  private static final Map<String, String> SET = new HashMap<>();

  private Settings() {}

  static synchronized void use(Map<String, String> properties) {
    SET.putAll(properties);
    SET.putAll(
        Map.of(
            "aws.region", "us-east-1", "aws.accessKeyId", "test", "aws.secretAccessKey", "test"));
    SET.forEach(System::setProperty);
  }

  static synchronized void forget() {
    SET.keySet().forEach(System::clearProperty);
    SET.clear();
  }
}
