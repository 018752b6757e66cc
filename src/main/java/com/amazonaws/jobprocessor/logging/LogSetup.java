package com.amazonaws.jobprocessor.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.function.UnaryOperator;

/** Sets up logback in code, which is quicker than its XML; found by logback as a service. */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final LogLayout LAYOUT = new LogLayout(Journal.ours().readsOut());

  /** From now on every text goes through this, before it is escaped. */
  public static void redact(UnaryOperator<String> operator) {
    LAYOUT.redact(operator);
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
    ConsoleAppender<ILoggingEvent> out = new ConsoleAppender<>();
    out.setContext(context);
    out.setName("out");
    out.setEncoder(encoder);
    out.start();
    // What libraries warn of during an outage, call by call, we say once.
    context.getLogger("ROOT").addAppender(out);
    context.getLogger("ROOT").setLevel(Level.ERROR);
    context.getLogger("com.amazonaws.jobprocessor").setLevel(Level.INFO);
    // It logs a stack trace for each message that is no pointer: the failure of a job, told as
    // such.
    context.getLogger("software.amazon.payloadoffloading").setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
