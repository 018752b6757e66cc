package com.amazonaws.jobprocessor.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;

/** Sets up logback in code, which is quicker than its XML; found by logback as a service. */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String OURS = "com.amazonaws.jobprocessor";
  private static final LogLayout LAYOUT = new LogLayout(Journal.ours().readsOut());

  /**
   * What libraries warn of during an outage, call by call, we say once. Below INFO they would log
   * requests with their signatures and tokens.
   */
  private static final List<String> LIBRARIES = List.of("software.amazon", "org.apache.hc");

  /** From now on every text goes through this, before it is escaped. */
  public static void redact(UnaryOperator<String> operator) {
    LAYOUT.redact(operator);
  }

  /**
   * From now on the worker and executors log from this level on; libraries of the worker log their
   * errors, and with debug or trace what they have to say from INFO on.
   *
   * @param name error, warn, info, debug or trace
   */
  public static void level(String name) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      setLevel(context, Level.toLevel(name, Level.INFO));
    }
  }

  private static void setLevel(LoggerContext context, Level level) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(level);
    context.getLogger(OURS).setLevel(level);
    boolean detailed = Level.INFO.isGreaterOrEqual(level) && level != Level.INFO;
    LIBRARIES.forEach(
        library -> context.getLogger(library).setLevel(detailed ? Level.INFO : Level.ERROR));
    // It logs a stack trace for each message that is no pointer: the failure of a job, told as
    // such.
    context.getLogger("software.amazon.payloadoffloading").setLevel(Level.OFF);
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LAYOUT.setContext(context);
    LAYOUT.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setCharset(StandardCharsets.UTF_8);
    encoder.setLayout(LAYOUT);
    encoder.start();
    OutputStreamAppender<ILoggingEvent> out = new OutputStreamAppender<>();
    out.setContext(context);
    out.setName("out");
    out.setEncoder(encoder);
    // Not System.out, which is the executor's as well; and an error, such as that of a disk that is
    // full for a while, is not to end the log.
    out.setOutputStream(new PrintStream(new FileOutputStream(FileDescriptor.out), false));
    out.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(out);
    // Until the settings are read and an executor is there: our own words only.
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.ERROR);
    context.getLogger(OURS).setLevel(Level.INFO);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
