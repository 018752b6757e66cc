package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Loads the SDK's parts for EC2 and Auto Scaling, and our classes that use them, when they are
 * needed: from the folder {@code fleet} beside the SDK's other jars, or from the class path where
 * there is no such folder, as in a test.
 */
public final class FleetJars extends URLClassLoader {
  private static final String OURS = "com.amazonaws.jobprocessor.aws.fleet.";
  private static final String OWN_BOX = OURS + "AwsOwnBox";
  private static final String CANNOT_LOAD =
      "the SDK's jars for EC2 and Auto Scaling cannot be loaded: ";
  private static final String BOXES = OURS + "Ec2Boxes";

  private static @Nullable ClassLoader loader;

  private FleetJars(URL[] jars) {
    super("fleet", jars, FleetJars.class.getClassLoader());
  }

  /**
   * This instance by the APIs of EC2 and Auto Scaling; makes no call.
   *
   * @param keys null for the SDK's default chain
   * @throws IOException if the jars are not there
   */
  public static OwnBox ownBox(
      String region, AwsAccess.@Nullable Keys keys, InstanceMetadata metadata) throws IOException {
    try {
      return make(
          OwnBox.class,
          OWN_BOX,
          List.of(String.class, AwsAccess.Keys.class, InstanceMetadata.class),
          region,
          keys,
          metadata);
    } catch (InvocationTargetException e) {
      throw new IOException(CANNOT_LOAD + e.getCause(), e);
    }
  }

  /**
   * The boxes of a region's queues; makes no call.
   *
   * @param keys null for the SDK's default chain
   * @throws IOException if the jars are not there
   */
  public static Boxes boxes(String region, AwsAccess.@Nullable Keys keys)
      throws IOException, InvalidEnvironment {
    try {
      return make(Boxes.class, BOXES, List.of(String.class, AwsAccess.Keys.class), region, keys);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidEnvironment invalid) {
        throw invalid;
      }
      throw new IOException(CANNOT_LOAD + e.getCause(), e);
    }
  }

  private static <T> T make(
      Class<T> port, String name, List<Class<?>> types, @Nullable Object... arguments)
      throws IOException, InvocationTargetException {
    try {
      return port.cast(
          loader()
              .loadClass(name)
              .getConstructor(types.toArray(Class<?>[]::new))
              .newInstance(arguments));
    } catch (InvocationTargetException e) {
      throw e;
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new IOException(CANNOT_LOAD + e, e);
    }
  }

  /** One for all: the SDK's classes for EC2 are many. */
  private static synchronized ClassLoader loader() throws IOException {
    ClassLoader known = loader;
    if (known == null) {
      known = newLoader();
      loader = known;
    }
    return known;
  }

  @SuppressWarnings("resource") // open as long as the process works with its classes
  private static ClassLoader newLoader() throws IOException {
    Path folder = folder();
    if (folder == null || !Files.isDirectory(folder)) {
      return FleetJars.class.getClassLoader();
    }
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).sorted().toList()) {
        jars.add(jar.toUri().toURL());
      }
    }
    return new FleetJars(jars.toArray(URL[]::new));
  }

  private static @Nullable Path folder() throws IOException {
    CodeSource source = SqsClient.class.getProtectionDomain().getCodeSource();
    try {
      return source == null ? null : Path.of(source.getLocation().toURI()).resolveSibling("fleet");
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }

  /** Our classes that use the jars are defined here, or they would not see them. */
  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = FleetJars.class.getClassLoader().getResourceAsStream(file)) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] bytes = in.readAllBytes();
      return defineClass(name, bytes, 0, bytes.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }
}
