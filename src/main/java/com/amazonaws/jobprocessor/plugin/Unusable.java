package com.amazonaws.jobprocessor.plugin;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a class that the JVM could not load or make, and what to do. */
final class Unusable {
  private static final Pattern VERSION = Pattern.compile("class file version (\\d+)");
  private static final int VERSION_OF_JAVA_0 = 44;

  private Unusable() {}

  static String why(Throwable t, Jars jars) {
    return switch (t) {
      case ClassNotFoundException e when e.getCause() != null ->
          "cannot be read: " + ExecutorErrorText.of(e.getCause());
      case ClassNotFoundException _ -> "is in none of " + jars + "; put its jar there";
      case UnsupportedClassVersionError e -> version(e);
      case ExceptionInInitializerError e ->
          "a static initialiser failed: "
              + ExecutorErrorText.of(e.getCause() == null ? e : e.getCause());
      case NoClassDefFoundError e when e.getCause() instanceof ClassNotFoundException ->
          "needs the class "
              + ExecutorErrorText.messageOf(e, Map.of()).replace('/', '.')
              + ", which is in none of "
              + jars
              + "; put its jar there";
      default -> "cannot be loaded: " + ExecutorErrorText.of(t);
    };
  }

  /** The class of the wrong version may be one that the executor needs: the JVM names it. */
  private static String version(UnsupportedClassVersionError e) {
    String message = String.valueOf(e.getMessage());
    Matcher version = VERSION.matcher(message);
    int own = Runtime.version().feature();
    if (!version.find() || Integer.parseInt(version.group(1)) - VERSION_OF_JAVA_0 <= own) {
      return "cannot be loaded: " + ExecutorErrorText.of(e); // a preview feature, for one
    }
    return message.split(" ", 2)[0].replace('/', '.')
        + " is built for Java "
        + (Integer.parseInt(version.group(1)) - VERSION_OF_JAVA_0)
        + "; this worker runs Java "
        + own
        + ": build it with --release "
        + own
        + " or less";
  }
}
