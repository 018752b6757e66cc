package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.docs.Page;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code cost}; nothing here has a network or credentials. */
class CostTest {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return SampleClient.commandLine(new Stop())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  private List<String> lines() {
    return out.toString().lines().toList();
  }

  private String line(String start) {
    return lines().stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no line " + start + " in\n" + out));
  }

  private Path prices(String text) throws IOException {
    return Files.writeString(folder.resolve("prices"), text);
  }

  @Test
  void an_itemised_table_that_lines_up_then_totals_and_what_dominates() {
    assertEquals(
        0,
        run(
            "cost",
            "--seconds=2",
            "--slots=4",
            "--price-per-hour=0.36",
            "--idle=50%",
            "--job-table",
            "--disk-gb=0",
            "--no-public-address",
            "--receive-fill=5",
            "--send-fill=2",
            "--delete-fill=10",
            "--nat-gb=2"));

    assertEquals("", err.toString());
    assertEquals(
        """
        A million jobs of 2 s, 4 at a time on a box at $0.36 an hour, idle 50 % of the time;
        1,024 bytes in, 1,024 out; standard queues, with job table;
        messages a request: receive 5, send 2, delete 10, clients 10.

        item                                     a million jobs take   dollars    share
        SQS: submit jobs (client)                100,000 requests       0.0400    0.0 %
        SQS: receive jobs                        200,000 requests       0.0800    0.1 %
        SQS: empty receives while idle            25,000 requests       0.0100    0.0 %
        SQS: send results                        500,000 requests       0.2000    0.2 %
        SQS: delete jobs                         100,000 requests       0.0400    0.0 %
        SQS: read and delete results (client)    200,000 requests       0.0800    0.1 %
        job table: writes                      3,000,000 write units    1.8750    1.8 %
        job table: records, 15 days               0.7367 GB-months      0.1842    0.2 %
        transfer: NAT gateway                          2 GB             0.0900    0.1 %
        EC2: instance                              277.8 hours        100.0000   97.5 %
        total                                                         102.5992  100.0 %

        A job costs $0.0001026, a million $102.60.
        What dominates: compute, 97.5 % -- boxes are paid while they are idle: run fewer, or let the group shrink with the backlog.
        By kind: SQS requests $0.45, the job table $2.06, data transfer $0.09, compute $100.00.

        Prices: us-east-1, none older than 2026-02-09; free tier not taken off. --print-prices shows them.
        """,
        out.toString());
  }

  @Test
  void json_is_one_object_with_the_same_figures() {
    assertEquals(0, run("cost", "--seconds=2", "--slots=4", "--price-per-hour=0.36", "--json"));

    assertEquals(1, out.toString().lines().count());
    assertTrue(out.toString().startsWith("{\"jobs\":1000000,\"usd\":"), out.toString());
    assertTrue(out.toString().contains("\"ec2_instance_usd\":50"), out.toString());
    assertTrue(out.toString().contains("\"dominant\":\"compute\""), out.toString());
    assertFalse(out.toString().contains("E+"), out.toString());
  }

  @Test
  void columns_line_up_whatever_the_figures_and_the_locale() {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertEquals(
          0,
          run("cost", "--seconds=40000", "--idle=0.99", "--job-table", "--s3-share=1", "--fifo"));
    } finally {
      Locale.setDefault(before);
    }
    int header = lines().indexOf(line("item"));
    int total = lines().indexOf(line("total"));
    assertTrue(total - header > 10);
    for (String row : lines().subList(header, total + 1)) {
      assertEquals(lines().get(header).length(), row.length(), row);
    }
    assertTrue(line("EC2: instance").contains("555,556 hours"), line("EC2: instance"));
  }

  @Test
  void without_options_jobs_take_a_second_on_two_slots_of_the_readmes_type() {
    assertEquals(0, run("cost"));

    assertTrue(lines().getFirst().contains("c7i.large at $0.08925 an hour"), out.toString());
    assertTrue(line("EC2: instance").contains("12.3958"), line("EC2: instance"));
    assertTrue(line("What dominates: compute").contains("Graviton"));
  }

  @Test
  void fills_that_are_not_given_are_what_a_busy_worker_is_likely_to_reach() {
    assertEquals(0, run("cost", "--seconds=0.02", "--slots=8"));
    assertTrue(out.toString().contains("receive 10, send 4, delete 10"), out.toString());
    assertEquals(0, run("cost", "--seconds=0.02", "--slots=8", "--send-fill=7.5", "--worker-only"));
    assertTrue(out.toString().contains("receive 10, send 7.5, delete 10."), out.toString());
    assertFalse(out.toString().contains("client"), out.toString());
  }

  @Test
  void packs_divide_requests_and_the_output_says_how_many_jobs_share_a_message() {
    String[] short100 = {"--seconds=0.001", "--slots=64", "--payload-bytes=100"};
    assertEquals(0, run("cost", short100[0], short100[1], short100[2], "--pack=100"));
    assertTrue(out.toString().contains("jobs a message: 100, results a message: 1;\n"), "" + out);
    assertTrue(line("SQS: submit jobs").contains(" 2,000 requests"), line("SQS: submit jobs"));
    assertTrue(line("SQS: delete jobs").contains(" 1,000 requests"), line("SQS: delete jobs"));
    assertTrue(line("SQS: send results").contains(" 100,000 requests"), line("SQS: send"));

    assertEquals(
        0,
        run(
            "cost",
            short100[0],
            short100[1],
            short100[2],
            "--pack=100",
            "--result-pack",
            "--result-bytes=200"));
    assertTrue(line("SQS: send results").contains(" 3,125 requests"), line("SQS: send results"));
    assertEquals(0, run("cost", "--pack=100", "--result-pack", "--result-pack-fill=50", "--json"));
    assertTrue(
        out.toString().contains("\"jobs_per_message\":100,\"results_per_message\":50"), "" + out);
  }

  @ParameterizedTest
  @CsvSource({"65536, 1", "64KiB, 1", "65537, 2", "1MiB, 16", "128kib, 2"})
  void chunks_are_counted(String payload, int chunks) {
    assertEquals(0, run("cost", "--payload-bytes", payload, "--receive-fill=1"));
    assertTrue(
        line("SQS: receive jobs").contains(" " + chunks + ",000,000 requests"),
        line("SQS: receive jobs"));
  }

  @Test
  void a_file_overrides_prices_singly() throws IOException {
    Path mine = prices("sqs.standard.million_requests = 4\nspot.c7g.large = 0.036\n");

    assertEquals(
        0, run("cost", "--prices=" + mine, "--spot", "--instance-type=c7g.large", "--send-fill=1"));

    assertTrue(lines().getFirst().contains("a spot c7g.large at $0.036 an hour"), out.toString());
    assertTrue(line("SQS: send results").contains(" 4.0000 "), line("SQS: send results"));
    assertTrue(line("EC2: instance").contains(" 5.0000 "), line("EC2: instance"));
    assertTrue(
        line("Prices: ").contains("none older than 2026-02-09; 2 by --prices; free tier"),
        line("Prices: "));

    assertEquals(0, run("cost", "--prices=" + mine, "--print-prices"));
    assertTrue(out.toString().startsWith("# "), out.toString());
    assertTrue(
        out.toString()
            .endsWith(
                "\n# Prices of "
                    + mine
                    + ":\nsqs.standard.million_requests = 4\nspot.c7g.large = 0.036\n"),
        out.toString());
  }

  @Test
  void a_file_that_makes_no_sense_is_refused_a_line_each() throws IOException {
    Path mine = prices("sqs.standrd = 1\nnat.gb = 1\negress.gb = free\n\u001b[31m\n");

    assertEquals(2, run("cost", "--prices=" + mine));

    assertEquals(
        """
        sample-client: --prices FILE: line 1: "sqs.standrd" is no price that is known
        sample-client: --prices FILE: line 3: egress.gb: a number of dollars such as 0.40, not "free"
        sample-client: --prices FILE: line 4: "\\u{1b}[31m" is no pair key = value
        """
            .replace("FILE", mine.toString()),
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void a_file_that_cannot_be_read_is_named_on_one_line() {
    assertEquals(2, run("cost", "--prices=" + folder.resolve("nowhere")));
    assertEquals(
        "sample-client: --prices " + folder.resolve("nowhere") + ": there is no such file\n",
        err.toString());

    assertEquals(2, run("cost", "--prices=" + folder));
    assertEquals("sample-client: --prices " + folder + ": it is a folder\n", err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--idle=1 | idle share: 0 to 0.99, not 1",
        "--idle=-1 | Invalid value for option '--idle': a number such as 0.5, not \"-1\"",
        "--seconds=0 | seconds of a job: 0.0001 to 43140, not 0",
        "--seconds=1e9 | Invalid value for option '--seconds': a number such as 0.5, not \"1e9\"",
        "--slots=x | Invalid value for option '--slots': a whole number of at most 2,147,483,647, not \"x\"",
        "--slots=0 | slots: 1 to 1000, not 0",
        "--receive-fill=11 | messages a receive: 1 to 10, not 11",
        "--payload-bytes=65MiB | bytes of a payload: 1 to 67108864, not 68157440",
        "--payload-bytes=1GB | Invalid value for option '--payload-bytes': bytes such as 1500, 64KiB or 2MiB, not \"1GB\"",
        "--pack=0 | jobs a pack: 1 to 1000, not 0",
        "--pack=1001 | jobs a pack: 1 to 1000, not 1001",
        "--s3-share=101% | share by way of S3: 0 to 1, not 1.01",
        "--nonsense | Unknown option: '--nonsense'; do you mean --no-public-address?",
        "--payload-byte=1 | Unknown option: '--payload-byte=1'; do you mean --payload-bytes?",
        "surplus | Unmatched argument at index 1: 'surplus'",
        "--seconds | Missing required parameter for option '--seconds' (N)",
        "--spot | --spot: there is no price spot.c7i.large; put it into a file for --prices, or give --price-per-hour"
      })
  void bad_input_ends_with_2_and_one_clear_line(String option, String message) {
    assertEquals(2, run("cost", option));
    assertEquals("sample-client: " + message + "\n", err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void an_unknown_type_is_answered_with_those_that_are_known() {
    assertEquals(2, run("cost", "--instance-type=x9.huge"));
    assertEquals(1, err.toString().lines().count());
    assertTrue(err.toString().contains("no price of \"x9.huge\""), err.toString());
    assertTrue(err.toString().contains("c7g.large, "), err.toString());
  }

  @Test
  void the_price_list_can_be_printed_and_read_again() throws IOException {
    assertEquals(0, run("cost", "--print-prices"));
    Path printed = prices(out.toString());
    assertTrue(out.toString().contains("# https://aws.amazon.com/sqs/pricing/"));

    assertEquals(0, run("cost", "--prices=" + printed), err::toString);
  }

  @Test
  void help_teaches_every_option_and_gives_examples_that_run() throws IOException {
    assertEquals(0, run("cost", "--help"));
    String help = out.toString();
    assertTrue(help.lines().allMatch(line -> line.length() <= 100), help);
    Matcher example = Pattern.compile("  sample-client (cost [^\\n\\\\]*)").matcher(help);
    int examples = 0;
    while (example.find()) {
      examples++;
      assertEquals(0, run(example.group(1).split(" +")), example.group() + err);
    }
    assertTrue(examples >= 4, help);
  }

  /** Each block of the page that begins with the command is what the command prints. */
  @Test
  void the_page_shows_what_the_command_prints() {
    String page = Page.of("docs/cost.md").text();
    Matcher block =
        Pattern.compile("```text\n\\$ bin/sample-client (cost[^\n]*)\n(.*?)```", Pattern.DOTALL)
            .matcher(page);
    int blocks = 0;
    while (block.find()) {
      blocks++;
      assertEquals(0, run(block.group(1).split(" +")), err::toString);
      assertEquals(block.group(2), out.toString());
    }
    assertTrue(blocks > 0, "docs/cost.md has lost the example of the command cost");
  }
}
