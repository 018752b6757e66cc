package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.port.CallFailed;

/** What EC2 and Auto Scaling refuse, in words that say what to do. */
final class Refusals {
  private Refusals() {}

  /** The failure as an error of the user's, if it is one; else the failure itself. */
  static Exception explain(CallFailed e) {
    String hint = hint(e);
    return hint.isEmpty() ? e : new UserError(hint + " (" + e.code() + ", " + message(e) + ")");
  }

  private static String hint(CallFailed e) {
    return switch (e.code()) {
      case "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity" ->
          "EC2 has no more instances of this type there now; try another --type or --subnet, or later";
      case "VcpuLimitExceeded", "InstanceLimitExceeded", "MaxSpotInstanceCountExceeded" ->
          "the account's quota for such instances is used up; terminate some, or request more in Service Quotas";
      case "UnauthorizedOperation", "AccessDenied", "AccessDeniedException" ->
          "your credentials lack a right; docs/iam.md lists those of fleet";
      case "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable" ->
          "--image: there is no such image in this region";
      case "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed" ->
          "--subnet: there is no such subnet in this region";
      case "InvalidGroup.NotFound", "InvalidGroupId.Malformed", "InvalidSecurityGroupID.NotFound" ->
          "--security-group: there is no such group in this region";
      case "InvalidKeyPair.NotFound" -> "--key: there is no such key pair in this region";
      case "InvalidInstanceType" -> "--type: there is no such instance type in this region";
      case "MissingInput", "VPCIdNotSpecified", "DefaultVpcDoesNotExist" ->
          "there is no default VPC in this region; give --subnet and --security-group";
      case "IdempotentParameterMismatch" ->
          "--client-token was used before, with other options; take another one";
      case "InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed" ->
          "there is no such instance in this region";
      case "ValidationError" -> groupHint(e);
      default -> "";
    };
  }

  private static String groupHint(CallFailed e) {
    return e.getMessage().contains("desiredSize equals minSize")
        ? "the Auto Scaling group is at its minimum size; lower that first"
        : "";
  }

  /** Without the encoded part, which only an administrator can read. */
  private static String message(CallFailed e) {
    int encoded = e.getMessage().indexOf(" Encoded authorization failure message");
    return encoded < 0 ? e.getMessage() : e.getMessage().substring(0, encoded);
  }
}
