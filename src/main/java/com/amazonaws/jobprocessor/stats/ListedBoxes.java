package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The boxes of the backlog.
 *
 * @param listed as EC2 told last, those that stop or end included; null if it has not told
 * @param age of the list
 * @param unknown why there is no newer list; null if there is nothing to say
 */
public record ListedBoxes(
    @Nullable List<ListedBox> listed, Duration age, @Nullable String unknown) {
  static final ListedBoxes NOT_KNOWN = new ListedBoxes(null, Duration.ZERO, null);

  /** How many work or are about to; null if that is not known. */
  public @Nullable Long up() {
    return listed == null ? null : count("running") + count("pending");
  }

  /** How many are in a state. */
  public long count(String state) {
    return listed == null ? 0 : listed.stream().filter(box -> box.state().equals(state)).count();
  }
}
