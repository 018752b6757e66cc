package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;

/** Makes calls and turns what they bring into the words of the ports; counts them. */
public final class SqsCalls {
  /** Errors of a message or a batch itself: the same call fails again. Everything else may pass. */
  private static final Set<String> REFUSALS =
      Set.of(
          "InvalidMessageContents",
          "InvalidParameterValue",
          "InvalidAttributeValue",
          "InvalidParameterCombination",
          "MissingParameter",
          "BatchRequestTooLong",
          "EmptyBatchRequest",
          "BatchEntryIdsNotDistinct",
          "InvalidBatchEntryId",
          "TooManyEntriesInBatchRequest",
          "RequestEntityTooLarge",
          "ReceiptHandleIsInvalid",
          "MessageNotInflight",
          "UnsupportedOperation",
          "ValidationException");

  /** What BatchGetItem has not processed, since it was throttled. */
  static final String UNPROCESSED = "UnprocessedKeys";

  /** Errors that say "later": the call had no effect, and may be made again after a while. */
  private static final Set<String> THROTTLES =
      Set.of(
          UNPROCESSED,
          "RequestThrottled",
          "RequestThrottledException",
          "Throttling",
          "ThrottlingException",
          "ThrottledException",
          "KmsThrottled",
          "TooManyRequestsException",
          "OverLimit",
          "RequestLimitExceeded",
          "LimitExceededException",
          "BandwidthLimitExceeded",
          "ProvisionedThroughputExceededException",
          "SlowDown",
          "HTTP 429");

  /** The code of a failure of which {@link CallFailed#getMessage} says all there is to say. */
  public static final String NO_CREDENTIALS = "NoCredentials";

  /** The code of a failure whose answer is none of the service's, such as a page of a proxy's. */
  public static final String STRANGE_ANSWER = "StrangeAnswer";

  /** The code of a call that a proxy has not passed on; as with {@link #NO_CREDENTIALS}. */
  public static final String PROXY_REFUSED = "ProxyRefused";

  private static final int LONGEST_MESSAGE = 500;

  private final Service service;
  private final LongAdder answered = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder units = new LongAdder();

  /** Calls of SQS. */
  public SqsCalls() {
    this(Service.SQS);
  }

  /** Calls of a service. */
  public SqsCalls(Service service) {
    this.service = service;
  }

  /** Capacity units that DynamoDB has charged for the calls. */
  public long units() {
    return units.sum();
  }

  /** Takes note of what a call has cost: begun units count. */
  void charged(double capacityUnits) {
    units.add((long) Math.ceil(capacityUnits));
  }

  /**
   * True if the code, of a call or of an entry of a batch, asks for patience.
   *
   * @param code as {@link CallFailed#code} and {@link Answer.Failed} have it
   */
  public static boolean isThrottle(String code) {
    return THROTTLES.contains(code);
  }

  /**
   * How many requests have left this machine, as far as is known. One counts when it is over: it
   * may turn out that it has never left.
   */
  public long made() {
    return answered() + failed();
  }

  /** How many of {@link #made} were answered with success. */
  public long answered() {
    return answered.sum();
  }

  /** How many of {@link #made} were not. */
  public long failed() {
    return failed.sum();
  }

  /** Makes one call; every failure becomes a {@link CallFailed} that a user can read. */
  public <T> T call(Supplier<T> request) throws CallFailed, InterruptedException {
    try {
      T answer = request.get();
      answered.increment();
      return answer;
    } catch (AbortedException e) {
      failed.increment();
      throw interrupted(e);
    } catch (AwsServiceException e) {
      failed.increment();
      throw new CallFailed(service, codeOf(e), messageOf(e), kindOf(e), true, e);
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        failed.increment();
        throw interrupted(e);
      }
      boolean sent = Sending.mayHaveBegun(e);
      if (sent) {
        failed.increment();
      }
      Optional<String> noCredentials = CredentialProblem.explain(e);
      if (noCredentials.isPresent()) {
        throw new CallFailed(
            service, NO_CREDENTIALS, noCredentials.get(), CallFailed.Kind.REJECTED, false, e);
      }
      Throwable root = CredentialProblem.rootOf(e);
      if (root instanceof ProxyRefused refused) {
        throw refused(refused, e);
      }
      if (isUnreadable(root)) {
        throw new CallFailed(
            service,
            STRANGE_ANSWER,
            "the answer is not from " + service + ": is there a proxy or captive portal?",
            CallFailed.Kind.UNKNOWN,
            sent,
            e);
      }
      throw new CallFailed(
          service,
          root.getClass().getSimpleName(),
          cut(inWords(e, root)),
          CallFailed.Kind.UNKNOWN,
          sent,
          e);
    }
  }

  private CallFailed refused(ProxyRefused refused, RuntimeException e) {
    return new CallFailed(
        service,
        PROXY_REFUSED,
        String.valueOf(refused.getMessage()),
        refused.isNo() ? CallFailed.Kind.REJECTED : CallFailed.Kind.UNKNOWN,
        false,
        e);
  }

  /** True of Jackson's exceptions, ours or those of the SDK's own copy of it. */
  private static boolean isUnreadable(Throwable root) {
    return root.getClass().getSimpleName().equals("JsonParseException");
  }

  private static InterruptedException interrupted(Exception e) {
    InterruptedException interrupted = new InterruptedException(e.getMessage());
    interrupted.initCause(e);
    return interrupted;
  }

  private CallFailed.Kind kindOf(AwsServiceException e) {
    if (REFUSALS.contains(codeOf(e)) || e.statusCode() == 413) {
      return CallFailed.Kind.REFUSED;
    }
    return e.statusCode() >= 400 && e.statusCode() < 500
        ? CallFailed.Kind.REJECTED
        : CallFailed.Kind.UNKNOWN;
  }

  /**
   * The code without the prefix of the old query protocol, e.g. {@code
   * AWS.SimpleQueueService.NonExistentQueue}. EC2's have none, but points of their own: {@code
   * InvalidAMIID.NotFound}.
   */
  private String codeOf(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String code =
        details == null || details.errorCode() == null
            ? "HTTP " + e.statusCode()
            : details.errorCode();
    return service == Service.EC2 ? code : withoutPrefix(code);
  }

  static String withoutPrefix(String code) {
    return code.substring(Math.max(code.lastIndexOf('.'), code.lastIndexOf('#')) + 1);
  }

  private static String messageOf(AwsServiceException e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String message =
        details == null || details.errorMessage() == null ? e.getMessage() : details.errorMessage();
    return cut("HTTP " + e.statusCode() + ": " + message);
  }

  private static String cut(String message) {
    return Printable.cutMiddle(message, LONGEST_MESSAGE);
  }

  private static String inWords(Throwable e, Throwable root) {
    return root instanceof UnknownHostException
        ? "no such host: " + root.getMessage()
        : e.getMessage() + because(e, root);
  }

  private static String because(Throwable e, Throwable root) {
    String reason = root.getMessage();
    return reason == null || String.valueOf(e.getMessage()).contains(reason) ? "" : ": " + reason;
  }

  /**
   * Puts the answers of a batch, whose entries have the ids 0, 1, …, into the order of the entries.
   * An id that no entry has is passed over.
   */
  static List<Answer> answers(int entries, SqsTransport.BatchAnswer answer) {
    Answer missing = new Answer.Failed("NoAnswer", "SQS did not mention the entry");
    Map<String, Answer> byId = new HashMap<>();
    answer.successful().forEach((id, message) -> byId.put(id, new Answer.Accepted(message)));
    answer.failed().forEach(entry -> byId.put(entry.id(), answer(entry)));
    List<Answer> answers = new ArrayList<>(entries);
    for (int id = 0; id < entries; id++) {
      answers.add(byId.getOrDefault(Integer.toString(id), missing));
    }
    return answers;
  }

  private static Answer answer(SqsTransport.FailedEntry entry) {
    String code = withoutPrefix(String.valueOf(entry.code()));
    String message = String.valueOf(entry.message());
    return REFUSALS.contains(code)
        ? new Answer.Refused(code, message)
        : new Answer.Failed(code, message);
  }
}
