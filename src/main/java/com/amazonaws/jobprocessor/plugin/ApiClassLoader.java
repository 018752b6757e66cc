package com.amazonaws.jobprocessor.plugin;

import java.io.IOException;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/**
 * What executors see of the worker: the JDK, the executors' API and SLF4J, and nothing else of its
 * class path.
 */
final class ApiClassLoader extends ClassLoader {
  private static final String API = "com.amazonaws.jobprocessor.";
  private static final String SLF4J = "org.slf4j.";

  private final ClassLoader worker;

  ApiClassLoader(ClassLoader worker) {
    super("executor-api", ClassLoader.getPlatformClassLoader());
    this.worker = worker;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    if (isApi(name)) {
      return worker.loadClass(name);
    }
    throw new ClassNotFoundException(name);
  }

  private static boolean isApi(String name) {
    boolean root = name.startsWith(API) && name.indexOf('.', API.length()) < 0;
    return root || name.startsWith(SLF4J);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    return null; // resources of the worker are none of the executor's business
  }

  @Override
  protected Enumeration<URL> findResources(String name) throws IOException {
    return Collections.emptyEnumeration();
  }
}
