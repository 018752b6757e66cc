package com.amazonaws.jobprocessor.cli;

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
    exitCodeList = {
      "0:done",
      "1:something went wrong",
      "2:the command line or the price file is invalid"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sample-client cost --seconds 0.05 --slots 8 --instance-type c7g.xlarge",
      "                         short jobs: requests and compute cost about the same",
      "  sample-client cost --seconds 0.001 --pack 100 --result-pack --payload-bytes 100 --result-bytes 260",
      "                         very short ones, in packs",
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
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path file = CostOption.PRICES.file(spec);
    try {
      Prices list = PriceList.read(file);
      if (CostOption.PRINT_PRICES.isSet(spec)) {
        out.print(PriceList.text(file));
        out.flush();
        return 0;
      }
      Workload workload = CostOption.workload(spec);
      Tariff.Box box =
          new Tariff.Box(
              priceOfHour(list),
              CostOption.DISK_GB.integer(spec),
              !CostOption.NO_PUBLIC_ADDRESS.isSet(spec));
      Tariff tariff = new Tariff(list, workload.messages().fifo(), box);
      Bill bill = Bill.of(Forecast.of(workload), tariff);
      if (CostOption.JSON.isSet(spec)) {
        out.println(CostJson.of(workload, bill, list, box));
      } else {
        new CostTable(out).print(workload, bill, list, nameOf(box));
      }
      out.flush();
      return 0;
    } catch (IllegalArgumentException e) {
      return refuse(spec.commandLine(), List.of(e.getMessage()));
    } catch (PriceList.Refused e) {
      return refuse(spec.commandLine(), e.lines());
    }
  }

  private BigDecimal priceOfHour(Prices list) {
    BigDecimal hour = CostOption.PRICE_PER_HOUR.decimal(spec);
    if (hour != null) {
      return hour;
    }
    String type = CostOption.INSTANCE_TYPE.text(spec);
    Optional<BigDecimal> price =
        CostOption.SPOT.isSet(spec) ? list.spot(type) : list.instance(type);
    return price.orElseThrow(() -> new IllegalArgumentException(unknownPrice(list)));
  }

  private String unknownPrice(Prices list) {
    String shown = Text.cell(CostOption.INSTANCE_TYPE.text(spec), 40);
    return CostOption.SPOT.isSet(spec)
        ? "--spot: there is no price spot."
            + shown
            + "; put it into a file for --prices, or give --price-per-hour"
        : "--instance-type: no price of \""
            + shown
            + "\"; give --price-per-hour, or one of "
            + String.join(", ", list.instances());
  }

  private String nameOf(Tariff.Box box) {
    String what =
        CostOption.PRICE_PER_HOUR.decimal(spec) != null
            ? "a box"
            : "a "
                + (CostOption.SPOT.isSet(spec) ? "spot " : "")
                + CostOption.INSTANCE_TYPE.text(spec);
    return what + " at $" + box.hour().stripTrailingZeros().toPlainString() + " an hour";
  }

  private static int refuse(CommandLine line, List<String> problems) {
    PrintWriter err = line.getErr();
    problems.forEach(problem -> err.println("sample-client: " + Text.oneLine(problem)));
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }
}
