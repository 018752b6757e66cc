package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fleet list}: the boxes of a queue. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the boxes of a queue, oldest first; those that have ended are left out.",
      "GROUP: the Auto Scaling group that a box belongs to."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line is invalid",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client fleet list --backlog-queue thumbnails",
      "  sample-client fleet list --all-queues --json"
    })
final class FleetList extends Subcommand {
  @Option(names = "--all-queues", description = "the boxes of all queues of the region")
  private boolean allQueues;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.Backlog backlog;
  @Mixin private Connection connection;

  @Override
  public Integer call() throws Exception {
    List<Box> found;
    try (Boxes boxes = connection.boxes()) {
      found = read(() -> boxes.list(allQueues ? null : backlog.name));
    } catch (CallFailed e) {
      throw Refusals.explain(e);
    }
    if (json) {
      found.forEach(box -> out().println(BoxRow.json(box)));
    } else if (found.isEmpty()) {
      out().println(allQueues ? "no boxes" : "no boxes of \"" + backlog.name + "\"");
    } else {
      Table table = new Table(BoxRow.COLUMNS);
      Instant now = Instant.now();
      found.forEach(box -> table.add(BoxRow.cells(box, now)));
      table.print(out(), Terminal.width());
    }
    out().flush();
    return DONE;
  }
}
