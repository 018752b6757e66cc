package com.amazonaws.jobprocessor.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Set;

/** Asks whoever sits at the terminal. */
final class Question {
  private static final Set<String> YES = Set.of("y", "yes");
  private static final int MAX_ANSWER = 100;

  private Question() {}

  /**
   * Asks on standard error and reads a line of standard input; anything but y or yes is a no.
   *
   * @throws UserError if nobody can be asked
   */
  static boolean ask(Subcommand command, String question) throws Exception {
    if (!Terminal.isTerminal(0)) {
      throw new UserError(
          question + " Nobody can be asked, since standard input is no terminal; give --yes");
    }
    command.err().print(question + " [y/N] ");
    command.err().flush();
    return isYes(command.stop().unless(() -> line(System.in)));
  }

  /**
   * Asks for a word on standard error, and reads a line of standard input.
   *
   * @return true if just that word is typed
   * @throws UserError if nobody can be asked
   */
  static boolean isTyped(Subcommand command, String question, String word) throws Exception {
    if (!Terminal.isTerminal(0)) {
      throw new UserError(
          question + " nobody can be asked, since standard input is no terminal; give --yes");
    }
    command.err().print(question + " ");
    command.err().flush();
    return command.stop().unless(() -> line(System.in)).strip().equals(word);
  }

  static boolean isYes(String answer) {
    return YES.contains(answer.strip().toLowerCase(Locale.ROOT));
  }

  /** Byte by byte: what follows the line is left to others. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0 && c != '\n' && line.length() < MAX_ANSWER; c = in.read()) {
      line.append((char) c);
    }
    return line.toString();
  }
}
