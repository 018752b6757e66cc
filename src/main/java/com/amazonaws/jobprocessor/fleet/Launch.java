package com.amazonaws.jobprocessor.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What boxes are to be launched.
 *
 * @param clientToken 1 to 64 ASCII characters: EC2 launches boxes once for each
 * @param count how many, 1 or more
 * @param backlog the queue that they are tagged with
 * @param userData in clear text, at most 16,384 bytes; may hold secrets
 */
public record Launch(
    String clientToken,
    int count,
    Machine machine,
    Network network,
    String backlog,
    String userData) {

  /**
   * The instance.
   *
   * @param image such as {@code ami-0123456789abcdef0}
   * @param type such as {@code c7i.large}
   * @param spot true for a spot instance, which is not asked for again once it is interrupted
   * @param profile name or ARN of the instance profile, which has the role; null for none
   * @param key name of the key pair for SSH; null for none
   */
  public record Machine(
      String image, String type, boolean spot, @Nullable String profile, @Nullable String key) {}

  /**
   * Where it is.
   *
   * @param subnet null for one of the default VPC's
   * @param securityGroups ids; empty for the VPC's default group
   */
  public record Network(@Nullable String subnet, List<String> securityGroups) {
    /** Copies the list. */
    public Network {
      securityGroups = List.copyOf(securityGroups);
    }
  }

  /** Nothing of the user data, which may hold secrets. */
  @Override
  public String toString() {
    return "Launch[%s, %s x %s, %s, %s]".formatted(clientToken, count, machine, network, backlog);
  }
}
