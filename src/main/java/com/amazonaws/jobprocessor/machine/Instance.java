package com.amazonaws.jobprocessor.machine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine says of itself; its metadata service is waited for as long as it takes, but
 * asked only if it is ours.
 */
public final class Instance implements AutoCloseable {
  private static final long LONGEST_WAIT_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final String USER_DATA = "/latest/user-data";
  private static final String INSTANCE_ID = "/latest/meta-data/instance-id";
  private static final String INSTANCE_TYPE = "/latest/meta-data/instance-type";
  private static final String REGION = "/latest/meta-data/placement/region";
  private static final String LIFE_CYCLE = "/latest/meta-data/instance-life-cycle";
  private static final String TARGET_STATE = "/latest/meta-data/autoscaling/target-lifecycle-state";
  private static final int NOT_READY_SECS = 10;
  private static final int NOT_READY_SECS_ON_EC2 = 300;
  private static final int TRIES_FOR_AN_ID = 6;
  private static final Path KERNELS_HOST_NAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path VENDOR = Path.of("/sys/devices/virtual/dmi/id/sys_vendor");

  private final Map<String, String> environment;
  private final CountDownLatch stopRequested;
  private final Function<@Nullable URI, Metadata> connect;
  private @Nullable Metadata metadata;
  private volatile boolean waiting;
  private boolean hasAnswered;

  /**
   * The machine that this process runs on.
   *
   * @param connect makes a client of the metadata service at an address, or at its usual one for
   *     null
   */
  public Instance(
      Map<String, String> environment,
      CountDownLatch stopRequested,
      Function<@Nullable URI, Metadata> connect) {
    this.environment = environment;
    this.connect = connect;
    this.stopRequested = stopRequested;
  }

  /** False if the environment forbids to ask for metadata. */
  public boolean mayAsk() {
    return !"true".equalsIgnoreCase(environment.get("AWS_EC2_METADATA_DISABLED"));
  }

  /** True if there is reason to believe that this is an EC2 instance, or a test that plays one. */
  public boolean isLikely() {
    return mayAsk() && (!endpointText().isEmpty() || vendorIsEc2());
  }

  /** Where the environment says that the metadata service is; null for its usual place. */
  @Nullable URI endpoint() {
    return endpointText().isEmpty() ? null : URI.create(endpointText());
  }

  private String endpointText() {
    return environment.getOrDefault("AWS_EC2_METADATA_SERVICE_ENDPOINT", "");
  }

  private static boolean vendorIsEc2() {
    try {
      return Files.readString(VENDOR).startsWith("Amazon EC2");
    } catch (IOException e) {
      return false; // no such file: not a virtual machine of the kind that EC2 makes today
    }
  }

  /**
   * The user data; empty if the instance has none. A metadata service that knows not even the
   * instance's id is not ready yet, and is asked again for ten seconds, on EC2 for five minutes.
   */
  public String userData() throws InterruptedException {
    for (int second = 0; second < patience(); second++) {
      Optional<String> userData = read(USER_DATA);
      if (userData.isPresent() || read(INSTANCE_ID).isPresent()) {
        return userData.orElse("");
      }
      notReady(second, USER_DATA);
    }
    waiting = false;
    return "";
  }

  /** The instance's region; a service that does not know it is asked again as for the user data. */
  public Optional<String> region() throws InterruptedException {
    Optional<String> region = read(REGION);
    for (int second = 0; region.isEmpty() && second < patience(); second++) {
      notReady(second, REGION);
      region = read(REGION);
    }
    waiting = false;
    return region;
  }

  /**
   * The instance's region, asked for once.
   *
   * @throws IOException if the metadata service does not answer
   */
  public Optional<String> regionAtOnce() throws IOException {
    return service().read(REGION);
  }

  private int patience() {
    return isLikely() ? NOT_READY_SECS_ON_EC2 : NOT_READY_SECS;
  }

  private void notReady(int second, String path) throws InterruptedException {
    if (second == NOT_READY_SECS) {
      log()
          .atWarn()
          .addKeyValue("path", path)
          .log("instance metadata has nothing there (404); asking again for five minutes");
    }
    pause(1_000);
  }

  /**
   * The instance id; elsewhere host name and process id. A service that was needed for nothing else
   * and does not answer is not waited for.
   */
  public String workerId() throws InterruptedException {
    Optional<String> instanceId = isLikely() ? instanceId() : Optional.empty();
    return instanceId.orElseGet(
        () -> hostName(KERNELS_HOST_NAME) + "-" + ProcessHandle.current().pid());
  }

  private Optional<String> instanceId() throws InterruptedException {
    return read(INSTANCE_ID, hasAnswered ? Integer.MAX_VALUE : TRIES_FOR_AN_ID);
  }

  /**
   * The instance's type; empty if the metadata service has not been asked for anything yet, or does
   * not tell at once.
   */
  public Optional<String> type() {
    return readOnce(INSTANCE_TYPE);
  }

  /** True if the metadata service says that this is a spot instance; as {@link #type}. */
  public boolean isSpot() {
    return readOnce(LIFE_CYCLE).equals(Optional.of("spot"));
  }

  /**
   * What Auto Scaling wants the instance to come to; empty outside of a group, and as {@link
   * #type}.
   */
  public Optional<String> targetState() {
    return readOnce(TARGET_STATE).map(String::strip);
  }

  /** For what is good to know and not worth waiting for. */
  private Optional<String> readOnce(String path) {
    try {
      return metadata == null ? Optional.empty() : metadata.read(path);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** As the kernel has it, where it tells; Java's own way looks for a resolver in every jar. */
  static String hostName(Path kernels) {
    try {
      return Files.readString(kernels).strip();
    } catch (IOException e) {
      return javasHostName(); // not Linux
    }
  }

  private static String javasHostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private Optional<String> read(String path) throws InterruptedException {
    return read(path, Integer.MAX_VALUE);
  }

  private Optional<String> read(String path, int tries) throws InterruptedException {
    Metadata service = service();
    long wait = 250;
    for (int attempt = 1; attempt <= tries; attempt++) {
      try {
        Optional<String> value = service.read(path);
        waiting = false;
        hasAnswered = true;
        if (attempt > 1) {
          log().atInfo().addKeyValue("path", path).log("instance metadata answers");
        }
        return value;
      } catch (IOException e) {
        if (attempt == 3) {
          log()
              .atWarn()
              .addKeyValue("path", path)
              .addKeyValue("error", e.getMessage())
              .log(
                  "instance metadata (IMDSv2) does not answer; trying again until it does."
                      + " Elsewhere than on EC2 give --user-data and AWS_REGION");
        }
      }
      pause(wait);
      wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2);
    }
    waiting = false;
    return Optional.empty();
  }

  /** Made when there is something to be said: a start that goes well reads the settings first. */
  private static Logger log() {
    return LoggerFactory.getLogger(Instance.class);
  }

  /** True while the start waits for the metadata service. */
  public boolean isWaiting() {
    return waiting;
  }

  private void pause(long millis) throws InterruptedException {
    waiting = true;
    if (stopRequested.await(millis, TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped while waiting for instance metadata");
    }
  }

  private Metadata service() {
    Metadata service = metadata;
    if (service == null) {
      service = connect.apply(endpoint());
      metadata = service;
    }
    return service;
  }

  @Override
  public void close() {
    if (metadata != null) {
      metadata.close();
    }
  }
}
