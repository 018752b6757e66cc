package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Printable;
import java.util.Map;

/**
 * Checks the variables that say where the instance metadata service is, and whether: the SDK finds
 * out at the first call, which is made late and on threads that do not end the start.
 */
public final class MetadataVariables {
  /** Where the service is. */
  public static final String ENDPOINT = "AWS_EC2_METADATA_SERVICE_ENDPOINT";

  private static final String MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
  private static final String DISABLED = "AWS_EC2_METADATA_DISABLED";
  private static final int MAX_SHOWN = 300;

  private MetadataVariables() {}

  /**
   * Checks what the environment says of the service.
   *
   * @throws InvalidEnvironment if a value cannot be used; names the variable
   */
  public static void check(Map<String, String> environment) throws InvalidEnvironment {
    String endpoint = environment.getOrDefault(ENDPOINT, "");
    if (!endpoint.isEmpty() && !WebAddress.isOne(endpoint)) {
      throw refusal(
          ENDPOINT, WebAddress.shown(endpoint), " is no URL such as http://169.254.169.254");
    }
    String mode = environment.getOrDefault(MODE, "");
    if (!mode.isEmpty() && !mode.equalsIgnoreCase("IPv4") && !mode.equalsIgnoreCase("IPv6")) {
      throw refusal(MODE, mode, ": allowed are IPv4 and IPv6");
    }
    String disabled = environment.getOrDefault(DISABLED, "");
    if (!disabled.isEmpty()
        && !disabled.equalsIgnoreCase("true")
        && !disabled.equalsIgnoreCase("false")) {
      throw refusal(DISABLED, disabled, ": allowed are true and false");
    }
  }

  private static InvalidEnvironment refusal(String variable, String value, String why) {
    String message = variable + "=\"" + Printable.cutMiddle(value, MAX_SHOWN) + '"' + why;
    return new InvalidEnvironment(message, new IllegalArgumentException(variable));
  }
}
