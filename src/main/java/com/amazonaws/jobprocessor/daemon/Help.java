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

          --user-data TEXT       key=value pairs, separated by commas or newlines; \\, is a comma inside a value and \\\\ a
                                 backslash; lines that begin with # are comments; secret keys are refused here
          --user-data-file FILE  the same from a file; - is standard input
                                 (without either: the user data of this EC2 instance, by IMDSv2)
          --check                print the settings in force and where each came from, and ask AWS what a start would
                                 ask; creates nothing; 0 if a start would work, else 78
          --offline              with --check: no network call; says what is not checked
          --version, --help

        examples:
          job-processor --user-data "job_executor=com.example.Thumbnails,concurrency=4"
          job-processor --check --user-data-file /etc/job-processor.txt

        settings:

        %s
        files:
          conf/job-processor.conf  under the home, if it exists: the same pairs, over which user data wins
          lib/                     under the home, or the folder that JOB_PROCESSOR_LIB names: executor jars
          state folder             notes about jobs that may have killed a worker: systemd's STATE_DIRECTORY, or
                                   job-processor in XDG_STATE_HOME, by default in ~/.local/state

        environment: the standard AWS variables (AWS_REGION, AWS_ENDPOINT_URL_SQS, credentials, ...), and
        JOB_PROCESSOR_JVM_OPTS, further options of the JVM separated by blanks, e.g. -Xmx2g

        exit status:
          0   stopped by SIGTERM or SIGINT, with the jobs in hand finished or given back; or idle_shutdown_after_secs off EC2
          78  the settings cannot work, or a queue or the job table is missing and create_queues=false
          79  under systemd in place of 0 for idle_shutdown_after_secs: it is not started again
          1   anything else, also a second SIGTERM or SIGINT, which ends it at once
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
