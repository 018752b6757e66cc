package com.amazonaws.jobprocessor.aws.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import java.util.Base64;
import software.amazon.awssdk.services.ec2.model.HttpTokensState;
import software.amazon.awssdk.services.ec2.model.IamInstanceProfileSpecification;
import software.amazon.awssdk.services.ec2.model.InstanceMarketOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.InstanceMetadataTagsState;
import software.amazon.awssdk.services.ec2.model.MarketType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RunInstancesRequest;
import software.amazon.awssdk.services.ec2.model.ShutdownBehavior;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * What EC2 is asked for when boxes are launched: what all of them have in common is decided here.
 */
final class LaunchRequest {
  private LaunchRequest() {}

  /** The request that launches them. */
  static RunInstancesRequest of(Launch launch) {
    Launch.Machine machine = launch.machine();
    RunInstancesRequest.Builder request =
        RunInstancesRequest.builder()
            .clientToken(launch.clientToken())
            .minCount(1)
            .maxCount(launch.count())
            .imageId(machine.image())
            .instanceType(machine.type())
            .keyName(machine.key())
            .subnetId(launch.network().subnet())
            .userData(Base64.getEncoder().encodeToString(launch.userData().getBytes(UTF_8)))
            .instanceInitiatedShutdownBehavior(ShutdownBehavior.TERMINATE)
            .metadataOptions(
                InstanceMetadataOptionsRequest.builder()
                    .httpTokens(HttpTokensState.REQUIRED)
                    .httpPutResponseHopLimit(1)
                    // Or a box would not know that it has its queue's tag, and try to set it.
                    .instanceMetadataTags(InstanceMetadataTagsState.ENABLED)
                    .build())
            .tagSpecifications(tags(launch.backlog()));
    if (!launch.network().securityGroups().isEmpty()) {
      request.securityGroupIds(launch.network().securityGroups());
    }
    if (machine.profile() != null) {
      request.iamInstanceProfile(profile(machine.profile()));
    }
    if (machine.spot()) {
      request.instanceMarketOptions(
          InstanceMarketOptionsRequest.builder().marketType(MarketType.SPOT).build());
    }
    return request.build();
  }

  private static IamInstanceProfileSpecification profile(String nameOrArn) {
    IamInstanceProfileSpecification.Builder profile = IamInstanceProfileSpecification.builder();
    return nameOrArn.startsWith("arn:")
        ? profile.arn(nameOrArn).build()
        : profile.name(nameOrArn).build();
  }

  private static TagSpecification tags(String backlog) {
    return TagSpecification.builder()
        .resourceType(ResourceType.INSTANCE)
        .tags(
            Tag.builder().key(Boxes.TAG).value(backlog).build(),
            Tag.builder().key("Name").value(backlog).build())
        .build();
  }
}
