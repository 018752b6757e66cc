package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dead-letters show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows dead letters whole: what went wrong, every attribute, and the job; they stay in the queue.",
      "A pack that no worker could take (PackRefused) is found by its own id, and by those of its jobs.",
      "Characters that could move a cursor are escaped; --json has everything as it is."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line is invalid",
      "3:some ids were not found",
      "130, 143:stopped by Ctrl-C or SIGTERM"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters show k3f9x2-17",
      "  sample-client dead-letters show --where error=IOException --json",
      "  sample-client dead-letters show --payload-bucket my-payloads k3f9x2-17"
    })
final class ShowLetters extends Subcommand {
  private static final List<String> FIRST =
      List.of(
          MessageFormat.ERROR_TYPE,
          MessageFormat.ATTEMPTS,
          MessageFormat.WORKER_ID,
          MessageFormat.JOB_MESSAGE_ID,
          MessageFormat.BACKLOG);

  @Option(names = "--json", description = "a JSON object a line")
  private boolean json;

  @Mixin private LetterSelection selection;
  @Mixin private Queues.DeadLetterQueue queue;
  @Mixin private PayloadBucket payloadBucket;
  @Mixin private Connection connection;

  private final Set<String> shown = new HashSet<>();

  @Override
  public Integer call() throws Exception {
    selection.check(this);
    try (AwsSession aws = connection.open()) {
      Bucket bucket = payloadBucket.open(aws, retry());
      new LetterQueue(aws, queue.name, stop())
          .forEach(
              (_, letters) -> {
                for (Delivery letter : selection.of(letters)) {
                  show(letter, bucket);
                  shown.addAll(Messages.jobIds(letter));
                }
              });
    }
    return selection.sayUnknown(this, shown, "there is no dead letter of a job ");
  }

  private void show(Delivery letter, Bucket bucket) throws InterruptedException {
    Printer printer = new Printer(out(), json);
    if (json) {
      printer.deadLetter(letter);
    } else {
      if (!shown.isEmpty()) {
        out().println();
      }
      showWhole(letter, bucket);
    }
    printer.flush();
  }

  private void showWhole(Delivery letter, Bucket bucket) throws InterruptedException {
    line(MessageFormat.JOB_ID, Messages.jobId(letter));
    for (String name : FIRST) {
      String text = Messages.text(letter, name);
      if (!text.isEmpty()) {
        line(name, text);
      }
    }
    Map<String, Attribute> others = new TreeMap<>(letter.attributes());
    others.keySet().removeAll(MessageFormat.RESERVED);
    others.keySet().removeAll(PayloadPointer.MARKS);
    others.forEach(this::line);
    part(MessageFormat.ERROR_MESSAGE, Messages.text(letter, MessageFormat.ERROR_MESSAGE));
    boolean isPack = PackFormat.isPack(letter.attributes()) && !Messages.isPointer(letter);
    part(isPack ? Messages.packInWords(letter) : "job", definition(letter, bucket));
  }

  private String definition(Delivery letter, Bucket bucket) throws InterruptedException {
    try {
      return bucket.fetch(letter);
    } catch (Bucket.Unusable e) {
      return LetterList.job(letter) + " " + letter.body() + "\n(it " + e.getMessage() + ")";
    }
  }

  private void line(String name, Attribute attribute) {
    byte[] binary = attribute.binary();
    line(name, binary != null ? "(" + binary.length + " bytes)" : String.valueOf(attribute.text()));
  }

  private void line(String name, String text) {
    out().println(Text.pad(Text.oneLine(name) + ":", 16) + Text.oneLine(text));
  }

  private void part(String name, String text) {
    if (text.isEmpty()) {
      return;
    }
    out().println(name + ":");
    out().println(Text.lines(text).indent(2).stripTrailing());
  }
}
