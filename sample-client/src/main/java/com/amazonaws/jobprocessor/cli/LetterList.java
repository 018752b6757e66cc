package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code dead-letters} and {@code dead-letters list} have in common. */
final class LetterList {
  private static final int MAX_ID = 40;
  private static final int MAX_TYPE = 50;
  private static final int MAX_MESSAGE = 300;
  private static final int MAX_JOB = 60;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private Connection connection;

  int print(Subcommand command) throws Exception {
    Printer printer = new Printer(command.out(), true);
    Table table =
        new Table(
            List.of(
                Table.Column.of("JOB_ID"),
                Table.Column.of("ATTEMPTS"),
                Table.Column.of("ERROR"),
                Table.Column.shrinking("MESSAGE"),
                Table.Column.shrinking("JOB")));
    long more;
    try (AwsSession aws = connection.open()) {
      LetterQueue letters = new LetterQueue(aws, queue.name, command.stop());
      more =
          letters.forEach(
              (_, some) -> {
                for (Delivery letter : some) {
                  if (json) {
                    printer.deadLetter(letter);
                  } else {
                    table.add(row(letter));
                  }
                }
                printer.flush();
              });
    }
    if (!json && table.isEmpty()) {
      command.out().println("no dead letters");
    } else if (!json) {
      table.print(command.out(), Terminal.width());
    }
    command.out().flush();
    return LetterQueue.sayThatMoreWait(command, more);
  }

  private static List<String> row(Delivery letter) {
    return List.of(
        Text.cell(Messages.jobId(letter), MAX_ID),
        Text.cell(Messages.text(letter, MessageFormat.ATTEMPTS), 8),
        Text.cell(simpleName(Messages.text(letter, MessageFormat.ERROR_TYPE)), MAX_TYPE),
        Text.cell(Messages.text(letter, MessageFormat.ERROR_MESSAGE), MAX_MESSAGE),
        Text.cell(job(letter), MAX_JOB));
  }

  static String job(Delivery letter) {
    if (!Messages.isPointer(letter)) {
      return PackFormat.isPack(letter.attributes())
          ? "(" + Messages.packInWords(letter) + ") " + letter.body()
          : letter.body();
    }
    OptionalLong bytes = PayloadPointer.sizeOf(letter.attributes());
    return bytes.isPresent() ? "(in S3, " + bytes.getAsLong() + " bytes)" : "(in S3)";
  }

  private static String simpleName(String type) {
    return type.substring(type.lastIndexOf('.') + 1);
  }
}
