package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Says in one line why the SDK has found no credentials. Its own message names six providers with
 * all that they know, and of the one that was configured says why it failed somewhere in between.
 */
final class CredentialProblem {
  private static final String CHAIN = "Unable to load credentials from any of the providers";

  /** What {@link DefaultCredentials} puts before the words of a provider that has worked before. */
  static final String OF_PROVIDER = "Unable to load credentials: ";

  private static final int MAX_SHOWN = 300;

  private static final String WEB_IDENTITY = "WebIdentityTokenFile";
  private static final String PROFILE = "Profile";
  private static final String CONTAINER = "Container";

  private static final Pattern PROVIDER =
      Pattern.compile(
          ",? ?(?:(SystemProperty|EnvironmentVariable|WebIdentityTokenFile|Container"
              + "|InstanceProfile)CredentialsProvider\\(\\)"
              + "|(Profile)CredentialsProvider\\(profileName=.*?\\)): ",
          Pattern.DOTALL);

  /** What providers say that nobody has configured. */
  private static final List<String> NOT_CONFIGURED =
      List.of(
          "Access key must be specified",
          "AWS_WEB_IDENTITY_TOKEN_FILE or the",
          "no credentials for profile 'default'",
          "Cannot fetch credentials from container - neither");

  private static final Pattern MODULE =
      Pattern.compile("'(\\w+)' service module must be on the class path");
  private static final Pattern PROFILE_NAME = Pattern.compile("profileName=(.*?)[,)]");
  private static final Pattern NO_PROFILE =
      Pattern.compile("contained no credentials for profile '(.*?)'");

  private static final Pattern NO_FILE = Pattern.compile("NoSuchFileException: (.*?)]?$");
  private static final String KEYS =
      "a profile with keys or with credential_process,"
          + " or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";

  /** What one of the providers says; an empty name if it is not known which. */
  private record Reason(String provider, String text) {
    boolean isOfWhoIsNotConfigured() {
      return text.isEmpty()
          || NOT_CONFIGURED.stream().anyMatch(text::contains)
          || (provider.equals("InstanceProfile") && text.contains("IMDS"));
    }
  }

  private CredentialProblem() {}

  /** Why there are no credentials; empty if the failure is another. */
  static Optional<String> explain(Throwable failure) {
    String message = messageOf(failure);
    int chain = message.indexOf(CHAIN);
    if (chain < 0) {
      return message.startsWith(OF_PROVIDER)
          ? Optional.of("no AWS credentials: " + ofProvider(message))
          : Optional.empty();
    }
    String profile = profileOf(message);
    for (Reason reason :
        reasons(message.substring(Math.max(chain, message.indexOf("]) : [", chain) + 6)))) {
      if (!reason.isOfWhoIsNotConfigured()) {
        return Optional.of("no AWS credentials: " + inWords(reason, profile));
      }
    }
    return Optional.of(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE,"
            + " or run on an instance with a role");
  }

  /** In the order in which the providers were asked. */
  private static List<Reason> reasons(String text) {
    List<Reason> reasons = new ArrayList<>();
    Matcher next = PROVIDER.matcher(text);
    String provider = "";
    int begin = 0;
    while (next.find()) {
      reasons.add(new Reason(provider, text.substring(begin, next.start()).strip()));
      provider = next.group(1) == null ? next.group(2) : next.group(1);
      begin = next.end();
    }
    reasons.add(new Reason(provider, text.substring(begin).strip()));
    return reasons;
  }

  private static String ofProvider(String message) {
    return inWords(new Reason("", message.substring(OF_PROVIDER.length())), "");
  }

  private static String inWords(Reason reason, String profile) {
    Matcher module = MODULE.matcher(reason.text());
    if (module.find()) {
      return needsModule(reason, profile, module.group(1));
    }
    Matcher none = NO_PROFILE.matcher(reason.text());
    if (none.find()) {
      return "there are none for the profile \""
          + none.group(1)
          + "\" in ~/.aws/config and ~/.aws/credentials; check AWS_PROFILE";
    }
    if (reason.text().contains("Secret key must be specified")) {
      return "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not";
    }
    if (reason.text().contains("AWS_ROLE_ARN or the")) {
      return "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not";
    }
    return whose(reason, profile) + what(reason.text());
  }

  private static String needsModule(Reason reason, String profile, String module) {
    boolean web = reason.provider().equals(WEB_IDENTITY);
    return (web ? "web identity (AWS_WEB_IDENTITY_TOKEN_FILE)" : "profile \"" + profile + '"')
        + " needs the AWS SDK's module "
        + module
        + ", which is not in this program; use "
        + (web ? "the role of the instance or the container (on EKS, Pod Identity), " : "")
        + KEYS;
  }

  private static String whose(Reason reason, String profile) {
    return switch (reason.provider()) {
      case WEB_IDENTITY -> "web identity (AWS_WEB_IDENTITY_TOKEN_FILE): ";
      case CONTAINER -> "container credentials (AWS_CONTAINER_CREDENTIALS_...): ";
      case PROFILE ->
          profile.isEmpty() || profile.equals("default") ? "" : "profile \"" + profile + "\": ";
      default -> "";
    };
  }

  private static String what(String reason) {
    String shown = reason.endsWith("]") ? reason.substring(0, reason.length() - 1) : reason;
    String login = "; log in with aws sso login";
    Matcher file = NO_FILE.matcher(shown);
    if (file.find()) {
      return file.group(1).contains("/sso/cache/")
          ? "there is no SSO token" + login
          : "there is no file \"" + file.group(1) + '"';
    }
    return switch (shown) {
      case "Failed to refresh process-based credentials." ->
          "credential_process has failed; run its command to see why";
      case "Failed to load credentials from metadata service." -> "the endpoint has given none";
      default -> Printable.cutMiddle(shown, MAX_SHOWN) + (shown.contains("SSO token") ? login : "");
    };
  }

  private static String profileOf(String message) {
    Matcher profile = PROFILE_NAME.matcher(message);
    return profile.find() ? profile.group(1) : "";
  }

  private static String messageOf(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < 20; depth++) {
      String message = String.valueOf(at.getMessage());
      if (message.contains(CHAIN) || message.startsWith(OF_PROVIDER)) {
        return message;
      }
      at = at.getCause();
    }
    return "";
  }

  static Throwable rootOf(Throwable t) {
    Throwable root = t;
    for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
      root = root.getCause();
    }
    return root;
  }
}
