package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fleet launch}: n boxes from an image. */
@Command(
    name = "launch",
    mixinStandardHelpOptions = true,
    description = {
      "Launches boxes from an image with a worker, prints their ids, and waits until their workers poll.",
      "The user data is checked first, as a worker checks it at its start. IMDSv2 is required, with a hop limit of 1.",
      "The queue that they work for is that of the user data; no more are launched than its fleet_max_boxes allows.",
      "Whether a worker polls is seen on the box's console: what EC2 shows of it comes a minute or two late."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:all are launched, and their workers poll",
      "1:something went wrong; standard error says what, with the console's words",
      "2:the command line is invalid",
      "3:EC2 had fewer boxes than were asked for; the workers of those poll",
      "5:some workers have not started within --timeout, and none has failed",
      "130, 143:stopped by Ctrl-C or SIGTERM; what was launched runs on"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client fleet launch 4 --image ami-0123456789abcdef0 --role job-processor --spot \\",
      "      --user-data-file settings.txt",
      "  sample-client fleet launch --image ami-0123456789abcdef0 --role job-processor \\",
      "      --user-data job_executor=Shout --dry-run"
    })
final class FleetLaunch extends Subcommand {
  private static final int MAX_COUNT = 1_000;

  @Parameters(
      arity = "0..1",
      paramLabel = "COUNT",
      defaultValue = "1",
      description = "how many boxes (default: ${DEFAULT-VALUE})")
  private int count;

  @Option(
      names = "--client-token",
      paramLabel = "TOKEN",
      description =
          "up to 64 characters of your own: the same command with the same token launches its "
              + "boxes once (default: a new one, which holds for the command's own retries)")
  private String token;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description = "how long to wait for the workers (default: ${DEFAULT-VALUE})")
  private int timeout;

  @Option(names = "--no-wait", description = "do not wait for the workers")
  private boolean noWait;

  @Option(
      names = "--dry-run",
      description =
          "launch nothing, call nobody; print the command of the AWS CLI that does the same")
  private boolean dryRun;

  @Option(names = "--json", description = "a JSON object a line instead of ids")
  private boolean json;

  @Mixin private BoxOptions box;
  @Mixin private BoxSettings settings;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    check();
    BoxSettings.Checked userData = settings.read(this);
    Launch launch =
        new Launch(
            token == null ? UUID.randomUUID().toString() : token,
            count,
            box.machine(),
            box.network(),
            userData.backlog(),
            userData.text());
    if (dryRun) {
      out().println(AwsCommand.launch(launch, userData.argument()));
      out().flush();
      return DONE;
    }
    try (Boxes boxes = connection.boxes()) {
      return run(boxes, launch, userData.maxBoxes());
    } catch (CallFailed e) {
      throw Refusals.explain(e);
    }
  }

  private void check() {
    checkRange("COUNT", count, 1, MAX_COUNT, "");
    checkRange("--timeout", timeout, 1, 86_400, " seconds");
    if (token != null && !token.matches("[!-~]{1,64}")) {
      throw wrong(
          "--client-token: allowed are 1 to 64 letters, digits and punctuation marks, not \""
              + token
              + '"');
    }
  }

  private int run(Boxes boxes, Launch launch, int maxBoxes) throws Exception {
    if (token == null || read(() -> boxes.launchedWith(token)).isEmpty()) {
      checkCeiling(boxes, launch.backlog(), maxBoxes);
    }
    List<Box> launched = retry().call(() -> boxes.launch(launch));
    launched.forEach(one -> out().println(json ? BoxRow.json(one) : one.id()));
    if (out().checkError()) {
      throw new UserError(
          "cannot write to standard output; launched were "
              + String.join(", ", launched.stream().map(Box::id).toList()));
    }
    boolean whole = launched.size() >= count;
    if (!whole) {
      say(
          "EC2 had %s of the %s that were asked for"
              .formatted(Text.count(launched.size(), "box", "boxes"), count));
    }
    int status = noWait ? DONE : await(boxes, launched.stream().map(Box::id).toList());
    return status != DONE ? status : whole ? DONE : INCOMPLETE;
  }

  /** A ceiling on what a slip of the finger can cost. */
  private void checkCeiling(Boxes boxes, String backlog, int maxBoxes) throws Exception {
    long there = read(() -> boxes.list(backlog)).stream().filter(Box::isUp).count();
    if (there + count > maxBoxes) {
      throw new UserError(
          "\"%s\" has %s; with %s more that would be above fleet_max_boxes=%s, which the user data can raise"
              .formatted(backlog, Text.count(there, "box", "boxes"), count, maxBoxes));
    }
  }

  private int await(Boxes boxes, List<String> ids) throws Exception {
    Map<String, String> problems;
    boolean isOnlyLate;
    try (Terminal.Progress progress =
        Terminal.progress("waiting for workers", ids.size(), "boxes")) {
      BoxWatch watch = new BoxWatch(boxes, stop(), progress);
      problems = watch.await(ids, Duration.ofSeconds(timeout));
      isOnlyLate = watch.isOnlyLate();
    } catch (Stop.Asked e) {
      say(
          "interrupted; the boxes run on: sample-client fleet terminate "
              + String.join(" ", ids)
              + " terminates them");
      throw e;
    } catch (CallFailed e) {
      say("launched: " + String.join(" ", ids) + "; whether their workers poll cannot be seen");
      throw e;
    }
    List<String> lines = new ArrayList<>();
    problems.forEach((id, problem) -> lines.add(id + ": " + problem));
    lines.forEach(this::say);
    int polling = ids.size() - problems.size();
    say(polling == 1 ? "the worker of 1 box polls" : "the workers of " + polling + " boxes poll");
    return problems.isEmpty() ? DONE : isOnlyLate ? TIMED_OUT : FAILED;
  }
}
