package com.amazonaws.jobprocessor.faults;

import com.amazonaws.jobprocessor.testkit.Call;
import java.util.Optional;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** A write by which the job table learnt how a job ended for good. */
record RecordedEnd(String jobId, long nanos) {
  static Optional<RecordedEnd> of(Call call) {
    JsonNode state =
        call.request()
            .field("ExpressionAttributeValues")
            .flatMap(values -> values.field(":state"))
            .flatMap(value -> value.field("S"))
            .orElse(null);
    boolean end =
        state != null && (state.text().equals("SUCCEEDED") || state.text().equals("DEAD"));
    if (!end || call.upstreamStatus() != 200) {
      return Optional.empty();
    }
    return call.request()
        .field("Key")
        .flatMap(key -> key.field("job_id"))
        .flatMap(id -> id.field("S"))
        .map(id -> new RecordedEnd(id.text(), call.effectNanos()));
  }
}
