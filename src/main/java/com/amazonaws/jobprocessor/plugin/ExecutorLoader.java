package com.amazonaws.jobprocessor.plugin;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobExecutor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds and loads the one executor, in its own class loader: every way to fail is one line for the
 * user.
 */
public final class ExecutorLoader {
  private static final String BUILT_IN = "com.amazonaws.jobprocessor.executors.";
  private final Path libFolder;

  /**
   * A loader.
   *
   * @param libFolder the folder whose {@code *.jar} hold executors; its subfolders do not count;
   *     may not exist
   */
  public ExecutorLoader(Path libFolder) {
    this.libFolder = libFolder;
  }

  /**
   * Loads, makes and configures an executor.
   *
   * @param className fully qualified; a class of the package {@code executors} that comes with the
   *     worker, or one in a jar
   * @param settings the values of {@code executor.NAME} by NAME
   * @throws ExecutorProblem if anything is wrong with it
   */
  public LoadedExecutor load(String className, Map<String, String> settings)
      throws ExecutorProblem {
    Jars jars = Jars.in(libFolder);
    ClassLoader own = getClass().getClassLoader();
    URLClassLoader jarLoader =
        new URLClassLoader("executors", jars.urls(), new ApiClassLoader(own));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jarLoader);
    try {
      Class<?> found =
          isBuiltIn(className) ? find(className, jars, own) : inJars(className, jars, jarLoader);
      JobExecutor executor = make(className, require(className, found), jars);
      configure(executor, className, settings);
      return new LoadedExecutor(executor, jarLoader);
    } catch (ExecutorProblem e) {
      close(jarLoader);
      throw e;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Users may have a package of this name, too. */
  private boolean isBuiltIn(String className) {
    return className.startsWith(BUILT_IN)
        && getClass().getClassLoader().getResource(className.replace('.', '/') + ".class") != null;
  }

  private static Class<?> inJars(String className, Jars jars, ClassLoader loader)
      throws ExecutorProblem {
    jars.check(className);
    return find(className, jars, loader);
  }

  private static Class<?> find(String className, Jars jars, ClassLoader loader)
      throws ExecutorProblem {
    try {
      return Class.forName(className, true, loader);
    } catch (Throwable t) { // a static initialiser's Error arrives as it is
      String why = Unusable.why(t, jars);
      if (!(t instanceof ClassNotFoundException) || t.getCause() != null) {
        throw ExecutorProblem.of(className, why);
      }
      List<String> alike = jars.alike(className);
      throw alike.isEmpty()
          ? ExecutorProblem.missing(className, why)
          : ExecutorProblem.of(
              className, why + "; or did you mean " + String.join(" or ", alike) + "?");
    }
  }

  private static Class<? extends JobExecutor> require(String className, Class<?> found)
      throws ExecutorProblem {
    if (!JobExecutor.class.isAssignableFrom(found)) {
      throw ExecutorProblem.of(className, "does not implement " + JobExecutor.class.getName());
    }
    if (!Modifier.isPublic(found.getModifiers())) {
      throw ExecutorProblem.of(className, "is not public; make the class public");
    }
    if (Modifier.isAbstract(found.getModifiers())) {
      throw ExecutorProblem.of(
          className,
          (found.isInterface() ? "is an interface" : "is abstract")
              + "; name a class that can be made");
    }
    return found.asSubclass(JobExecutor.class);
  }

  private static JobExecutor make(String className, Class<? extends JobExecutor> type, Jars jars)
      throws ExecutorProblem {
    try {
      return type.getConstructor().newInstance();
    } catch (NoSuchMethodException e) {
      throw ExecutorProblem.of(
          className, "has no public constructor without arguments; give it one");
    } catch (InvocationTargetException e) {
      throw ExecutorProblem.of(
          className,
          e.getCause() instanceof LinkageError error
              ? Unusable.why(error, jars)
              : "its constructor failed: " + ExecutorErrorText.of(e.getCause()));
    } catch (Throwable t) { // a class that one of its methods needs may be missing
      throw ExecutorProblem.of(className, Unusable.why(t, jars));
    }
  }

  private static void configure(
      JobExecutor executor, String className, Map<String, String> settings) throws ExecutorProblem {
    if (executor instanceof Configurable configurable) {
      try {
        configurable.configure(Map.copyOf(settings));
      } catch (IllegalArgumentException e) {
        throw ExecutorProblem.of(className, problems(e, settings));
      } catch (Throwable t) { // Errors as well: an executor's fault must not end in a stack trace
        throw ExecutorProblem.of(
            className, "cannot be configured: " + ExecutorErrorText.of(t, settings));
      }
    } else if (!settings.isEmpty()) {
      throw ExecutorProblem.of(
          className,
          "takes no settings, but these are given: executor."
              + String.join(", executor.", new TreeSet<>(settings.keySet()))
              + "; leave them out");
    }
  }

  private static List<String> problems(
      IllegalArgumentException first, Map<String, String> settings) {
    return Stream.concat(Stream.of(first), Stream.of(first.getSuppressed()))
        .filter(IllegalArgumentException.class::isInstance)
        .map(problem -> ExecutorErrorText.messageOf(problem, settings))
        .toList();
  }

  private static void close(URLClassLoader loader) {
    try {
      loader.close();
    } catch (IOException e) {
      // the process is about to end for a reason that matters more
    }
  }
}
