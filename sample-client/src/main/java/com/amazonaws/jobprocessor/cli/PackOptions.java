package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.Packing;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.PackSize;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.RunTimes;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code submit} that let jobs share messages. */
final class PackOptions {
  private static final String AUTO = "auto";

  /** As long as SQS leases a message. */
  private static final int MAX_MILLIS = 43_200_000;

  @Option(
      names = "--pack",
      paramLabel = "N|auto",
      description = {
        "let up to N jobs (1 to 1000) share a message of up to 64 KiB: fewer requests for short"
            + " jobs.",
        "auto: up to one second of jobs a pack, but a hundred packs at least. How long a"
            + " job takes it learns from results that wait in the results queue, which stay there;"
            + " if there are none, up to ten jobs a pack"
      })
  private String pack;

  @Option(
      names = "--result-pack",
      description =
          "let the results of a pack share messages as well; the reader must understand packs, as"
              + " the command results does")
  private boolean resultPack;

  @Option(
      names = "--job-millis",
      paramLabel = "N",
      description =
          "with --pack auto: how many milliseconds a job takes on average, rather than to look into"
              + " the results queue")
  private Integer jobMillis;

  @Mixin Queues.ResultQueue results;

  /** Refuses what is invalid, before anything is sent. */
  void check(Subcommand command, String backlog) {
    if (pack == null) {
      if (resultPack) {
        throw command.wrong("--result-pack: it is for packs; give --pack as well");
      }
    } else if (!isAuto() && !isSize(pack)) {
      throw command.wrong(
          "--pack: allowed are 1 to " + PackFormat.MAX_JOBS + ", or auto, not \"" + pack + '"');
    } else if (SqsQueue.isFifo(backlog)) {
      throw command.wrong("--pack: \"" + backlog + "\" is a FIFO queue, which takes no packs");
    }
    if (jobMillis != null && !isAuto()) {
      throw command.wrong("--job-millis: it is for --pack auto");
    }
    command.checkRange("--job-millis", jobMillis == null ? 1 : jobMillis, 1, MAX_MILLIS, "");
  }

  /** True if jobs may share messages. */
  boolean isGiven() {
    return pack != null;
  }

  /** True if results may share messages. */
  boolean packsResults() {
    return resultPack;
  }

  boolean isAuto() {
    return pack != null && pack.toLowerCase(Locale.ROOT).equals(AUTO);
  }

  private static boolean isSize(String text) {
    return text.matches("[0-9]{1,4}")
        && Integer.parseInt(text) >= 1
        && Integer.parseInt(text) <= PackFormat.MAX_JOBS;
  }

  /**
   * What puts jobs into messages.
   *
   * @param total how many jobs there are; 0 if that is not known
   */
  Packer packer(Subcommand command, AwsSession aws, long total)
      throws InvalidEnvironment, InterruptedException {
    return pack == null ? Packer.none() : new Packer(size(command, aws, total), resultPack);
  }

  /** The same for jobs that {@link Enqueuer} puts into messages. */
  Packing packing(Subcommand command, AwsSession aws, long total)
      throws InvalidEnvironment, InterruptedException {
    if (pack == null) {
      return Packing.none();
    }
    Packing packing = Packing.of(size(command, aws, total));
    return resultPack ? packing.withResultPacks() : packing;
  }

  private PackSize size(Subcommand command, AwsSession aws, long total)
      throws InvalidEnvironment, InterruptedException {
    return isAuto() ? learn(command, aws, total) : PackSize.exactly(Integer.parseInt(pack));
  }

  private PackSize learn(Subcommand command, AwsSession aws, long total)
      throws InvalidEnvironment, InterruptedException {
    if (jobMillis != null) {
      return PackSize.lasting(jobMillis, total);
    }
    String why;
    try {
      RunTimes times = look(command, aws);
      if (times.jobs() > 0) {
        PackSize size = PackSize.lasting(times.meanMillis(), total);
        command.say(
            String.format(
                Locale.ROOT,
                "%s; a job takes %.0f ms on average, by %s in \"%s\"",
                inWords(size),
                times.meanMillis(),
                Text.count(times.jobs(), "result"),
                results.name));
        return size;
      }
      why = "there are no results in \"" + results.name + "\"";
    } catch (CallFailed e) {
      why = "cannot look into \"" + results.name + "\" (" + Failures.messageOf(e) + ")";
    }
    PackSize size = PackSize.cautious(total);
    command.say(inWords(size) + ": " + why + "; --job-millis says how long a job takes");
    return size;
  }

  private RunTimes look(Subcommand command, AwsSession aws)
      throws CallFailed, InvalidEnvironment, InterruptedException {
    var queues = aws.queues();
    var found = command.read(() -> queues.find(results.name));
    if (found.isEmpty()) {
      return new RunTimes();
    }
    var queue = aws.backlog(found.get());
    Retry retry = command.retry();
    return RunTimes.<CallFailed>of(
        () ->
            retry.call(() -> queue.receive(MessageFormat.MAX_BATCH, Duration.ZERO, Duration.ZERO)));
  }

  private static String inWords(PackSize size) {
    int jobs = size.total() > 0 ? size.jobs(0) : size.most();
    return jobs == 1 ? "one job per message" : "up to " + jobs + " jobs a pack";
  }
}
