package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.fleet.Launch;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class AwsCommandTest {
  private static Launch launch(Launch.Machine machine, Launch.Network network) {
    return new Launch("t-1", 3, machine, network, "todo", "secret_access_key=shown-nowhere");
  }

  @Test
  void everything_is_an_option_of_the_aws_cli() {
    Launch launch =
        launch(
            new Launch.Machine("ami-1", "c7i.large", true, "workers", "my key"),
            new Launch.Network("subnet-1", List.of("sg-1", "sg-2")));

    assertEquals(
        """
        aws ec2 run-instances \\
          --client-token t-1 \\
          --count 1:3 \\
          --image-id ami-1 \\
          --instance-type c7i.large \\
          --iam-instance-profile Name=workers \\
          --key-name 'my key' \\
          --subnet-id subnet-1 \\
          --security-group-ids sg-1 sg-2 \\
          --instance-market-options MarketType=spot \\
          --metadata-options HttpTokens=required,HttpPutResponseHopLimit=1 \\
          --instance-initiated-shutdown-behavior terminate \\
          --tag-specifications 'ResourceType=instance,Tags=[{Key=job-processor:backlog,Value=todo},{Key=Name,Value=todo}]' \\
          --user-data file://settings.txt""",
        AwsCommand.launch(launch, "file://settings.txt"));
  }

  @Test
  void what_is_not_given_is_left_out() {
    Launch launch =
        launch(
            new Launch.Machine("ami-1", "c7i.large", false, null, null),
            new Launch.Network(null, List.of()));

    assertEquals(
        """
        aws ec2 run-instances \\
          --client-token t-1 \\
          --count 1:3 \\
          --image-id ami-1 \\
          --instance-type c7i.large \\
          --metadata-options HttpTokens=required,HttpPutResponseHopLimit=1 \\
          --instance-initiated-shutdown-behavior terminate \\
          --tag-specifications 'ResourceType=instance,Tags=[{Key=job-processor:backlog,Value=todo},{Key=Name,Value=todo}]'""",
        AwsCommand.launch(launch, ""));
  }

  /** A shell gives the words back as they were. */
  @Test
  void words_survive_the_shell() throws Exception {
    String odd = "a'b \"c\" $HOME `id` \\ *\nü";
    Launch launch =
        launch(
            new Launch.Machine("ami-1", "c7i.large", false, "arn:aws:iam::1:x/y", odd),
            new Launch.Network(null, List.of()));
    String command = AwsCommand.launch(launch, odd).replaceFirst("^aws ec2", "printf '[%s]'");

    Process bash = new ProcessBuilder("bash", "-c", command).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);

    assertEquals(0, bash.waitFor());
    assertEquals(2, said.split(Pattern.quote("[" + odd + "]"), -1).length - 1);
  }

  @Test
  void ending_is_a_command_too() {
    assertEquals(
        "aws ec2 terminate-instances \\\n  --instance-ids i-1 i-2",
        AwsCommand.terminate(List.of("i-1", "i-2")));
    assertEquals(
        "aws autoscaling terminate-instance-in-auto-scaling-group \\\n  --instance-id i-1 \\\n"
            + "  --should-decrement-desired-capacity",
        AwsCommand.terminateInGroup("i-1"));
  }
}
