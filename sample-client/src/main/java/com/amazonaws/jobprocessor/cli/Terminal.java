package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** What the terminal can do, if there is one. */
final class Terminal {
  /** The width of lines that nobody sees on a terminal. */
  static final int NO_LIMIT = 1_000_000;

  private static final Size USUAL = new Size(24, 80);
  private static final int NARROWEST = 40;

  /** How many lines it has, and how many characters a line. */
  record Size(int rows, int columns) {
    /** As {@code stty size} prints it; what it does not know is as usual. */
    static Size parse(String size) {
      int rows = number(size.substring(0, Math.max(0, size.indexOf(' '))));
      int columns = number(size.substring(size.indexOf(' ') + 1));
      return new Size(
          rows > 0 ? rows : USUAL.rows(),
          Math.max(NARROWEST, columns > 0 ? columns : USUAL.columns()));
    }
  }

  private Terminal() {}

  /** True if the descriptor (0, 1 or 2) is a terminal. */
  static boolean isTerminal(int descriptor) {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  /** True if what stands on standard output can be replaced. */
  static boolean canRedraw() {
    return isTerminal(1) && !isDumb();
  }

  /** True if no terminal is known to understand more than text: no colours, nothing drawn twice. */
  static boolean isDumb() {
    return System.getenv().getOrDefault("TERM", "dumb").equals("dumb");
  }

  /** How many characters a line of standard output may have. */
  static int width() {
    if (!isTerminal(1)) {
      return NO_LIMIT;
    }
    int columns = number(System.getenv().getOrDefault("COLUMNS", ""));
    return columns > 0 ? Math.max(NARROWEST, columns) : sizeByStty().columns();
  }

  /** The size of standard output, if that is a terminal. */
  static Size size() {
    return isTerminal(1) ? new Size(sizeByStty().rows(), width()) : new Size(NO_LIMIT, NO_LIMIT);
  }

  private static Size sizeByStty() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(new File("/dev/tty"))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!stty.waitFor(1, TimeUnit.SECONDS)) {
        stty.destroyForcibly();
        return USUAL;
      }
      return Size.parse(new String(stty.getInputStream().readAllBytes(), UTF_8).strip());
    } catch (IOException e) {
      return USUAL;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return USUAL;
    }
  }

  private static int number(String text) {
    return text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
  }

  /** What a command shows while it works; nothing unless standard error is a terminal. */
  interface Progress extends AutoCloseable {
    void step(long count);

    /** Shows it for the last time; what is printed afterwards stands below it. */
    void finish();

    @Override
    default void close() {
      finish();
    }
  }

  /** Shows nothing. */
  static Progress noProgress() {
    return new NoProgress();
  }

  /**
   * A progress bar.
   *
   * @param max where it ends; -1 if nobody knows
   */
  static Progress progress(String task, long max) {
    return progress(task, max, "jobs");
  }

  /**
   * A progress bar.
   *
   * @param max where it ends; -1 if nobody knows
   * @param unit what is counted
   */
  static Progress progress(String task, long max, String unit) {
    if (!isTerminal(2) || isDumb()) {
      return new NoProgress();
    }
    boolean plain = !System.getenv().getOrDefault("NO_COLOR", "").isEmpty();
    return new Bar(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .setUnit(" " + unit, 1)
            .showSpeed()
            .setStyle(
                plain ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .build());
  }

  private static final class NoProgress implements Progress {
    @Override
    public void step(long count) {}

    @Override
    public void finish() {}
  }

  private static final class Bar implements Progress {
    private final ProgressBar bar;
    private boolean finished;

    Bar(ProgressBar bar) {
      this.bar = bar;
    }

    @Override
    public void step(long count) {
      bar.stepBy(count);
    }

    @Override
    public void finish() {
      if (finished) {
        return;
      }
      finished = true;
      if (bar.isIndefinite()) {
        bar.maxHint(bar.getCurrent()); // what came is all there was
      }
      bar.close();
    }
  }
}
