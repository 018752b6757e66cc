package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.cost.Forecast;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.cost.Workload;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code cost}: what a million jobs cost. */
@Command(
    name = "cost",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Estimates what a million jobs cost, item by item, and says what dominates.",
      "Reckons only: makes no call, needs no AWS account. Jobs are taken to succeed at once.",
      "A worker's log tells real figures when it stops: its line \"estimated cost\"."
    },
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {"0:done", "2:the command line or the price file makes no sense"},
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client cost --seconds 0.05 --slots 8 --instance-type c7g.xlarge",
      "                         short jobs: requests and compute cost about the same",
      "  sample-client cost --seconds 300 --expected-secs 60 --idle 40%%",
      "                         long jobs on boxes that wait for 40 %% of their time",
      "  sample-client cost --job-table --payload-bytes 10KiB --result-bytes 200KiB",
      "                         each job once; results of four chunks of 64 KiB",
      "  sample-client cost --s3-share 10%% --s3-bytes 20MiB --nat-gb 5",
      "                         a tenth by way of S3, from a private subnet",
      "  echo 'spot.c7g.large = 0.0312' > mine; sample-client cost --prices mine --spot \\",
      "                         --instance-type c7g.large"
    })
final class Cost implements Callable<Integer> {
  @Mixin private CostInputs inputs;

  @Option(
      names = "--instance-type",
      paramLabel = "TYPE",
      defaultValue = "c7i.large",
      description = "the boxes' type (default: c7i.large); its price is in the price list")
  private String type;

  @Option(
      names = "--spot",
      description = "spot instances; their price has to be in --prices as spot.TYPE")
  private boolean spot;

  @Option(
      names = "--price-per-hour",
      paramLabel = "DOLLARS",
      converter = CostInputs.Decimal.class,
      description = "of a box, in place of its type's price")
  private BigDecimal hour;

  @Option(
      names = "--disk-gb",
      paramLabel = "N",
      defaultValue = "8",
      description = "GB of a box's gp3 disk (default: 8, the image's)")
  private int diskGb;

  @Option(
      names = "--no-public-address",
      description = "boxes without a public IPv4 address, which costs by the hour")
  private boolean noAddress;

  @Option(
      names = "--prices",
      paramLabel = "FILE",
      description = "prices in place of those that come with the program: lines key = value")
  private Path prices;

  @Option(
      names = "--print-prices",
      description = "print the price list that comes with the program, with its sources, and end")
  private boolean printPrices;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (printPrices) {
      out.print(PriceList.builtIn());
      out.flush();
      return 0;
    }
    try {
      Prices list = PriceList.read(prices);
      Workload workload = inputs.workload();
      Tariff.Box box = new Tariff.Box(priceOfHour(list), diskGb, !noAddress);
      Tariff tariff = new Tariff(list, workload.messages().fifo(), box);
      Bill bill = Bill.of(Forecast.of(workload), tariff);
      new CostTable(out).print(workload, bill, list, nameOf(box));
      out.flush();
      return 0;
    } catch (IllegalArgumentException e) {
      return refuse(spec.commandLine(), List.of(e.getMessage()));
    } catch (PriceList.Refused e) {
      return refuse(spec.commandLine(), e.lines());
    }
  }

  private BigDecimal priceOfHour(Prices list) {
    if (hour != null) {
      return hour;
    }
    Optional<BigDecimal> price = spot ? list.spot(type) : list.instance(type);
    return price.orElseThrow(() -> new IllegalArgumentException(unknownPrice(list)));
  }

  private String unknownPrice(Prices list) {
    String shown = Text.cell(type, 40);
    return spot
        ? "--spot: there is no price spot."
            + shown
            + "; put it into a file for --prices, or give --price-per-hour"
        : "--instance-type: no price of \""
            + shown
            + "\"; give --price-per-hour, or one of "
            + String.join(", ", list.instances());
  }

  private String nameOf(Tariff.Box box) {
    String what = hour != null ? "a box" : "a " + (spot ? "spot " : "") + type;
    return what + " at $" + box.hour().stripTrailingZeros().toPlainString() + " an hour";
  }

  /** One line, where other commands print their whole help. */
  static int refuse(CommandLine.ParameterException e) {
    List<String> near =
        e instanceof CommandLine.UnmatchedArgumentException unknown
            ? unknown.getSuggestions()
            : List.of();
    String hint = near.isEmpty() ? "" : "; do you mean " + near.getFirst() + "?";
    return refuse(e.getCommandLine(), List.of(e.getMessage() + hint));
  }

  private static int refuse(CommandLine line, List<String> problems) {
    PrintWriter err = line.getErr();
    problems.forEach(problem -> err.println("sample-client: " + Text.oneLine(problem)));
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
