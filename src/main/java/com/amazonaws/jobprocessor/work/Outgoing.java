package com.amazonaws.jobprocessor.work;

import java.util.Map;

/** A message to be sent: a result or a dead letter. */
public record Outgoing(String body, Map<String, Attribute> attributes) {}
