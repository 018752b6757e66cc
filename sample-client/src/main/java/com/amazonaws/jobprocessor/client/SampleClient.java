package com.amazonaws.jobprocessor.client;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/** The program: {@code bin/sample-client}. */
@Command(
    name = "sample-client",
    description =
        "Submits jobs to the job processor's queues, collects results, looks after dead letters, estimates costs.",
    subcommands = {
      Submit.class,
      Results.class,
      DeadLetters.class,
      Status.class,
      Cost.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true,
    version = "sample-client 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong; the last line on standard error says what",
      "2:the command line makes no sense",
      "3:not all that was asked for is there (results missing, ids not found)"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  printf 'hello\\nworld\\n' | sample-client submit --ids > ids.txt",
      "  sample-client results --ids ids.txt",
      "  sample-client dead-letters",
      "  sample-client cost --seconds 5",
      "",
      "The standard AWS variables hold: AWS_REGION, AWS_ENDPOINT_URL_SQS, credentials, ..."
    })
public final class SampleClient implements Runnable {
  /** Not all that was asked for is there. */
  static final int INCOMPLETE = 3;

  /** Something went wrong. */
  static final int FAILED = 1;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** For picocli. */
  public SampleClient() {}

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "which command? submit, results, dead-letters, status or cost");
  }

  /** Runs a command and ends with its status. */
  public static void main(String[] args) {
    System.setProperty(SdkSystemSetting.AWS_EC2_METADATA_V1_DISABLED.property(), "true");
    System.exit(run(args, new FileOutputStream(FileDescriptor.out)));
  }

  /** Not System.out, which keeps it to itself that a pipe is broken or a disk full. */
  static int run(String[] args, OutputStream standardOutput) {
    Writer buffered =
        new BufferedWriter(new OutputStreamWriter(standardOutput, System.out.charset()));
    CommandLine line = commandLine().setOut(new PrintWriter(buffered));
    int status = line.execute(args);
    if (line.getOut().checkError() && status != FAILED) {
      return failed(new UserError("cannot write to standard output"), line.getErr());
    }
    return status;
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new SampleClient());
    line.setExecutionExceptionHandler((e, failing, _) -> failed(e, failing.getErr()))
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true);
    CommandLine.IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler(
        (e, args) ->
            e.getCommandLine().getCommandSpec().userObject() instanceof Cost
                ? Cost.refuse(e)
                : usual.handleParseException(e, args));
    return line;
  }

  private static int failed(Exception e, PrintWriter err) {
    err.println("sample-client: " + Text.oneLine(messageOf(e)));
    err.flush();
    return FAILED;
  }

  static String messageOf(Exception e) {
    return switch (e) {
      case UserError error -> error.getMessage();
      case QueueDoesNotExistException _ -> "the queue has been deleted";
      case AwsServiceException error -> "AWS says no: " + errorOf(error);
      case SdkClientException error ->
          "cannot reach AWS: " + rootOf(error) + "; check region, endpoint and credentials";
      case InterruptedException _ -> "interrupted";
      default -> e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  private static String errorOf(AwsServiceException e) {
    return e.awsErrorDetails() == null
        ? "HTTP " + e.statusCode()
        : e.awsErrorDetails().errorCode() + ", " + e.awsErrorDetails().errorMessage();
  }

  private static String rootOf(Throwable t) {
    Throwable root = t;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
