package com.amazonaws.jobprocessor.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The emulators as a program of their own, for demos. */
public final class Emulators {
  private Emulators() {}

  /**
   * Starts an SQS, with {@code --dynamodb} a DynamoDB, with {@code --s3 BUCKET} an S3 with that
   * bucket; prints {@code SQS_ENDPOINT=http://127.0.0.1:PORT}, {@code DYNAMODB_ENDPOINT=...} and
   * {@code S3_ENDPOINT=...}, a line each, then {@code READY}; serves until standard input ends or a
   * signal ends the process.
   */
  public static void main(String[] args) throws IOException {
    Logs.warningsOnly();
    List<AutoCloseable> started = new ArrayList<>();
    try {
      EmbeddedSqs sqs = EmbeddedSqs.start();
      started.add(sqs);
      System.out.println("SQS_ENDPOINT=" + sqs.endpoint());
      for (int i = 0; i < args.length; i++) {
        switch (args[i]) {
          case "--dynamodb" -> {
            EmbeddedDynamo dynamo = EmbeddedDynamo.start();
            started.add(dynamo);
            System.out.println("DYNAMODB_ENDPOINT=" + dynamo.endpoint());
          }
          case "--s3" -> {
            EmbeddedS3 s3 = EmbeddedS3.start();
            started.add(s3);
            s3.createBucket(args[++i]);
            System.out.println("S3_ENDPOINT=" + s3.endpoint());
          }
          default -> throw new IllegalArgumentException("unknown argument " + args[i]);
        }
      }
      System.out.println("READY");
      System.out.flush();
      untilTheEnd(System.in);
    } finally {
      Collections.reverse(started);
      started.forEach(Emulators::close);
    }
  }

  private static void close(AutoCloseable emulator) {
    try {
      emulator.close();
    } catch (Exception e) {
      System.err.println(e);
    }
  }

  private static void untilTheEnd(InputStream in) throws IOException {
    byte[] ignored = new byte[1024];
    while (in.read(ignored) >= 0) {
      // Only its end counts.
    }
  }
}
