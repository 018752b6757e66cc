package com.amazonaws.jobprocessor.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Writes down which AWS operations this process calls. The SDK finds it by the file {@code
 * execution.interceptors} among the tests' resources.
 */
public final class Calls implements ExecutionInterceptor {
  private static final ConcurrentLinkedQueue<String> ALL = new ConcurrentLinkedQueue<>();

  /** For the SDK. */
  public Calls() {}

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    ALL.add(
        attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME)
            + " "
            + operation
            + " "
            + queueOf(context.request()));
  }

  private static String queueOf(SdkRequest request) {
    String url = request.getValueForField("QueueUrl", String.class).orElse("");
    return request
        .getValueForField("QueueName", String.class)
        .orElse(url.substring(url.lastIndexOf('/') + 1));
  }

  /** Forgets all calls. */
  public static void clear() {
    ALL.clear();
  }

  /** All calls, for the message of a test. */
  public static String all() {
    return String.join("\n", ALL);
  }

  /** The rights that the calls to SQS since then need on a queue, as IAM names them. */
  public static Set<String> rightsOn(String queue) {
    Set<String> rights = new TreeSet<>();
    for (String call : ALL) {
      String[] words = call.split(" ", 3);
      if (words[0].equals("Sqs") && words[2].equals(queue)) {
        rights.add("sqs:" + words[1].replaceAll("Batch$", ""));
      }
    }
    return rights;
  }
}
