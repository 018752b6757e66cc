package com.amazonaws.jobprocessor.fleet;

import java.io.IOException;

/** Port: what this very instance was launched with, for boxes that are to be like it. */
public interface OwnMachine {
  /**
   * Image, type, spot or not, instance profile, key pair.
   *
   * @throws IOException if instance metadata does not tell
   */
  Launch.Machine machine() throws IOException;

  /**
   * Subnet and security groups.
   *
   * @throws IOException if instance metadata does not tell
   */
  Launch.Network network() throws IOException;

  /**
   * The user data, in clear text; may hold secrets. Empty if there is none.
   *
   * @throws IOException if instance metadata does not tell
   */
  String userData() throws IOException;

  /**
   * True if Auto Scaling has an opinion of the instance's state: it has of its groups' instances
   * only.
   *
   * @throws IOException if instance metadata does not tell
   */
  boolean isInGroup() throws IOException;
}
