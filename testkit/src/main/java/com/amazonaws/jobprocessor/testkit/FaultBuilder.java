package com.amazonaws.jobprocessor.testkit;

import com.amazonaws.jobprocessor.testkit.Fault.Effect;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Says which calls a fault strikes and how.
 *
 * <p>A fault begins with the last word: {@code times}, {@code once}, {@code forever} or one of the
 * holds. Of several faults that match a call, the one set first and not used up strikes.
 */
public final class FaultBuilder {

  /** What is left to say: how often. */
  public final class Often {
    private final Effect effect;

    private Often(Effect effect) {
      this.effect = effect;
    }

    public Fault times(long number) {
      return proxy.add(new Fault(action, queue, text, skip, number, effect));
    }

    public Fault once() {
      return times(1);
    }

    public Fault forever() {
      return times(Long.MAX_VALUE);
    }
  }

  private final FaultyProxy proxy;
  private final String action;
  private String queue = "";
  private String text = "";
  private int skip;

  FaultBuilder(FaultyProxy proxy, String action) {
    this.proxy = proxy;
    this.action = action;
  }

  /** Only calls that name this queue. */
  public FaultBuilder queue(String name) {
    this.queue = name;
    return this;
  }

  /** Only calls whose request has this text somewhere. */
  public FaultBuilder containing(String part) {
    this.text = part;
    return this;
  }

  /** Not the first few of them. */
  public FaultBuilder afterFirst(int calls) {
    this.skip = calls;
    return this;
  }

  /** A server error, not forwarded. */
  public Often fail(int status) {
    return error(status, "InternalFailure", "The proxy fails this call.");
  }

  /** HTTP 400 {@code RequestThrottled}, as SQS says it. */
  public Often throttle() {
    return error(400, "RequestThrottled", "The request was denied due to request throttling.");
  }

  /** HTTP 400 {@code ThrottlingException}, as the front of AWS's services says it. */
  public Often throttlingException() {
    return error(400, "ThrottlingException", "Rate exceeded");
  }

  /** HTTP 403 {@code AccessDenied}. */
  public Often deny() {
    return error(403, "AccessDenied", "User: test is not authorized to perform: " + action);
  }

  /** HTTP 400: the queue is gone. */
  public Often queueGone() {
    return error(
        400, "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.");
  }

  /** Any other error of AWS's, not forwarded; the code without a namespace. */
  public Often error(int status, String code, String message) {
    return new Often(new Effect.Answer(status, code, message));
  }

  /** Any answer, not forwarded. */
  public Often answer(int status, String json) {
    return new Often(new Effect.RawAnswer(status, json));
  }

  /** Forwards and changes the body of the answer: for what ElasticMQ says otherwise than SQS. */
  public Often rewriteAnswer(UnaryOperator<String> rewrite) {
    return new Often(new Effect.Rewrite(rewrite));
  }

  /** Takes the request and is silent; forwards it if it is released while the client waits. */
  public Often hang() {
    return new Often(new Effect.Hang());
  }

  /** Closes the connection and forwards nothing. */
  public Often cut() {
    return new Often(new Effect.Cut());
  }

  /** Forwards, waits for the effect, closes the connection. */
  public Often loseAnswer() {
    return new Often(new Effect.LoseAnswer());
  }

  /** Forwards after a while. */
  public Often delay(Duration time) {
    return new Often(new Effect.Delay(time));
  }

  /** Keeps a batch's first entries from the service and answers that they failed. */
  public Often partialFail(int entries) {
    return partialFail(entries, "InternalError", false);
  }

  public Often partialFail(int entries, String code, boolean senderFault) {
    return new Often(new Effect.PartialFail(entries, code, senderFault));
  }

  /** Stops the n-th call, counted from 1 and from now, before the service sees it. */
  public Fault holdBefore(int callNumber) {
    skip += callNumber - 1;
    return hang().once();
  }

  /** Stops the n-th call, counted from 1 and from now, after its effect, before its answer. */
  public Fault holdAfter(int callNumber) {
    skip += callNumber - 1;
    return new Often(new Effect.HoldAfter()).once();
  }
}
