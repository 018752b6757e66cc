package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.JobContext;
import java.util.Map;

/** Contexts of jobs. */
final class Jobs {
  private Jobs() {}

  static JobContext job() {
    return job("job-1", Map.of());
  }

  static JobContext job(String id, Map<String, String> attributes) {
    return new JobContext(id, "message-1", 3, attributes);
  }
}
