package com.amazonaws.jobprocessor.boss.hook;

import com.amazonaws.jobprocessor.boss.store.Hooks;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes an event as JSON: {@code {"type":"…","timestamp":"…","data":{…}}}. */
public final class EventJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private EventJson() {}

  /** The body that is sent. */
  public static String write(Hooks.Event event) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", event.name());
    body.put("timestamp", event.at().toString());
    body.put("data", event.data());
    try {
      return JSON.writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
