package com.amazonaws.jobprocessor.executors;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the script among the words of a command, where it is certain which one that is: an
 * interpreter that cannot open its script fails every job.
 */
final class Script {
  /** Programs that run the rest of their words as a command, here and with the same files. */
  private static final Set<String> WRAPPERS =
      Set.of("env", "ionice", "nice", "nohup", "stdbuf", "timeout");

  /** What they may have before it; none that changes the folder, the PATH or the words. */
  private static final Pattern WORD_OF_WRAPPER =
      Pattern.compile("[0-9.]+[smhd]?|(?!PATH=)\\w+=.*|-(?!C|S|-chdir|-split).*", Pattern.DOTALL);

  private static final Pattern VERSION = Pattern.compile("[0-9.]+$");

  /** The options of interpreters that take no value and leave the next word what it is. */
  private static final Map<String, Pattern> OPTIONS =
      Map.of(
          "python", Pattern.compile("-[BbdEIOPqRsSuv]+|--"),
          "pypy", Pattern.compile("-[BbdEIOqRsSuv]+|--"),
          "perl", Pattern.compile("-[tTUwWX]+|--"),
          "ruby", Pattern.compile("-[vw]+|--"),
          "sh", Pattern.compile("-[abefhkmnuvxCE]+|--"),
          "bash", Pattern.compile("-[abefhkmnuvxBCEHPT]+|--"),
          "dash", Pattern.compile("-[abefhkmnuvxCE]+|--"),
          "zsh", Pattern.compile("-[abefhkmnuvxCE]+|--"),
          "Rscript", Pattern.compile("--vanilla|--no-\\w+"),
          "node", Pattern.compile("--"));

  /** Without such an end a word may be one of node's own commands, a folder, or a module. */
  private static final Pattern NODE_FILE = Pattern.compile(".*\\.[cm]?js", Pattern.DOTALL);

  private Script() {}

  /** The word that names the script; null if there is none or it is not certain. */
  static @Nullable String in(List<String> words) {
    int at = afterWrappers(words);
    String interpreter = at < words.size() ? name(words.get(at)) : "";
    if (interpreter.equals("java")) {
      return jar(words.subList(at + 1, words.size()));
    }
    Pattern options = OPTIONS.get(interpreter);
    if (options == null) {
      return null;
    }
    at++;
    while (at < words.size() && options.matcher(words.get(at)).matches()) {
      at++;
    }
    String word = at < words.size() ? words.get(at) : "";
    boolean isFile = !interpreter.equals("node") || NODE_FILE.matcher(word).matches();
    return word.isEmpty() || word.startsWith("-") || !isFile ? null : word;
  }

  private static int afterWrappers(List<String> words) {
    int at = 0;
    while (at < words.size() && WRAPPERS.contains(name(words.get(at)))) {
      at++;
      while (at < words.size() && WORD_OF_WRAPPER.matcher(words.get(at)).matches()) {
        at++;
      }
    }
    return at;
  }

  private static String name(String program) {
    String name = program.substring(program.lastIndexOf('/') + 1);
    return VERSION.matcher(name).replaceFirst("");
  }

  private static @Nullable String jar(List<String> arguments) {
    for (int i = 0; i + 1 < arguments.size() && arguments.get(i).startsWith("-"); i++) {
      if (arguments.get(i).equals("-jar")) {
        return arguments.get(i + 1);
      }
    }
    return null;
  }
}
