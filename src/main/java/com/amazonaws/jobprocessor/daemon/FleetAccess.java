package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.ImdsMachine;
import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.FleetPorts;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import com.amazonaws.jobprocessor.fleet.OwnMachine;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The boxes by EC2 and Auto Scaling; nothing of the SDK's for them is loaded before it is used. */
final class FleetAccess implements FleetPorts, AutoCloseable {
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

  private final Prepared prepared;
  private @Nullable Boxes boxes;
  private @Nullable OwnBox own;
  private @Nullable InstanceMetadata metadata;

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
        throw cannotConnect(e);
      }
      boxes = known;
    }
    return known;
  }

  private static CallFailed cannotConnect(Exception e) {
    return new CallFailed(
        Service.EC2,
        e.getClass().getSimpleName(),
        String.valueOf(e.getMessage()),
        CallFailed.Kind.REJECTED,
        false,
        e);
  }

  @Override
  public synchronized OwnBox own() throws CallFailed {
    OwnBox known = own;
    if (known == null) {
      try {
        known =
            FleetJars.ownBox(
                prepared.region(), AwsClients.keys(prepared.settings().keys()), metadata());
      } catch (IOException e) {
        throw cannotConnect(e);
      }
      own = known;
    }
    return known;
  }

  @Override
  public OwnMachine machine() {
    return new ImdsMachine(this::metadata);
  }

  private synchronized InstanceMetadata metadata() {
    InstanceMetadata known = metadata;
    if (known == null) {
      known = new InstanceMetadata(prepared.box().metadata(), LONGEST_ANSWER);
      metadata = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    if (boxes != null) {
      boxes.close();
    }
    if (metadata != null) {
      metadata.close();
    }
  }
}
