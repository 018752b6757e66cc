package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;

/** Knows which dead letters have been sent back before, and were not deleted after that. */
public interface SentBefore {
  /** Nobody knows. */
  SentBefore UNKNOWN = (backlog, letters) -> List.of();

  /** Of some letters of a backlog those that have been sent back for certain. */
  List<Delivery> of(String backlog, List<Delivery> letters) throws CallFailed, InterruptedException;
}
