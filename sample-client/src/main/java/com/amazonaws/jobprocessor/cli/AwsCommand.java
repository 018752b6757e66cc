package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** A command of the AWS CLI that does the same, to be pasted into a shell. */
final class AwsCommand {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private final List<String> words = new ArrayList<>();

  private AwsCommand(String... first) {
    words.addAll(List.of(first));
  }

  /**
   * The command that launches boxes.
   *
   * @param userData the argument of {@code --user-data}: a text without secrets, or {@code
   *     file://NAME}; empty for none
   */
  static String launch(Launch launch, String userData) {
    Launch.Machine machine = launch.machine();
    AwsCommand command = new AwsCommand("aws", "ec2", "run-instances");
    command
        .option("--client-token", launch.clientToken())
        .option("--count", "1:" + launch.count())
        .option("--image-id", machine.image())
        .option("--instance-type", machine.type())
        .option("--iam-instance-profile", profile(machine.profile()))
        .option("--key-name", machine.key())
        .option("--subnet-id", launch.network().subnet())
        .option("--security-group-ids", launch.network().securityGroups())
        .option("--instance-market-options", machine.spot() ? "MarketType=spot" : null)
        .option("--metadata-options", "HttpTokens=required,HttpPutResponseHopLimit=1")
        .option("--instance-initiated-shutdown-behavior", "terminate")
        .option(
            "--tag-specifications",
            "ResourceType=instance,Tags=[{Key=%1$s,Value=%2$s},{Key=Name,Value=%2$s}]"
                .formatted(Boxes.TAG, launch.backlog()))
        .option("--user-data", userData.isEmpty() ? null : userData);
    return command.toString();
  }

  private static String profile(String nameOrArn) {
    if (nameOrArn == null) {
      return null;
    }
    return (nameOrArn.startsWith("arn:") ? "Arn=" : "Name=") + nameOrArn;
  }

  /** The command that ends boxes which belong to no group. */
  static String terminate(Collection<String> ids) {
    return new AwsCommand("aws", "ec2", "terminate-instances")
        .option("--instance-ids", ids)
        .toString();
  }

  /** The command that ends a box of a group. */
  static String terminateInGroup(String id) {
    AwsCommand command =
        new AwsCommand("aws", "autoscaling", "terminate-instance-in-auto-scaling-group")
            .option("--instance-id", id);
    command.words.add("--should-decrement-desired-capacity");
    return command.toString();
  }

  private AwsCommand option(String name, String value) {
    return value == null ? this : option(name, List.of(value));
  }

  private AwsCommand option(String name, Collection<String> values) {
    if (!values.isEmpty()) {
      words.add(name);
      words.addAll(values);
    }
    return this;
  }

  /** An option a line, quoted for a POSIX shell. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String word : words) {
      if (!text.isEmpty()) {
        text.append(word.startsWith("--") ? " \\\n  " : " ");
      }
      text.append(quoted(word));
    }
    return text.toString();
  }

  private static String quoted(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
