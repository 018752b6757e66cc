package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.lean.LeanSqs;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.IOException;
import picocli.CommandLine.Option;

/** What every command needs to reach AWS. */
final class Connection {
  @Option(
      names = "--region",
      paramLabel = "REGION",
      description =
          "region of queues and boxes (default: AWS_REGION, the profile's or the instance's)")
  private String region;

  /** The calls of SQS are made without the SDK's client, as a worker makes them. */
  AwsSession open() throws InvalidEnvironment {
    return new AwsSession(region(), name -> LeanSqs.transport(name, null, System.getenv()));
  }

  /** The boxes of the region's queues. */
  Boxes boxes() throws InvalidEnvironment, IOException {
    return FleetJars.boxes(region(), null);
  }

  /** The region of the command line, or the usual one. */
  String region() throws InvalidEnvironment {
    if (region == null) {
      region =
          AwsSession.usualRegion()
              .orElseThrow(
                  () ->
                      new UserError(
                          "no region: give --region, e.g. --region us-east-1, or set AWS_REGION"));
    }
    return region;
  }

  /** The queue; one that is missing is the user's to make. */
  static SqsQueue queue(AwsSession aws, Stop stop, String name, String option)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    var queues = aws.queues();
    String region = aws.region();
    return stop.reading(() -> new Retry(stop).call(() -> queues.find(name)))
        .orElseThrow(
            () ->
                new UserError(
                    "there is no queue \""
                        + name
                        + "\" in "
                        + region
                        + "; check "
                        + option
                        + " and --region"));
  }
}
