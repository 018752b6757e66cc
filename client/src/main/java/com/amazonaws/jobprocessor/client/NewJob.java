package com.amazonaws.jobprocessor.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job that is to be enqueued.
 *
 * @param definition what the executor gets: 1 byte to 1 MiB of text with the attributes, or 64 MiB
 *     with a payload bucket
 * @param id 1 to 256 printable characters; null for one that the enqueuer makes. With a job table,
 *     the same id twice is one job; without one, it is two jobs, in a FIFO queue as well
 * @param group in a FIFO queue: jobs of a group run one after the other; null for a group of its
 *     own
 */
public record NewJob(String definition, @Nullable String id, @Nullable String group) {
  /** A job of a text. */
  public static NewJob of(String definition) {
    return new NewJob(definition, null, null);
  }

  /**
   * A job of fields, whose definition is one JSON object with the names sorted: the executor reads
   * it with {@code JobFields.of(jobDefinition)}.
   *
   * @throws IllegalArgumentException if a name or a value is null
   */
  public static NewJob of(Map<String, String> fields) {
    return of(FieldsJson.write(fields));
  }

  /** The same job with an id of your own. */
  public NewJob withId(String ownId) {
    return new NewJob(definition, ownId, group);
  }

  /** The same job in a group of a FIFO queue: 1 to 128 letters, digits and punctuation marks. */
  public NewJob inGroup(String ownGroup) {
    return new NewJob(definition, id, ownGroup);
  }
}
