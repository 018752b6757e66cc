package com.amazonaws.jobprocessor.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.boss.boxes.GroupBoxes;
import com.amazonaws.jobprocessor.boss.boxes.LaunchedBoxes;
import com.amazonaws.jobprocessor.boss.night.WindowBoxes;
import com.amazonaws.jobprocessor.boss.plan.BoxTerms;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Problem;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.config.Source;
import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The boxes that the hours bring, and what a box can do and costs. */
final class FleetOptions {
  private static final int MAX_BOXES = 1_000;
  private static final int MAX_SLOTS = 1_000;

  /** GB of the image's root volume. */
  private static final int DISK_GB = 8;

  /** What EC2 takes of user data, before it is encoded. */
  private static final int MAX_USER_DATA = 16_384;

  @Option(
      names = "--fleet-image",
      paramLabel = "AMI",
      description =
          "image with a worker, as packer/ami.pkr.hcl builds it: the hours launch boxes from it at"
              + " their start, and terminate them when nothing is left")
  private String image;

  @Option(
      names = "--fleet-group",
      paramLabel = "NAME",
      description =
          "Auto Scaling group instead of an image: the hours raise its desired capacity, and set it"
              + " to its minimum when nothing is left")
  private String group;

  @Option(
      names = "--fleet-boxes",
      paramLabel = "COUNT",
      description =
          "how many boxes (default: as many as finish before the hours are over, as measured)")
  private Integer boxes;

  @Option(
      names = "--fleet-max-boxes",
      paramLabel = "COUNT",
      defaultValue = "10",
      description = "never more boxes than these (default: ${DEFAULT-VALUE})")
  private int maxBoxes;

  @Option(
      names = "--fleet-end-within",
      paramLabel = "MINUTES",
      defaultValue = "60",
      description =
          "so long after the hours the boxes are ended even if they are still at work (default:"
              + " ${DEFAULT-VALUE})")
  private int endWithin;

  @Option(
      names = "--fleet-type",
      paramLabel = "TYPE",
      defaultValue = "c7i.large",
      description = "instance type (default: ${DEFAULT-VALUE})")
  private String type;

  @Option(names = "--fleet-spot", description = "spot instances")
  private boolean spot;

  @Option(
      names = "--fleet-role",
      paramLabel = "PROFILE",
      description = "name or ARN of the instance profile")
  private String profile;

  @Option(
      names = "--fleet-subnet",
      paramLabel = "ID",
      description = "subnet (default: one of the default VPC's)")
  private String subnet;

  @Option(
      names = "--fleet-security-group",
      paramLabel = "ID",
      description = "security group; may be given several times (default: the VPC's default group)")
  private List<String> securityGroups = new ArrayList<>();

  @Option(
      names = "--fleet-user-data-file",
      paramLabel = "FILE",
      description = "settings of the workers (default: the names of the three queues)")
  private Path userDataFile;

  @Option(
      names = "--box-slots",
      paramLabel = "COUNT",
      description =
          "tasks at the same time on a box, for the plan before anything is measured (default: the"
              + " user data's concurrency, else 2)")
  private Integer slots;

  @Option(
      names = "--box-boot",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description =
          "from a box's launch until it takes tasks, for the plan (default: ${DEFAULT-VALUE})")
  private int boot;

  @Option(
      names = "--box-price",
      paramLabel = "DOLLARS",
      description =
          "dollars an hour of a box's instance, for the plan (default: the list price of --fleet-type)")
  private BigDecimal price;

  /** Opens what brings boxes. */
  interface Opener {
    WindowBoxes open(Boxes boxes);
  }

  /**
   * What was asked for.
   *
   * @param opener null if boxes are others' business
   * @param fixed 0 for as many as the planner says
   */
  record Asked(Optional<Opener> opener, int fixed, int max, Duration endWithin, BoxTerms terms) {}

  /** Checks what was given. */
  Asked read(Office.QueueNames queues) {
    need(image == null || group == null, "give --fleet-image or --fleet-group, not both");
    need(
        boxes == null || image != null || group != null,
        "--fleet-boxes needs --fleet-image or --fleet-group");
    need(
        maxBoxes >= 1 && maxBoxes <= MAX_BOXES, "--fleet-max-boxes: allowed are 1 to " + MAX_BOXES);
    need(
        boxes == null || (boxes >= 1 && boxes <= maxBoxes),
        "--fleet-boxes: allowed are 1 to --fleet-max-boxes, which is " + maxBoxes);
    need(endWithin >= 0 && endWithin <= 1_440, "--fleet-end-within: allowed are 0 to 1440");
    need(boot >= 0 && boot <= 3_600, "--box-boot: allowed are 0 to 3600");
    need(
        slots == null || (slots >= 1 && slots <= MAX_SLOTS),
        "--box-slots: allowed are 1 to " + MAX_SLOTS);
    String userData = userData(queues);
    BoxTerms terms =
        new BoxTerms(
            slots == null ? slotsOf(userData) : slots,
            Duration.ofSeconds(boot),
            tariff(),
            maxBoxes);
    return new Asked(
        opener(queues, userData),
        boxes == null ? 0 : boxes,
        maxBoxes,
        Duration.ofMinutes(endWithin),
        terms);
  }

  private static void need(boolean good, String otherwise) {
    if (!good) {
      throw new UserError(otherwise);
    }
  }

  private Optional<Opener> opener(Office.QueueNames queues, String userData) {
    if (group != null) {
      return Optional.of(boxes -> new GroupBoxes(boxes, group, maxBoxes));
    }
    if (image == null) {
      return Optional.empty();
    }
    LaunchedBoxes.Kind kind =
        new LaunchedBoxes.Kind(
            new Launch.Machine(image, type, spot, profile, null),
            new Launch.Network(subnet, securityGroups),
            queues.backlog(),
            userData);
    return Optional.of(boxes -> new LaunchedBoxes(boxes, kind, maxBoxes));
  }

  /** The user data, which a worker of our queues would start with. */
  private String userData(Office.QueueNames queues) {
    if (userDataFile == null) {
      return "job_backlog_queue_name=%s\nresults_queue_name=%s\ndead_letter_queue_name=%s\n"
          .formatted(queues.backlog(), queues.results(), queues.letters());
    }
    String text;
    try {
      text = Files.readString(userDataFile, UTF_8);
    } catch (IOException e) {
      throw new UserError("cannot read --fleet-user-data-file " + userDataFile, e);
    }
    need(
        text.getBytes(UTF_8).length <= MAX_USER_DATA,
        "--fleet-user-data-file has more than "
            + MAX_USER_DATA
            + " bytes, which is what EC2 takes");
    Configuration configuration = configuration(text);
    List<String> problems = configuration.problems().stream().map(Problem::message).toList();
    need(
        problems.isEmpty(),
        "no worker would start with --fleet-user-data-file: " + String.join("; ", problems));
    Settings.Queues theirs = configuration.settings().queues();
    need(
        theirs.backlog().equals(queues.backlog())
            && theirs.results().equals(queues.results())
            && theirs.deadLetters().equals(queues.letters()),
        "--fleet-user-data-file names other queues than the boss's: "
            + theirs.backlog()
            + ", "
            + theirs.results()
            + ", "
            + theirs.deadLetters());
    return text;
  }

  private static Configuration configuration(String text) {
    // Their processors are not known here.
    return Configuration.read(List.of(new Source("user data", text)), 2);
  }

  private static int slotsOf(String userData) {
    return configuration(userData).settings().work().concurrency();
  }

  private Tariff tariff() {
    Prices prices;
    try (InputStream in = FleetOptions.class.getResourceAsStream(Prices.RESOURCE)) {
      if (in == null) {
        throw new IOException("the program has lost " + Prices.RESOURCE);
      }
      prices = Prices.read(new String(in.readAllBytes(), UTF_8)).prices();
    } catch (IOException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
    BigDecimal hour =
        price != null
            ? price
            : prices
                .instance(type)
                .orElseThrow(
                    () ->
                        new UserError(
                            "the price of " + type + " is not known here; give --box-price"));
    try {
      return new Tariff(prices, false, new Tariff.Box(hour, DISK_GB, true));
    } catch (IllegalArgumentException e) {
      throw new UserError("--box-price: " + e.getMessage(), e);
    }
  }

  /** The boxes of a region. */
  static Boxes boxes(String region) throws InvalidEnvironment {
    try {
      return FleetJars.boxes(region, null);
    } catch (IOException e) {
      throw new UserError(String.valueOf(e.getMessage()), e);
    }
  }
}
