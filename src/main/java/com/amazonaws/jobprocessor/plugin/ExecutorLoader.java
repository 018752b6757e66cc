package com.amazonaws.jobprocessor.plugin;

import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobExecutor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

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
    List<Path> jars = jars();
    URLClassLoader jarLoader =
        new URLClassLoader(
            "executors", urls(jars), new ApiClassLoader(getClass().getClassLoader()));
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(jarLoader);
    try {
      JobExecutor executor = make(className, jars, jarLoader);
      configure(executor, className, settings);
      return new LoadedExecutor(executor, jarLoader);
    } catch (ExecutorProblem e) {
      close(jarLoader);
      throw e;
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private List<Path> jars() throws ExecutorProblem {
    List<Path> jars = new ArrayList<>();
    if (Files.isDirectory(libFolder)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(libFolder, "*.jar")) {
        files.forEach(jars::add);
      } catch (IOException | RuntimeException e) {
        throw new ExecutorProblem(
            "job_executor: cannot read the folder of executor jars, " + libFolder);
      }
    }
    Collections.sort(jars);
    return jars;
  }

  private static URL[] urls(List<Path> jars) throws ExecutorProblem {
    URL[] urls = new URL[jars.size()];
    for (int i = 0; i < urls.length; i++) {
      try {
        urls[i] = jars.get(i).toUri().toURL();
      } catch (MalformedURLException e) {
        throw new ExecutorProblem("job_executor: cannot use the jar " + jars.get(i));
      }
    }
    return urls;
  }

  private JobExecutor make(String className, List<Path> jars, ClassLoader jarLoader)
      throws ExecutorProblem {
    Class<?> found = find(className, jars, jarLoader);
    Class<? extends JobExecutor> type = require(className, found);
    try {
      Constructor<? extends JobExecutor> constructor = type.getConstructor();
      return constructor.newInstance();
    } catch (NoSuchMethodException e) {
      throw problem(className, "has no public constructor without arguments");
    } catch (InvocationTargetException e) {
      throw problem(className, "its constructor failed: " + Described.of(e.getCause()));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      throw problem(className, "cannot be made: " + Described.of(e));
    }
  }

  private Class<?> find(String className, List<Path> jars, ClassLoader jarLoader)
      throws ExecutorProblem {
    try {
      ClassLoader own = getClass().getClassLoader();
      boolean builtIn =
          className.startsWith(BUILT_IN)
              && own.getResource(className.replace('.', '/') + ".class") != null;
      return Class.forName(className, true, builtIn ? own : jarLoader);
    } catch (ClassNotFoundException e) {
      throw problem(
          className,
          "is in none of the jars in " + libFolder + " (" + names(jars) + "); put its jar there");
    } catch (UnsupportedClassVersionError e) {
      throw problem(
          className,
          "is built for a newer Java than " + Runtime.version().feature() + ": " + Described.of(e));
    } catch (ExceptionInInitializerError e) {
      throw problem(
          className,
          "its static initialiser failed: "
              + Described.of(e.getCause() == null ? e : e.getCause()));
    } catch (NoClassDefFoundError e) {
      throw problem(
          className,
          "needs a class that is in none of the jars in " + libFolder + ": " + Described.of(e));
    } catch (LinkageError | RuntimeException e) {
      throw problem(className, "cannot be loaded: " + Described.of(e));
    }
  }

  private static Class<? extends JobExecutor> require(String className, Class<?> found)
      throws ExecutorProblem {
    if (!JobExecutor.class.isAssignableFrom(found)) {
      throw problem(className, "does not implement " + JobExecutor.class.getName());
    }
    if (!Modifier.isPublic(found.getModifiers())) {
      throw problem(className, "is not public");
    }
    if (Modifier.isAbstract(found.getModifiers())) {
      throw problem(className, "is abstract");
    }
    return found.asSubclass(JobExecutor.class);
  }

  private static void configure(
      JobExecutor executor, String className, Map<String, String> settings) throws ExecutorProblem {
    if (executor instanceof Configurable configurable) {
      try {
        configurable.configure(Map.copyOf(settings));
      } catch (IllegalArgumentException e) {
        throw problem(className, Described.messageOf(e, settings));
      } catch (Throwable t) { // Errors as well: a plug-in's fault must not end in a stack trace
        throw problem(className, "cannot be configured: " + Described.of(t, settings));
      }
    } else if (!settings.isEmpty()) {
      throw problem(
          className,
          "takes no settings, but these are given: executor."
              + String.join(", executor.", new TreeSet<>(settings.keySet())));
    }
  }

  private static String names(List<Path> jars) {
    List<String> names =
        jars.stream().limit(10).map(jar -> String.valueOf(jar.getFileName())).toList();
    return names.isEmpty()
        ? "there are none"
        : String.join(", ", names) + (jars.size() > 10 ? ", ..." : "");
  }

  private static ExecutorProblem problem(String className, String what) {
    return new ExecutorProblem("job_executor: " + className + ": " + what);
  }

  private static void close(URLClassLoader loader) {
    try {
      loader.close();
    } catch (IOException e) {
      // the process is about to end for a reason that matters more
    }
  }
}
