package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.ArrayList;
import java.util.Comparator;
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

  /** Where it stands in a row. */
  private static final int ERROR = 2;

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Option(
      names = "--by-error",
      description = "only how many there are of each error, the most frequent first")
  private boolean byError;

  @Mixin private LetterFilter filter;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private Connection connection;

  int print(Subcommand command) throws Exception {
    Printer printer = new Printer(command.out(), true);
    filter.check(command);
    LetterErrors errors = new LetterErrors();
    List<List<String>> rows = new ArrayList<>();
    long[] all = new long[1];
    long more;
    try (AwsSession aws = connection.open()) {
      LetterQueue letters = new LetterQueue(aws, queue.name, command.stop());
      more =
          letters.forEach(
              (_, some) -> {
                all[0] += some.size();
                for (Delivery letter : some.stream().filter(filter::matches).toList()) {
                  errors.add(letter);
                  if (json && !byError) {
                    printer.deadLetter(letter);
                  } else if (!byError) {
                    rows.add(row(letter));
                  }
                }
                printer.flush();
              });
    }
    if (json && byError) {
      errors.objects().forEach(command.out()::println);
    } else if (!json && errors.count() == 0) {
      command.out().println(LetterFilter.noneMatches(all[0]));
    } else if (!json) {
      (byError ? errors.table() : table(rows)).print(command.out(), Terminal.width());
    }
    command.out().flush();
    if (!json && !byError && errors.count() > 1) {
      command.say(Text.count(errors.count(), "dead letter") + ": " + errors.inWords());
    }
    return LetterQueue.sayThatMoreWait(command, more);
  }

  /** Those of one error stand together. */
  private static Table table(List<List<String>> rows) {
    Table table =
        new Table(
            List.of(
                Table.Column.of("JOB_ID"),
                Table.Column.of("ATTEMPTS"),
                Table.Column.of("ERROR"),
                Table.Column.shrinking("MESSAGE"),
                Table.Column.shrinking("JOB")));
    rows.stream().sorted(Comparator.comparing(row -> row.get(ERROR))).forEach(table::add);
    return table;
  }

  private static List<String> row(Delivery letter) {
    return List.of(
        Text.cell(Messages.jobId(letter), MAX_ID),
        Text.cell(Messages.text(letter, MessageFormat.ATTEMPTS), 8),
        Text.cell(
            LetterErrors.simpleName(Messages.text(letter, MessageFormat.ERROR_TYPE)), MAX_TYPE),
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
}
