package com.amazonaws.jobprocessor.machine;

import java.io.IOException;
import java.util.Optional;

/** The instance metadata service. */
public interface Metadata extends AutoCloseable {
  /**
   * Reads one value.
   *
   * @param path e.g. {@code /latest/user-data}
   * @return empty if the service says that there is none (404)
   * @throws IOException if it does not answer, or with another error; trying again may help
   */
  Optional<String> read(String path) throws IOException;

  @Override
  void close();
}
