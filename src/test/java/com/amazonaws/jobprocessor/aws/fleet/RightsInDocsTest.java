package com.amazonaws.jobprocessor.aws.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.autoscaling.AutoScalingClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

class RightsInDocsTest {
  /** By the operations of the SDK's clients that the source calls. */
  @Test
  void the_policy_for_the_end_of_the_box_has_the_rights_that_the_code_needs() throws Exception {
    String source =
        Files.readString(
            Path.of("src/main/java/com/amazonaws/jobprocessor/aws/fleet/AwsOwnBox.java"), UTF_8);
    Set<String> needed = new TreeSet<>();
    addRights(source, Ec2Client.class, "ec2:", needed);
    addRights(source, AutoScalingClient.class, "autoscaling:", needed);

    assertEquals(described("the end of the box"), needed);
  }

  private static Set<String> described(String policy) throws IOException {
    String page = Files.readString(Path.of("docs/iam.md"), UTF_8);
    int begin = page.indexOf("<!-- iam: " + policy + " -->");
    String text = page.substring(begin, page.indexOf("\n```\n", begin));
    Set<String> described = new TreeSet<>();
    Pattern.compile("\"((?:ec2|autoscaling|iam):\\w+)\"\\s*[,\\]]")
        .matcher(text)
        .results()
        .forEach(right -> described.add(right.group(1)));
    return described;
  }

  @Test
  void the_policy_for_the_buttons_has_the_rights_that_the_code_needs() throws Exception {
    String source =
        Files.readString(
            Path.of("src/main/java/com/amazonaws/jobprocessor/aws/fleet/Ec2Boxes.java"), UTF_8);
    Set<String> needed = new TreeSet<>();
    addRights(source, Ec2Client.class, "ec2:", needed);
    addRights(source, AutoScalingClient.class, "autoscaling:", needed);
    // Only the sample client looks at consoles and ends others.
    needed.removeAll(
        Set.of(
            "ec2:GetConsoleOutput",
            "ec2:TerminateInstances",
            "autoscaling:TerminateInstanceInAutoScalingGroup"));
    // By the box's own port, and what RunInstances checks for tags and role.
    needed.addAll(
        Set.of("autoscaling:DescribeAutoScalingInstances", "ec2:CreateTags", "iam:PassRole"));

    assertEquals(described("the buttons"), needed);
  }

  private static void addRights(
      String source, Class<?> client, String service, Set<String> rights) {
    for (Method method : client.getMethods()) {
      String name = method.getName();
      if (method.getReturnType().getSimpleName().endsWith("Response")
          && source.contains("." + name + "(")) {
        rights.add(service + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1));
      }
    }
  }
}
