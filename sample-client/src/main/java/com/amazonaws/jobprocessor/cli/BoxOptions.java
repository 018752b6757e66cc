package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Launch;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that say what instance a box is, and where. */
final class BoxOptions {
  @Option(
      names = "--image",
      paramLabel = "AMI",
      required = true,
      description = "id of an image that packer/ami.pkr.hcl has built")
  private String image;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "c7i.large",
      description = "instance type, of the image's architecture (default: ${DEFAULT-VALUE})")
  private String type;

  @Option(names = "--spot", description = "spot instances")
  private boolean spot;

  @Option(
      names = "--role",
      paramLabel = "PROFILE",
      description = "name or ARN of the instance profile, with whose role workers and jobs run")
  private String profile;

  @Option(
      names = "--subnet",
      paramLabel = "ID",
      description = "subnet (default: one of the default VPC's)")
  private String subnet;

  @Option(
      names = "--security-group",
      paramLabel = "ID",
      description =
          "id of a security group; may be given several times. Workers need no inbound rule "
              + "(default: the VPC's default group)")
  private List<String> groups = new ArrayList<>();

  @Option(names = "--key", paramLabel = "NAME", description = "key pair for SSH (default: none)")
  private String key;

  Launch.Machine machine() {
    return new Launch.Machine(image, type, spot, profile, key);
  }

  Launch.Network network() {
    return new Launch.Network(subnet, groups);
  }
}
