package com.amazonaws.jobprocessor.logging;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LogbackServiceProvider;
import ch.qos.logback.core.CoreConstants;

/**
 * Logback without its search for a configuration in every jar, which the start would wait for. By
 * name ({@code -Dslf4j.provider} in {@code bin/daemon-jvm.sh}); without it, logback finds {@link
 * LogSetup} as a service, later and to the same end.
 */
public final class LogProvider extends LogbackServiceProvider {
  @Override
  public void initialize() {
    LoggerContext context = (LoggerContext) getLoggerFactory();
    context.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
    context.setMDCAdapter(getMDCAdapter());
    new LogSetup().configure(context);
    context.start();
  }
}
