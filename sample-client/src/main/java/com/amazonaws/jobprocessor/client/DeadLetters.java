package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import software.amazon.awssdk.services.sqs.SqsClient;

/** {@code dead-letters}: shows jobs that failed for good, and sends them back. */
@Command(
    name = "dead-letters",
    mixinStandardHelpOptions = true,
    description =
        "Lists the jobs that failed for good, with their errors (the same as the command list).",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line makes no sense",
      "3:a group of a FIFO queue has more, which SQS does not show yet"
    },
    subcommands = {DeadLetters.ListThem.class, DeadLetters.SendBack.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client dead-letters",
      "  sample-client dead-letters send-back --all",
      "  sample-client dead-letters send-back k3f9x2-17 k3f9x2-20"
    })
final class DeadLetters implements Callable<Integer> {
  private static final Duration WHILE_WE_LOOK = Duration.ofMinutes(10);
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final int EMPTY_RECEIVES = 2;

  @Mixin private Listing listing;

  @Override
  public Integer call() throws IOException {
    return listing.print();
  }

  private interface Action {
    void take(Inbox inbox, List<Received> letters) throws IOException;
  }

  /**
   * Hands over every dead letter once, however many receives that takes.
   *
   * @return how many could not be had: of a group of a FIFO queue SQS shows ten, and no more until
   *     one of them is deleted
   */
  private static int forEach(SqsClient sqs, String url, Action action) throws IOException {
    Set<String> seen = new HashSet<>();
    Map<String, Integer> shown = new HashMap<>();
    try (Inbox inbox = new Inbox(sqs, url, WHILE_WE_LOOK)) {
      for (int empty = 0; empty < EMPTY_RECEIVES; ) {
        List<Received> letters =
            inbox.receive(WAIT).stream().filter(letter -> seen.add(letter.messageId())).toList();
        empty = letters.isEmpty() ? empty + 1 : 0;
        letters.forEach(letter -> shown.merge(String.valueOf(letter.group()), 1, Integer::sum));
        action.take(inbox, letters);
      }
      boolean mayBeMore = shown.values().stream().anyMatch(n -> n >= MessageFormat.MAX_BATCH);
      return mayBeMore && Fifo.isFifo(url) ? inbox.visible() : 0;
    }
  }

  /** Says that there are more; returns the exit status. */
  private static int moreWait(int letters, PrintWriter err) {
    if (letters == 0) {
      return 0;
    }
    err.println(
        "sample-client: "
            + letters
            + " more wait in their groups, about, of which SQS shows ten a group; send those back first");
    return SampleClient.INCOMPLETE;
  }

  /** What {@code dead-letters} and {@code dead-letters list} have in common. */
  static final class Listing {
    private static final int MOST_ID = 40;
    private static final int MOST_TYPE = 50;
    private static final int MOST_TEXT = 60;

    @Option(names = "--json", description = "a JSON object a line")
    private boolean json;

    @Mixin private Queues.DeadLetterQueue queue;
    @Mixin private Connection connection;

    @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
    private CommandLine.Model.CommandSpec spec;

    int print() throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      Printer printer = new Printer(out, true);
      List<List<String>> rows = new ArrayList<>();
      int more;
      try (SqsClient sqs = connection.open()) {
        more =
            forEach(
                sqs,
                Connection.urlOf(sqs, queue.name, "--dead-letter-queue"),
                (_, letters) -> {
                  for (Received letter : letters) {
                    if (json) {
                      printer.deadLetter(letter);
                    } else {
                      rows.add(row(letter));
                    }
                  }
                });
      }
      if (!json) {
        printTable(rows, out);
      }
      out.flush();
      return moreWait(more, spec.commandLine().getErr());
    }

    private static List<String> row(Received letter) {
      return List.of(
          Text.cell(letter.jobId(), MOST_ID),
          Text.cell(letter.text(MessageFormat.ATTEMPTS), 8),
          Text.cell(simpleName(letter.text(MessageFormat.ERROR_TYPE)), MOST_TYPE),
          Text.cell(letter.text(MessageFormat.ERROR_MESSAGE), MOST_TEXT),
          Text.cell(job(letter), MOST_TEXT));
    }

    private static String job(Received letter) {
      if (!letter.isPointer()) {
        return letter.body();
      }
      OptionalLong bytes = PayloadPointer.sizeOf(letter.attributes());
      return bytes.isPresent() ? "(in S3, " + bytes.getAsLong() + " bytes)" : "(in S3)";
    }

    private static String simpleName(String type) {
      return type.substring(type.lastIndexOf('.') + 1);
    }

    private static void printTable(List<List<String>> rows, PrintWriter out) {
      if (rows.isEmpty()) {
        out.println("no dead letters");
        return;
      }
      List<List<String>> all = new ArrayList<>();
      all.add(List.of("JOB_ID", "ATTEMPTS", "ERROR", "MESSAGE", "JOB"));
      all.addAll(rows);
      int[] widths = new int[5];
      for (List<String> row : all) {
        for (int i = 0; i < widths.length; i++) {
          widths[i] = Math.max(widths[i], row.get(i).codePointCount(0, row.get(i).length()));
        }
      }
      for (List<String> row : all) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
          line.append(Text.pad(row.get(i), widths[i])).append("  ");
        }
        out.println(line.toString().stripTrailing());
      }
    }
  }

  /** {@code dead-letters list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Lists the jobs that failed for good, with their errors; they stay in the queue.")
  static final class ListThem implements Callable<Integer> {
    @Mixin private Listing listing;

    @Override
    public Integer call() throws IOException {
      return listing.print();
    }
  }

  /** {@code dead-letters send-back}. */
  @Command(
      name = "send-back",
      mixinStandardHelpOptions = true,
      description = {
        "Sends dead letters back to the backlog, without what the worker had added to them.",
        "A dead letter is deleted only after the backlog has accepted it: none is lost, at worst one comes twice.",
        "A payload in S3 stays where it is and belongs to the job again."
      },
      exitCodeListHeading = "%nExit status:%n",
      exitCodeList = {
        "0:done",
        "1:something went wrong",
        "2:the command line makes no sense",
        "3:some ids were not found, or wait in a FIFO queue behind others of their group"
      })
  static final class SendBack implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "JOB_ID", description = "ids of the jobs to send back")
    private Set<String> ids = new LinkedHashSet<>();

    @Option(names = "--all", description = "send all back")
    private boolean all;

    @Mixin private Queues.Backlog backlog;
    @Mixin private Queues.DeadLetterQueue queue;
    @Mixin private Connection connection;
    @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

    /** By the ids of the jobs that are sent back the job_message_id of the letter chosen. */
    private final Map<String, String> chosen = new HashMap<>();

    private final Set<String> sent = new HashSet<>();
    private int count;
    private int refused;
    private int waiting;

    @Override
    public Integer call() throws IOException {
      if (all == !ids.isEmpty()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "which dead letters? give their ids, or --all");
      }
      try (SqsClient sqs = connection.open()) {
        JobSender sender =
            new JobSender(
                new SqsTransport(sqs, Connection.urlOf(sqs, backlog.name, "--backlog-queue")));
        waiting =
            forEach(
                sqs,
                Connection.urlOf(sqs, queue.name, "--dead-letter-queue"),
                (inbox, letters) -> sendBack(inbox, letters, sender));
      }
      return report();
    }

    /**
     * A job that has failed again meanwhile stays: or this would go on for as long as it fails. A
     * copy of a letter, which a worker's death can make, goes with it.
     */
    private void sendBack(Inbox inbox, List<Received> letters, JobSender sender) {
      IdentityHashMap<Job, Received> jobs = new IdentityHashMap<>();
      List<Received> copies = new ArrayList<>();
      Batches batches = new Batches();
      for (Received letter : letters) {
        if (!all && !ids.contains(letter.jobId())) {
          continue;
        }
        String death = letter.text(MessageFormat.JOB_MESSAGE_ID);
        String before = chosen.putIfAbsent(letter.jobId(), death);
        if (before == null) {
          Job job = job(letter);
          if (Fifo.isFifo(backlog.name)) {
            // The job's own id would be dropped in silence within five minutes of its first
            // sending.
            job = job.in(new Fifo(letter.group(), letter.messageId()));
          }
          jobs.put(job, letter);
          sendBatch(batches.add(job), jobs, inbox, sender);
        } else if (before.equals(death) && !death.isEmpty() && !letter.isPointer()) {
          copies.add(letter);
        }
      }
      sendBatch(batches.rest(), jobs, inbox, sender);
      inbox.delete(copies.stream().filter(copy -> sent.contains(copy.jobId())).toList());
    }

    private static Job job(Received letter) {
      Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
      attributes
          .keySet()
          .removeIf(
              name -> MessageFormat.RESERVED.contains(name) && !name.equals(MessageFormat.JOB_ID));
      if (attributes.size() < MessageFormat.MAX_ATTRIBUTES) {
        attributes.putIfAbsent(MessageFormat.JOB_ID, Attribute.of(letter.jobId()));
      }
      return new Job(letter.jobId(), letter.body(), attributes);
    }

    private void sendBatch(
        List<Job> batch, IdentityHashMap<Job, Received> letters, Inbox inbox, JobSender sender) {
      if (batch.isEmpty()) {
        return;
      }
      Map<Job, String> notTaken;
      try {
        notTaken = sender.send(batch);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserError("interrupted; what was not sent back is still there");
      }
      List<Received> taken =
          batch.stream().filter(job -> !notTaken.containsKey(job)).map(letters::get).toList();
      inbox.delete(taken);
      taken.forEach(letter -> sent.add(letter.jobId()));
      count += taken.size();
      refused += notTaken.size();
      notTaken.forEach(
          (job, reason) ->
              spec.commandLine()
                  .getErr()
                  .println(
                      "sample-client: " + Text.oneLine(job.id() + " was not taken: " + reason)));
    }

    private int report() {
      spec.commandLine().getOut().println("sent back " + count + " jobs");
      spec.commandLine().getOut().flush();
      List<String> unknown = ids.stream().filter(id -> !sent.contains(id)).toList();
      unknown.forEach(
          id ->
              spec.commandLine()
                  .getErr()
                  .println(
                      "sample-client: no dead letter was sent back with the id "
                          + Text.oneLine(id)));
      if (!unknown.isEmpty()) {
        moreWait(waiting, spec.commandLine().getErr());
      }
      if (refused > 0) {
        return SampleClient.FAILED;
      }
      return unknown.isEmpty() ? 0 : SampleClient.INCOMPLETE;
    }
  }
}
