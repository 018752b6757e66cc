package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Option;

/** The option that names the job table. */
final class TableName {
  static final String OPTION = "--job-table";

  private TableName() {}

  /** For commands that ask nothing else. */
  static final class Needed {
    @Option(
        names = OPTION,
        paramLabel = "NAME",
        required = true,
        description = "the workers' job_table_name")
    String name;
  }

  /** For commands that can do without. */
  static final class Known {
    @Option(
        names = OPTION,
        paramLabel = "NAME",
        description =
            "the workers' job_table_name: what was sent back before, by a run that died before "
                + "it could delete the dead letter, is found there and only deleted")
    String name;
  }
}
