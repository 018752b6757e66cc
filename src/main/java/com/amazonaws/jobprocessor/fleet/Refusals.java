package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.util.regex.Pattern;

/** What EC2 and Auto Scaling refuse to this box, in plain words that say what to do. */
public final class Refusals {
  /** What EC2 says with HTTP status 5xx, and yet has certainly not done. */
  private static final Pattern IS_NO =
      Pattern.compile("Insufficient.*|.*LimitExceeded|Throttling(Exception)?|Unsupported");

  private Refusals() {}

  /** True if a call that changes something may have done so: it was sent, and nobody has said. */
  static boolean isUnanswered(CallFailed e) {
    return e.sent() && e.kind() == CallFailed.Kind.UNKNOWN && !IS_NO.matcher(e.code()).matches();
  }

  /**
   * Why a call failed, as a sentence without its point.
   *
   * @param action the call's name in AWS's API, such as {@code RunInstances}
   */
  public static String words(String action, CallFailed e) {
    if (!e.sent()) {
      String service = e.service() == Service.EC2 ? "EC2" : "Auto Scaling";
      return because(service + " could not be called", e);
    }
    return switch (e.code()) {
      case "UnauthorizedOperation", "AccessDenied", "AccessDeniedException" -> denied(action, e);
      case "VcpuLimitExceeded", "InstanceLimitExceeded", "MaxSpotInstanceCountExceeded" ->
          because(
              "the account's quota for such instances is used up; terminate some, or request an"
                  + " increase",
              e);
      case "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity" ->
          because("EC2 has no more instances of this type in this zone now; try again later", e);
      case "InsufficientFreeAddressesInSubnet" ->
          because("this box's subnet has no free addresses", e);
      case "InvalidAMIID.NotFound", "InvalidAMIID.Unavailable" ->
          because("the image that this box was launched from is gone", e);
      case "IdempotentParameterMismatch" ->
          because("this form has been used before, for other boxes; open it again", e);
      case "RequestLimitExceeded", "Throttling", "ThrottlingException" ->
          because("AWS throttles the requests of this account; try again in a minute", e);
      default -> action + " failed: " + e.code() + ": " + message(e);
    };
  }

  /** The name of a right, as a policy has it. */
  static String right(String action, Service service) {
    return (service == Service.EC2 ? "ec2:" : "autoscaling:") + action;
  }

  private static String denied(String action, CallFailed e) {
    // EC2 names none of the rights that belong to it.
    String more =
        action.equals("RunInstances")
            ? ", or ec2:CreateTags or iam:PassRole, which go with it"
            : "";
    return "this box's role lacks the right %s%s; docs/iam.md has the policy (%s)"
        .formatted(right(action, e.service()), more, e.code());
  }

  private static String because(String words, CallFailed e) {
    return words + " (" + e.code() + ": " + message(e) + ")";
  }

  /** Without the encoded part, which only an administrator can read. */
  private static String message(CallFailed e) {
    String message = String.valueOf(e.getMessage());
    int encoded = message.indexOf(" Encoded authorization failure message");
    String readable = encoded < 0 ? message : message.substring(0, encoded);
    return readable
        .replace("Unable to execute HTTP request: ", "")
        .replaceFirst(" \\(SDK Attempt Count: \\d+\\)$", "");
  }
}
