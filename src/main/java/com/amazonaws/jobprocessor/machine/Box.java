package com.amazonaws.jobprocessor.machine;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The machine that the worker runs on.
 *
 * @param workerId the instance id; elsewhere host name and process id
 * @param type the instance's type, if it is known
 * @param spot whether it is a spot instance
 * @param ec2 whether it is likely to be an EC2 instance
 * @param metadata where the environment says that the metadata service is; null for its usual place
 * @param targetState that Auto Scaling wanted the instance to come to when the process began; null
 *     if it has said nothing
 */
public record Box(
    String workerId,
    @Nullable String type,
    boolean spot,
    boolean ec2,
    @Nullable URI metadata,
    @Nullable String targetState) {

  private static final String TYPE = "[a-z][a-z0-9-]{0,20}\\.[a-z0-9-]{1,20}";

  /** What the machine says of itself. */
  public static Box of(Instance instance) throws InterruptedException {
    String workerId = instance.workerId();
    String type = instance.type().filter(name -> name.matches(TYPE)).orElse(null);
    return new Box(
        workerId,
        type,
        type != null && instance.isSpot(),
        instance.isLikely(),
        instance.endpoint(),
        instance.targetState().orElse(null));
  }
}
