package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Port: the tag of this very instance by which it is known as one of its queue's. */
public interface OwnTag {
  /**
   * Its value, as instance metadata has it.
   *
   * @return null if metadata does not tell, which by default it does not
   * @throws IOException if metadata does not answer
   */
  @Nullable String read() throws IOException;

  /** Sets it; no call is repeated inside. */
  void set(String backlog) throws CallFailed, InterruptedException;
}
