package com.amazonaws.jobprocessor.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.config.SettingsTable;
import java.io.IOException;
import java.io.InputStream;

/** What {@code --help} and {@code --version} print. */
final class Help {
  private Help() {}

  static String text() {
    return """
        job-processor takes jobs from an SQS queue, runs each with an executor class, and sends results to a results
        queue and jobs that fail for good to a dead-letter queue.

        usage: job-processor [--user-data TEXT | --user-data-file FILE] [--check [--offline]]

          --user-data TEXT       key=value pairs, separated by commas or newlines; secret keys are refused here
          --user-data-file FILE  the same from a file; - is standard input
                                 (without either: the user data of this EC2 instance, by IMDSv2)
          --check                print the settings in force and where each came from, and ask AWS what a start would
                                 ask; makes nothing; 0 if a start would work, else 78
          --offline              with --check: no network call; says what is not checked
          --version, --help

        examples:
          job-processor --user-data "job_executor=com.example.Thumbnails,concurrency=4"
          job-processor --check --user-data-file /etc/job-processor.txt

        settings:

        %s
        Put executor jars into lib/ under the home, or into the folder that JOB_PROCESSOR_LIB names. The standard AWS
        environment variables apply (AWS_REGION, AWS_ENDPOINT_URL_SQS, credentials, ...).

        exit status: 0 after a stop (SIGTERM or SIGINT; a second one ends it at once), 78 for settings that cannot work,
        1 for anything else
        """
        .formatted(SettingsTable.help());
  }

  static String version() {
    try (InputStream in = Help.class.getResourceAsStream("version.txt")) {
      return in == null ? "unknown" : new String(in.readAllBytes(), UTF_8).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
