package com.amazonaws.jobprocessor.cli;

import picocli.CommandLine.Option;

/** How results are printed. */
enum Format {
  /** {@code job_id TAB result}, control characters escaped. */
  TEXT,
  /** A JSON object a line. */
  JSON,
  /** RFC 4180, with a line of names first. */
  CSV;

  /** The options that choose one. */
  static final class Options {
    @Option(
        names = "--format",
        paramLabel = "FORMAT",
        description =
            "text (default), json: an object a line, or csv: as in RFC 4180, with a line of names first")
    private Format format;

    @Option(names = "--json", description = "the same as --format json")
    private boolean json;

    Format chosen(Subcommand command) {
      if (json && format != null && format != JSON) {
        throw command.wrong("--json and --format: give one of them, not both");
      }
      return json ? JSON : format == null ? TEXT : format;
    }
  }
}
