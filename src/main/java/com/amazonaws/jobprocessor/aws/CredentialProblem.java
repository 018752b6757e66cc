package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Printable;
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

  private static final Pattern BETWEEN_REASONS =
      Pattern.compile(
          ",? ?(?:SystemProperty|EnvironmentVariable|WebIdentityTokenFile|Container|InstanceProfile)"
              + "CredentialsProvider\\(\\): |,? ?ProfileCredentialsProvider\\(profileName=.*?\\): ",
          Pattern.DOTALL);

  /** What providers say that nobody has configured. */
  private static final List<String> NOT_CONFIGURED =
      List.of(
          "Access key must be specified",
          "AWS_WEB_IDENTITY_TOKEN_FILE or the",
          "no credentials for profile 'default'",
          "Cannot fetch credentials from container - neither",
          "IMDS");

  private static final Pattern MODULE =
      Pattern.compile("'(\\w+)' service module must be on the class path");
  private static final Pattern PROFILE = Pattern.compile("profileName=(.*?)[,)]");
  private static final Pattern NO_PROFILE =
      Pattern.compile("contained no credentials for profile '(.*?)'");

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
    String reasons = message.substring(Math.max(chain, message.indexOf("]) : [", chain) + 6));
    for (String part : BETWEEN_REASONS.split(reasons, -1)) {
      String reason = part.strip();
      if (!reason.isEmpty() && NOT_CONFIGURED.stream().noneMatch(reason::contains)) {
        return Optional.of("no AWS credentials: " + inWords(reason, profileOf(message)));
      }
    }
    return Optional.of(
        "no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE,"
            + " or run on an instance with a role");
  }

  private static String ofProvider(String message) {
    return inWords(message.substring(OF_PROVIDER.length()), "");
  }

  private static String inWords(String reason, String profile) {
    Matcher module = MODULE.matcher(reason);
    if (module.find()) {
      return "profile \""
          + profile
          + "\" needs the AWS SDK's module "
          + module.group(1)
          + ", which is not in this program; use a profile with keys or with credential_process,"
          + " or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    }
    Matcher none = NO_PROFILE.matcher(reason);
    if (none.find()) {
      return "there are none for the profile \""
          + none.group(1)
          + "\" in ~/.aws/config and ~/.aws/credentials; check AWS_PROFILE";
    }
    if (reason.startsWith("Secret key must be specified")
        || reason.contains("Secret key must be")) {
      return "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not";
    }
    String shown = reason.endsWith("]") ? reason.substring(0, reason.length() - 1) : reason;
    String of =
        profile.isEmpty() || profile.equals("default") ? "" : "profile \"" + profile + "\": ";
    String login = shown.contains("SSO token") ? "; log in with aws sso login" : "";
    return of + Printable.cutMiddle(shown, MAX_SHOWN) + login;
  }

  private static String profileOf(String message) {
    Matcher profile = PROFILE.matcher(message);
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
