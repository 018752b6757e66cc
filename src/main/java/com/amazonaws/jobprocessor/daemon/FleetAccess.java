package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.BoxesWatch;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The boxes by EC2 and Auto Scaling; nothing of the SDK's for them is loaded before it is used. */
final class FleetAccess implements BoxesWatch.Opener, AutoCloseable {
  private final Prepared prepared;
  private @Nullable Boxes boxes;

  FleetAccess(Prepared prepared) {
    this.prepared = prepared;
  }

  @Override
  public synchronized Boxes open() throws CallFailed {
    Boxes known = boxes;
    if (known == null) {
      try {
        known = FleetJars.boxes(prepared.region(), AwsClients.keys(prepared.settings().keys()));
      } catch (IOException | InvalidEnvironment e) {
        throw new CallFailed(
            Service.EC2,
            e.getClass().getSimpleName(),
            String.valueOf(e.getMessage()),
            CallFailed.Kind.REJECTED,
            false,
            e);
      }
      boxes = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (boxes != null) {
      boxes.close();
    }
  }
}
