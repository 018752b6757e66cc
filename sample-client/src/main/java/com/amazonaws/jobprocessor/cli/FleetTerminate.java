package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fleet terminate}: terminates boxes, after a count and a question. */
@Command(
    name = "terminate",
    mixinStandardHelpOptions = true,
    description = {
      "Terminates boxes by their ids, or all of a queue, after a question that says how many.",
      "Their workers finish or give back their jobs first, within drain_timeout_in_secs.",
      "Only instances with the tag job-processor:backlog are terminated. For one of an Auto Scaling group the desired capacity is lowered, too."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong, or you said no",
      "2:the command line is invalid",
      "3:some ids are of no box; the others were terminated",
      "130, 143:stopped by Ctrl-C or SIGTERM, after saying how many were terminated"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client fleet terminate i-0123456789abcdef0",
      "  sample-client fleet terminate --all --backlog-queue thumbnails --yes"
    })
final class FleetTerminate extends Subcommand {
  @Parameters(arity = "0..*", paramLabel = "INSTANCE", description = "ids of the boxes")
  private Set<String> ids = new LinkedHashSet<>();

  @Option(names = "--all", description = "all boxes of the queue")
  private boolean all;

  @Option(names = "--yes", description = "do not ask")
  private boolean yes;

  @Option(
      names = "--dry-run",
      description = "terminate nothing; print the commands of the AWS CLI that do the same")
  private boolean dryRun;

  @Option(names = "--json", description = "a JSON object a line instead of ids")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    if (all == !ids.isEmpty()) {
      throw wrong("which boxes? give their ids, or --all");
    }
    if (all && !isGiven(Queues.BACKLOG)) {
      throw wrong("--all needs " + Queues.BACKLOG + " NAME: which queue's boxes?");
    }
    try (Boxes boxes = connection.boxes()) {
      return run(boxes);
    } catch (CallFailed e) {
      throw Refusals.explain(e);
    }
  }

  private int run(Boxes boxes) throws Exception {
    List<Box> found = all ? read(() -> boxes.list(backlog.name)) : read(() -> boxes.find(ids));
    List<Box> toEnd = found.stream().filter(box -> !box.isEnding()).toList();
    boolean complete = sayWhatIsNoBox(found);
    if (toEnd.isEmpty()) {
      say("there is nothing to terminate");
      return complete ? DONE : INCOMPLETE;
    }
    if (dryRun) {
      printCommands(toEnd);
      return complete ? DONE : INCOMPLETE;
    }
    if (!yes && !Question.ask(this, question(toEnd))) {
      say("nothing was terminated");
      return FAILED;
    }
    end(boxes, toEnd);
    return complete ? DONE : INCOMPLETE;
  }

  private boolean sayWhatIsNoBox(List<Box> found) {
    Set<String> known = found.stream().map(Box::id).collect(Collectors.toSet());
    List<String> unknown = ids.stream().filter(id -> !known.contains(id)).toList();
    unknown.forEach(
        id -> say(id + " is no box: no instance of this region with the tag " + Boxes.TAG));
    return unknown.isEmpty();
  }

  private static String question(List<Box> toEnd) {
    Set<String> queues = new TreeSet<>();
    toEnd.forEach(box -> queues.add("\"" + Text.oneLine(box.backlog()) + "\""));
    return "terminate "
        + Text.count(toEnd.size(), "box", "boxes")
        + " of "
        + String.join(", ", queues)
        + "?";
  }

  private void printCommands(List<Box> toEnd) {
    List<String> alone = toEnd.stream().filter(box -> box.group().isEmpty()).map(Box::id).toList();
    if (!alone.isEmpty()) {
      out().println(AwsCommand.terminate(alone));
    }
    toEnd.stream()
        .filter(box -> !box.group().isEmpty())
        .forEach(box -> out().println(AwsCommand.terminateInGroup(box.id())));
    out().flush();
  }

  private void print(String id) {
    out().println(json ? new JsonLine().text("instance_id", id).end() : id);
  }

  /** Those of groups one by one, as Auto Scaling has it. */
  private void end(Boxes boxes, List<Box> toEnd) throws Exception {
    List<String> alone = toEnd.stream().filter(box -> box.group().isEmpty()).map(Box::id).toList();
    int ended = 0;
    try {
      if (!alone.isEmpty()) {
        retry().run(() -> boxes.terminate(alone));
        alone.forEach(this::print);
        ended += alone.size();
      }
      for (Box box : toEnd.stream().filter(one -> !one.group().isEmpty()).toList()) {
        if (stop().isAsked()) {
          throw new Stop.Asked();
        }
        retry().run(() -> boxes.terminateInGroup(box.id()));
        print(box.id());
        ended++;
      }
    } finally {
      out().flush();
      say("terminated " + ended + " of " + Text.count(toEnd.size(), "box", "boxes"));
    }
  }
}
