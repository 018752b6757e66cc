package com.amazonaws.jobprocessor.cli;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The commands, in the order of the program's help. To read the options of all of them is most of
 * what a start would take, so a command line gets only the command that it names; the program's own
 * help needs no more than what they are called and what they are for.
 */
enum Commands {
  RUN,
  SUBMIT,
  RESULTS,
  DEAD_LETTERS,
  STATUS,
  REPAIR,
  EXPLAIN,
  CANCEL,
  AUDIT,
  QUEUES,
  FLEET,
  COST,
  GENERATE,
  RUN_LOCAL,
  COMPLETION,
  REPLAY,
  EXPERIMENT,
  HELP;

  /** Arguments for which the program needs no command, if there is no other argument. */
  private static final Set<String> OWN = Set.of("--help", "-h", "--version", "-V");

  /** They describe others, or have another do a part. */
  private static final Set<Commands> NEED_ALL = Set.of(HELP, COMPLETION, RUN_LOCAL);

  String title() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Loads the class of this command only. */
  private Class<?> type() {
    return switch (this) {
      case RUN -> Run.class;
      case SUBMIT -> Submit.class;
      case RESULTS -> Results.class;
      case DEAD_LETTERS -> DeadLetters.class;
      case STATUS -> Status.class;
      case REPAIR -> Repair.class;
      case EXPLAIN -> Explain.class;
      case CANCEL -> Cancel.class;
      case AUDIT -> Audit.class;
      case QUEUES -> QueueCounts.class;
      case FLEET -> Fleet.class;
      case COST -> Cost.class;
      case GENERATE -> Generate.class;
      case RUN_LOCAL -> RunLocal.class;
      case COMPLETION -> Completion.class;
      case REPLAY -> Replay.class;
      case EXPERIMENT -> Experiment.class;
      case HELP -> Help.class;
    };
  }

  /** Adds all of them. */
  static void addAll(CommandLine line) {
    for (Commands command : values()) {
      command.addTo(line);
    }
  }

  /** Adds what these arguments need. */
  static void addFor(List<String> arguments, CommandLine line) {
    if (arguments.isEmpty() || (arguments.size() == 1 && OWN.contains(arguments.getFirst()))) {
      for (Commands command : values()) {
        line.addSubcommand(command.title(), command.outline());
      }
      return;
    }
    for (Commands command : values()) {
      if (command.title().equals(arguments.getFirst()) && !NEED_ALL.contains(command)) {
        command.addTo(line);
        return;
      }
    }
    addAll(line);
  }

  private void addTo(CommandLine line) {
    CommandLine command = new CommandLine(type());
    if (this == COST) {
      CostOption.addTo(command.getCommandSpec());
    }
    line.addSubcommand(title(), command);
  }

  /** What it is called and what it is for. */
  private CommandSpec outline() {
    Command told = type().getAnnotation(Command.class);
    CommandSpec outline = CommandSpec.create().name(title());
    outline.usageMessage().header(told.header()).description(told.description());
    return outline;
  }
}
