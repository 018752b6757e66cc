package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.MetadataVariables;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.OwnExecutors;
import com.amazonaws.jobprocessor.config.Problem;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.config.Source;
import com.amazonaws.jobprocessor.logging.LogLayout;
import com.amazonaws.jobprocessor.machine.Home;
import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.plugin.ExecutorLoader;
import com.amazonaws.jobprocessor.plugin.ExecutorProblem;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Everything that must be right before the worker starts: settings, region, executor. */
final class Preparation {
  /** What can be part of a host name; servers that play AWS take any. */
  private static final Pattern REGION = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  private final CommandLine commandLine;
  private final Home home;
  private final Instance instance;

  Preparation(CommandLine commandLine, Home home, Instance instance) {
    this.commandLine = commandLine;
    this.home = home;
    this.instance = instance;
  }

  /**
   * Reads the settings of the image and of the user data; problems are not thrown but kept in the
   * configuration.
   *
   * @throws StartRefused if a file cannot be read, or it is not known where to ask for user data
   */
  Configuration configuration() throws StartRefused, InterruptedException {
    checkMetadataVariables();
    List<Source> sources = new ArrayList<>();
    if (!Files.notExists(home.conf())) { // what cannot be seen is said when it is read
      sources.add(new Source("conf/job-processor.conf", UserFile.conf(home.conf())));
    }
    if (!commandLine.offline() || !needsInstanceForUserData()) {
      sources.add(userData());
    }
    return Configuration.read(sources, Runtime.getRuntime().availableProcessors());
  }

  private static void checkMetadataVariables() throws StartRefused {
    try {
      MetadataVariables.check(System.getenv());
    } catch (InvalidEnvironment e) {
      throw StartRefused.badSettings(String.valueOf(e.getMessage()));
    }
  }

  /** True if neither text nor file is given, and the instance may be asked for the user data. */
  boolean needsInstanceForUserData() {
    return commandLine.userData() == null
        && commandLine.userDataFile() == null
        && instance.mayAsk();
  }

  private Source userData() throws StartRefused, InterruptedException {
    if (commandLine.userData() != null) {
      return new Source("--user-data", commandLine.userData());
    }
    if (commandLine.userDataFile() != null) {
      return new Source(
          "--user-data-file", UserFile.userData(commandLine.userDataFile(), System.in));
    }
    if (!instance.mayAsk()) {
      throw StartRefused.badSettings(
          "no user data: instance metadata is switched off (AWS_EC2_METADATA_DISABLED=true);"
              + " give --user-data TEXT or --user-data-file FILE");
    }
    return new Source("user data", instance.userData());
  }

  /**
   * Loads and configures the executor.
   *
   * @throws StartRefused with everything that is wrong with settings and executor, if anything is
   */
  LoadedExecutor executor(Configuration configuration) throws StartRefused {
    List<String> problems = new ArrayList<>();
    if (commandLine.userData() != null) {
      addMessages(problems, Configuration.refusedOnCommandLine(commandLine.userData()));
    }
    addMessages(problems, configuration.problems());
    if (instance.isLikely()) {
      addMessages(problems, configuration.problemsOnEc2());
    }
    Optional<LoadedExecutor> executor =
        configuration.executor().flatMap(wanted -> load(wanted, problems));
    if (!problems.isEmpty()) {
      executor.ifPresent(LoadedExecutor::close);
      throw StartRefused.badSettings(problems);
    }
    return executor.orElseThrow();
  }

  /** Said of a state folder in which no note can be kept: the worker goes on without. */
  Optional<Warning> stateWarning() {
    return StartLog.ofStateFolder(home.state());
  }

  private static void addMessages(List<String> messages, List<Problem> problems) {
    problems.stream().map(Problem::message).forEach(messages::add);
  }

  private Optional<LoadedExecutor> load(Settings.Executor wanted, List<String> problems) {
    try {
      return Optional.of(
          new ExecutorLoader(home.lib()).load(wanted.className(), wanted.settings()));
    } catch (ExecutorProblem e) {
      String near = e.isMissing() ? OwnExecutors.nearest(wanted.className()) : null;
      String hint = near == null ? "" : "; or did you mean " + near + "?";
      e.lines().forEach(line -> problems.add(line + hint));
      return Optional.empty();
    }
  }

  /** The region by setting, environment, profile or instance. */
  String region(Configuration configuration) throws StartRefused, InterruptedException {
    Optional<String> region = knownRegion(configuration);
    if (region.isEmpty() && instance.mayAsk()) {
      region = instance.region();
    }
    return region.orElseThrow(Preparation::noRegion);
  }

  /**
   * As {@link #region}, but does not wait.
   *
   * @throws IOException if the instance does not answer
   */
  String regionAtOnce(Configuration configuration) throws StartRefused, IOException {
    Optional<String> region = knownRegion(configuration);
    if (region.isEmpty() && instance.mayAsk()) {
      region = instance.regionAtOnce();
    }
    return region.orElseThrow(Preparation::noRegion);
  }

  private static StartRefused noRegion() {
    return StartRefused.badSettings(
        "aws_region: not set, and neither AWS_REGION nor a profile nor instance metadata tells it;"
            + " set aws_region, e.g. aws_region=us-east-1");
  }

  /**
   * The region as far as it is known without a network call; empty if the instance has to tell it.
   *
   * @throws StartRefused if it cannot be asked, or what is set is no region
   */
  Optional<String> regionOffline(Configuration configuration) throws StartRefused {
    Optional<String> region = knownRegion(configuration);
    if (region.isEmpty() && !instance.mayAsk()) {
      throw noRegion();
    }
    return region;
  }

  private Optional<String> knownRegion(Configuration configuration) throws StartRefused {
    String set = configuration.settings().region();
    if (set != null) {
      return Optional.of(set);
    }
    try {
      Optional<String> region = InvalidEnvironment.check(AwsAccess::regionOfEnvironment);
      if (region.isPresent() && !REGION.matcher(region.get()).matches()) {
        throw StartRefused.badSettings(noRegionByName(region.get()));
      }
      return region;
    } catch (InvalidEnvironment e) {
      throw StartRefused.badSettings(String.valueOf(e.getMessage()));
    }
  }

  /** The SDK encodes what it reads; users know it as they wrote it. */
  private static String noRegionByName(String region) {
    String variable = System.getenv("AWS_REGION");
    return (variable == null ? "the profile's region" : "AWS_REGION")
        + ": \""
        + LogLayout.oneLine(variable == null ? region : variable)
        + "\" is no region; name one such as us-east-1";
  }
}
