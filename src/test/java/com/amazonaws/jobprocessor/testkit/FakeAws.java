package com.amazonaws.jobprocessor.testkit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What an instance sees of AWS, for the tests of the image: SQS, and the metadata service. */
public final class FakeAws {
  private FakeAws() {}

  /**
   * Prints {@code SQS_ENDPOINT=...} and {@code IMDS_ENDPOINT=...}, then does what standard input
   * says, a command a line, and answers each with a line {@code ok}: {@code user-data FILE} (which
   * is read now), {@code sqs down}, {@code sqs up}. Ends with its input.
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    try (EmbeddedSqs sqs = EmbeddedSqs.start();
        FakeImds imds = FakeImds.start()) {
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
