package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * EC2 and Auto Scaling in this process, by their query protocols, on loopback and a free port: for
 * {@code AWS_ENDPOINT_URL_EC2} and {@code AWS_ENDPOINT_URL_AUTO_SCALING} alike. It ends no
 * instance, but remembers what it was asked for.
 */
public final class FakeFleet implements AutoCloseable {
  private static final String EC2 = "http://ec2.amazonaws.com/doc/2016-11-15/";
  private static final String AUTO_SCALING = "http://autoscaling.amazonaws.com/doc/2011-01-01/";
  private static final String REQUEST_ID = "00000000-0000-4000-8000-000000000000";

  /** An error or a delay for the next few calls of an action. */
  private static final class Trouble {
    private final String action;
    private final FleetError error;
    private final Duration delay;
    private int left;

    Trouble(String action, FleetError error, Duration delay, int left) {
      this.action = action;
      this.error = error;
      this.delay = delay;
      this.left = left;
    }

    synchronized boolean strikes(FleetCall call) {
      if (left == 0 || !action.equals(call.action())) {
        return false;
      }
      left--;
      return true;
    }
  }

  private final AutoScalingActions autoScaling = new AutoScalingActions();
  private final Ec2Actions ec2 = new Ec2Actions();
  private final List<FleetCall> calls = new CopyOnWriteArrayList<>();
  private final List<Trouble> troubles = new CopyOnWriteArrayList<>();
  private final Semaphore closing = new Semaphore(0);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  private FakeFleet(HttpServer server) {
    this.server = server;
  }

  /** Starts one without instances and groups. */
  public static FakeFleet start() {
    try {
      InetAddress loopback = InetAddress.getLoopbackAddress();
      FakeFleet fleet = new FakeFleet(HttpServer.create(new InetSocketAddress(loopback, 0), 100));
      fleet.server.setExecutor(fleet.threads);
      fleet.server.createContext("/", fleet::handle);
      fleet.server.start();
      return fleet;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code AWS_ENDPOINT_URL_EC2} and {@code AWS_ENDPOINT_URL_AUTO_SCALING}. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Points a daemon at it. */
  public DaemonProcessBuilder serve(DaemonProcessBuilder daemon) {
    return daemon
        .set("AWS_ENDPOINT_URL_EC2", endpoint().toString())
        .set("AWS_ENDPOINT_URL_AUTO_SCALING", endpoint().toString());
  }

  /** The group of a name, made if there is none yet. */
  public FakeGroup group(String name, int min, int max, int desired) {
    return autoScaling.group(name, min, max, desired);
  }

  /** EC2 knows of a running instance. */
  public FakeFleet running(String instanceId) {
    ec2.running(instanceId);
    return this;
  }

  /** An instance's state by EC2: {@code running}, {@code shutting-down}; empty if unknown. */
  public String state(String instanceId) {
    return ec2.state(instanceId);
  }

  /** An instance that EC2 knows, running and without tags, as if it had always been there. */
  public FakeInstance instance(String instanceId) {
    return ec2.instances().add(instanceId);
  }

  /** The instances that EC2 knows, in the order of their launch. */
  public List<FakeInstance> instances() {
    return ec2.instances().all();
  }

  /** Tells of each instance that is launched, which is pending, on the call's thread. */
  public FakeFleet onLaunch(Consumer<FakeInstance> told) {
    ec2.instances().onLaunch(told);
    return this;
  }

  /** The most instances that one call can have. */
  public FakeFleet capacity(int instances) {
    ec2.instances().capacity(instances);
    return this;
  }

  /** How many instances are in a page of DescribeInstances. */
  public FakeFleet pageSize(int instances) {
    ec2.instances().pageSize(instances);
    return this;
  }

  /** Tells of each instance that EC2 or its group begins to terminate, on the call's thread. */
  public FakeFleet onTerminating(Consumer<String> told) {
    autoScaling.onTerminating(told);
    ec2.onTerminating(told);
    return this;
  }

  /** The next calls of an action are refused with an error code; -1 for all. */
  public FakeFleet refuse(String action, int times, int status, String code) {
    FleetError error = new FleetError(status, code, "You are not authorized to perform: " + action);
    troubles.add(new Trouble(action, error, Duration.ZERO, times));
    return this;
  }

  /** The next calls of an action take that long; -1 for all. */
  public FakeFleet slow(String action, int times, Duration delay) {
    troubles.add(new Trouble(action, null, delay, times));
    return this;
  }

  /** No call is refused or slow any more. */
  public FakeFleet heal() {
    troubles.clear();
    return this;
  }

  /** Every call of an action, refused ones included. */
  public List<FleetCall> calls(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).toList();
  }

  /** Every call. */
  public List<FleetCall> calls() {
    return List.copyOf(calls);
  }

  @Override
  public void close() {
    closing.release(1 << 20);
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      FleetCall call = FleetCall.of(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      calls.add(call);
      try {
        strike(call);
        answer(exchange, 200, call.isEc2() ? ofEc2(call) : ofAutoScaling(call));
      } catch (FleetError e) {
        answer(exchange, e.status(), call.isEc2() ? ec2Error(e) : autoScalingError(e));
      }
    }
  }

  private void strike(FleetCall call) throws FleetError {
    for (Trouble trouble : troubles) {
      if (trouble.strikes(call)) {
        pause(trouble.delay);
        if (trouble.error != null) {
          throw trouble.error;
        }
        return;
      }
    }
  }

  private void pause(Duration time) {
    try {
      closing.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String ofEc2(FleetCall call) throws FleetError {
    return "<%1$sResponse xmlns=\"%2$s\">%3$s%4$s</%1$sResponse>"
        .formatted(call.action(), EC2, Xml.text("requestId", REQUEST_ID), ec2.answer(call));
  }

  private String ofAutoScaling(FleetCall call) throws FleetError {
    String metadata = Xml.element("ResponseMetadata", Xml.text("RequestId", REQUEST_ID));
    return "<%1$sResponse xmlns=\"%2$s\">%3$s%4$s</%1$sResponse>"
        .formatted(call.action(), AUTO_SCALING, autoScaling.answer(call), metadata);
  }

  private static String ec2Error(FleetError e) {
    String error =
        Xml.element("Error", Xml.text("Code", e.code()), Xml.text("Message", e.getMessage()));
    return Xml.element("Response", Xml.element("Errors", error), Xml.text("RequestID", REQUEST_ID));
  }

  private static String autoScalingError(FleetError e) {
    String fault = e.status() < 500 ? "Sender" : "Receiver";
    String error =
        Xml.element(
            "Error",
            Xml.text("Type", fault),
            Xml.text("Code", e.code()),
            Xml.text("Message", e.getMessage()));
    return Xml.element("ErrorResponse", error, Xml.text("RequestId", REQUEST_ID));
  }

  private static void answer(HttpExchange exchange, int status, String xml) throws IOException {
    byte[] bytes = xml.getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
