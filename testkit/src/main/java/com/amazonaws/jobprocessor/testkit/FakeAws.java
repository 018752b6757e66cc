package com.amazonaws.jobprocessor.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What an instance sees of AWS, for the tests of the image: SQS, and the metadata service. */
public final class FakeAws {
  private static final List<String> QUEUES =
      List.of("SQS-EC2-Queue-Todo", "SQS-EC2-Queue-Results", "SQS-EC2-Queue-Dead-letter");

  private static final String CARDS = "/latest/meta-data/network/interfaces/macs/";

  /** QEMU's first. */
  private static final String MAC = "52:54:00:12:34:56";

  private static final Map<String, String> CARD =
      Map.of(
          "device-number", "0",
          "interface-id", "eni-0123456789abcdef0",
          "local-hostname", "ip-172-31-0-15.ec2.internal",
          "local-ipv4s", "172.31.0.15",
          "mac", MAC,
          "owner-id", "123456789012",
          "subnet-id", "subnet-0123456789abcdef0",
          "subnet-ipv4-cidr-block", "172.31.0.0/20",
          "vpc-ipv4-cidr-block", "172.31.0.0/16");

  private FakeAws() {}

  /**
   * Prints {@code SQS_ENDPOINT=...} and {@code IMDS_ENDPOINT=...}, then does what standard input
   * says, a command a line, and answers each with a line {@code ok}: {@code user-data FILE} (which
   * is read now), {@code sqs down}, {@code sqs up}. Ends with its input.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Logs.warningsOnly();
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        FakeImds imds = FakeImds.start()) {
      QUEUES.forEach(sqs::createQueue);
      CARD.forEach((name, value) -> imds.set(CARDS + MAC + "/" + name, value));
      imds.set("/latest/meta-data/mac", MAC);
      System.out.println("SQS_ENDPOINT=" + sqs.endpoint());
      System.out.println("IMDS_ENDPOINT=" + imds.endpoint());
      BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        carryOut(line, sqs, imds);
        System.out.println("ok");
      }
    }
  }

  private static void carryOut(String line, EmbeddedSqs sqs, FakeImds imds)
      throws IOException, InterruptedException {
    String[] words = line.split(" ", 2);
    switch (words[0]) {
      case "user-data" -> imds.userData(Files.readString(Path.of(words[1])));
      case "sqs" -> {
        if (words[1].equals("down")) {
          sqs.proxy().down();
        } else {
          sqs.proxy().up();
        }
      }
      default -> throw new IllegalArgumentException("no such command: " + line);
    }
  }
}
