package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The jobs that a command is about: by their ids, or a file of them. */
final class JobIds {
  @Parameters(arity = "0..*", paramLabel = "JOB_ID", description = "ids of the jobs")
  private Set<String> jobIds = new LinkedHashSet<>();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "file of ids, one a line; - is standard input")
  private String file;

  /** Reads them, in their order; at least one. */
  Set<String> read(Subcommand command) throws InterruptedException {
    Set<String> ids = new LinkedHashSet<>(jobIds);
    if (file != null) {
      ids.addAll(Input.ids(file, command.stop()));
    }
    if (ids.isEmpty()) {
      throw command.wrong("which jobs? give their ids, or --ids FILE");
    }
    for (String id : ids) {
      if (!MessageFormat.isJobId(id)) {
        throw new UserError("\"" + id + "\" is not a valid job id: 1 to 256 printable characters");
      }
    }
    return ids;
  }
}
