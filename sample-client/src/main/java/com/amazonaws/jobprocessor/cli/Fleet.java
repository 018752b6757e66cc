package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Command;

/** {@code fleet}: launches boxes for a queue, lists them, ends them. */
@Command(
    name = "fleet",
    mixinStandardHelpOptions = true,
    description = {
      "Launches boxes (EC2 instances with a worker) for a queue, lists them, ends them.",
      "A box is known by its tag job-processor:backlog, whose value is the name of its backlog queue.",
      "For a fleet that grows and shrinks by itself see docs/fleet.md."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {FleetLaunch.class, FleetList.class, FleetTerminate.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client fleet launch 4 --image ami-0123456789abcdef0 --role job-processor \\",
      "      --user-data-file settings.txt",
      "  sample-client fleet list --backlog-queue thumbnails",
      "  sample-client fleet terminate --all --backlog-queue thumbnails"
    })
final class Fleet extends Subcommand {
  @Override
  public Integer call() {
    throw wrong("which command? launch, list or terminate");
  }
}
