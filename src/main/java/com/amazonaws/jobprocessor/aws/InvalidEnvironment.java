package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Printable;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;

/**
 * An AWS variable or file of the environment has a value that the SDK cannot work with; the message
 * is one line that names it.
 */
public final class InvalidEnvironment extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int MAX_SHOWN = 300;
  private static final Pattern INVALID_URI =
      Pattern.compile("An invalid URI was configured in environment variable (\\w+)");
  private static final Pattern INVALID_REGION = Pattern.compile("Configured region \\((.*?)\\)");
  private static final Pattern INVALID_VARIABLE =
      Pattern.compile("Environment variable '(\\w+)' .*was defined as '(.*)', but should be (.*)");

  private static final Pattern USER_OF_ADDRESS = Pattern.compile("//[^\\s\"]*@");

  /** A line for the user, and why. */
  public InvalidEnvironment(String message, RuntimeException cause) {
    super(message, cause);
  }

  /** Does what reads variables and files, such as making a client. */
  public static <T> T check(Supplier<T> reading) throws InvalidEnvironment {
    ProxyVariables.check(System.getenv());
    try {
      return reading.get();
    } catch (SdkClientException | IllegalArgumentException | IllegalStateException e) {
      throw new InvalidEnvironment(explain(e, System.getenv()), e);
    }
  }

  /**
   * Sees to it that the address of a service is one: the SDK takes any text, and fails at the first
   * call.
   *
   * @param service as its variable has it, e.g. {@code SQS}
   */
  public static void checkEndpoint(Optional<URI> endpoint, String service)
      throws InvalidEnvironment {
    if (endpoint.isEmpty()) {
      return;
    }
    URI uri = endpoint.get();
    if (!WebAddress.isOne(uri)) {
      String message =
          sourceOf(uri.toString(), "AWS_ENDPOINT_URL_" + service, System.getenv())
              + "=\""
              + cut(WebAddress.shown(uri.toString()))
              + "\" is no URL such as http://127.0.0.1:9324";
      throw new InvalidEnvironment(message, new IllegalArgumentException(message));
    }
  }

  /** Where the SDK has an endpoint from: variables, else properties and profiles. */
  static String sourceOf(String endpoint, String variable, Map<String, String> environment) {
    return Stream.of(variable, "AWS_ENDPOINT_URL")
        .filter(name -> endpoint.equals(environment.get(name)))
        .findFirst()
        .orElse("endpoint_url (of the profile or by a system property)");
  }

  /** What is wrong, and where, in one line. */
  static String explain(RuntimeException e, Map<String, String> environment) {
    String message = String.valueOf(e.getMessage());
    Matcher uri = INVALID_URI.matcher(message);
    if (uri.find()) {
      return uri.group(1)
          + "=\""
          + cut(WebAddress.shown(environment.getOrDefault(uri.group(1), "")))
          + "\" is no URL such as http://127.0.0.1:9324";
    }
    Matcher region = INVALID_REGION.matcher(message);
    boolean isRegion = region.find();
    if (isRegion || message.startsWith("region must not be blank")) {
      String name = isRegion ? asWritten(region.group(1)) : "";
      return "\""
          + name
          + "\" is no region such as us-east-1; check --region, AWS_REGION and the profile";
    }
    Matcher variable = INVALID_VARIABLE.matcher(message);
    if (variable.find()) {
      return variable.group(1) + "=\"" + variable.group(2) + "\": allowed are " + variable.group(3);
    }
    if (message.contains("defaults mode")) {
      return "AWS_DEFAULTS_MODE or defaults_mode: " + cut(message);
    }
    return unreadableProfiles()
        .orElse("the environment's AWS settings cannot be used: " + cut(message));
  }

  /** The SDK quotes it as a part of a URL. */
  private static String asWritten(String region) {
    return URLDecoder.decode(region.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Which of the two files of profiles cannot be read, if one cannot. */
  static Optional<String> unreadableProfiles() {
    return problemOf(
            "AWS_CONFIG_FILE",
            ProfileFileLocation.configurationFilePath(),
            ProfileFile.Type.CONFIGURATION)
        .or(
            () ->
                problemOf(
                    "AWS_SHARED_CREDENTIALS_FILE",
                    ProfileFileLocation.credentialsFilePath(),
                    ProfileFile.Type.CREDENTIALS));
  }

  private static Optional<String> problemOf(String variable, Path file, ProfileFile.Type type) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      ProfileFile.builder().content(file).type(type).build();
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(
          file
              + " ("
              + variable
              + "): "
              + cut(String.valueOf(CredentialProblem.rootOf(e).getMessage())));
    }
  }

  /** The SDK's words may repeat an address. */
  private static String cut(String text) {
    return Printable.cutMiddle(USER_OF_ADDRESS.matcher(text).replaceAll("//****@"), MAX_SHOWN);
  }
}
