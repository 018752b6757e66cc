package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackLine;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which dead letters a command is for. */
final class LetterSelection {
  @Parameters(arity = "0..*", paramLabel = "JOB_ID", description = "ids of the jobs")
  private Set<String> named = new LinkedHashSet<>();

  @Option(
      names = "--ids",
      paramLabel = "FILE",
      description = "file of ids, one a line; - is standard input")
  private String idsFile;

  @Option(names = "--all", description = "all dead letters")
  private boolean all;

  @Mixin private LetterFilter filter;

  private Set<String> ids = Set.of();
  private long seen;
  private boolean someMatch;

  /** Refuses what is invalid, and reads the file of ids. */
  void check(Subcommand command) {
    filter.check(command);
    boolean some = !named.isEmpty() || idsFile != null;
    if (all == some && (all || !filter.isGiven())) {
      throw command.wrong("which dead letters? give ids, --ids FILE, --where or --all");
    }
    Set<String> wanted = new LinkedHashSet<>(named);
    if (idsFile != null) {
      wanted.addAll(Input.ids(idsFile, command.stop()));
      if (wanted.isEmpty()) {
        command.say("there are no ids in \"" + idsFile + "\"");
      }
    }
    ids = some ? wanted : null;
  }

  /** The ids of the jobs; null if they do not matter. */
  Set<String> ids() {
    return ids;
  }

  /** Of some letters those that are meant. */
  List<Delivery> of(List<Delivery> letters) {
    List<Delivery> meant = letters.stream().filter(this::matches).toList();
    seen += letters.size();
    someMatch |= !meant.isEmpty();
    return meant;
  }

  private boolean matches(Delivery letter) {
    return filter.matches(letter)
        && (ids == null || Messages.jobIds(letter).stream().anyMatch(ids::contains));
  }

  /**
   * True if a refused pack is meant since some of its jobs are named: neither the pack is, nor are
   * all of its jobs.
   */
  boolean namesOnlySomeOf(Delivery letter) {
    List<String> jobs = Messages.jobIds(letter);
    return ids != null
        && !ids.contains(jobs.getFirst())
        && (jobs.size() <= PackLine.split(letter.body()).size()
            || !ids.containsAll(jobs.subList(1, jobs.size())));
  }

  /** The first id that names a letter. */
  String nameOf(Delivery letter) {
    return Messages.jobIds(letter).stream().filter(ids::contains).findFirst().orElseThrow();
  }

  /** Says which ids were not found, or that nothing matches; returns the exit status. */
  int sayUnknown(Subcommand command, Set<String> found, String what) {
    if (ids == null) {
      if (filter.isGiven() && !someMatch) {
        command.say(LetterFilter.noneMatches(seen));
      }
      return Subcommand.DONE;
    }
    List<String> unknown = ids.stream().filter(id -> !found.contains(id)).toList();
    unknown.forEach(id -> command.say(what + id));
    return unknown.isEmpty() ? Subcommand.DONE : Subcommand.INCOMPLETE;
  }
}
