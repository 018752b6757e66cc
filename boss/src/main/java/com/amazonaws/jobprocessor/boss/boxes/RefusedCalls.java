package com.amazonaws.jobprocessor.boss.boxes;

import com.amazonaws.jobprocessor.fleet.Refused;
import com.amazonaws.jobprocessor.port.CallFailed;

/** What EC2 and Auto Scaling refuse to the boss, in plain words that say what to do. */
final class RefusedCalls {
  private RefusedCalls() {}

  /** A call. */
  interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  /**
   * Makes a call.
   *
   * @param action its name in AWS's API, such as {@code RunInstances}
   */
  static <T> T call(String action, Call<T> call) throws Refused, InterruptedException {
    try {
      return call.make();
    } catch (CallFailed e) {
      throw new Refused(words(action, e));
    }
  }

  private static String words(String action, CallFailed e) {
    String hint =
        switch (e.code()) {
          case "UnauthorizedOperation", "AccessDenied", "AccessDeniedException" ->
              "the boss's credentials may not call " + action + "; docs/boss.md lists the rights";
          case "InsufficientInstanceCapacity", "InsufficientHostCapacity", "InsufficientCapacity" ->
              "EC2 has no more instances of this type there now";
          case "VcpuLimitExceeded", "InstanceLimitExceeded", "MaxSpotInstanceCountExceeded" ->
              "the account's quota for such instances is used up";
          case "InvalidAMIID.NotFound", "InvalidAMIID.Malformed", "InvalidAMIID.Unavailable" ->
              "--fleet-image: there is no such image in this region";
          case "InvalidSubnetID.NotFound", "InvalidSubnetID.Malformed" ->
              "--fleet-subnet: there is no such subnet in this region";
          case "InvalidGroup.NotFound",
              "InvalidGroupId.Malformed",
              "InvalidSecurityGroupID.NotFound" ->
              "--fleet-security-group: there is no such group in this region";
          case "InvalidInstanceType" ->
              "--fleet-type: there is no such instance type in this region";
          case "MissingInput", "VPCIdNotSpecified", "DefaultVpcDoesNotExist" ->
              "there is no default VPC in this region; give --fleet-subnet and"
                  + " --fleet-security-group";
          case "NoSuchGroup" -> "--fleet-group: there is no such group in this region";
          default -> action + " failed";
        };
    return hint + " (" + e.code() + ": " + message(e) + ")";
  }

  /** Without the encoded part, which only an administrator can read. */
  private static String message(CallFailed e) {
    String message = String.valueOf(e.getMessage());
    int encoded = message.indexOf(" Encoded authorization failure message");
    return encoded < 0 ? message : message.substring(0, encoded);
  }
}
