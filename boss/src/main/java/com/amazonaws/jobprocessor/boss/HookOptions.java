package com.amazonaws.jobprocessor.boss;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.hook.EventJson;
import com.amazonaws.jobprocessor.boss.hook.Signature;
import com.amazonaws.jobprocessor.boss.store.Hooks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Who is told of what happens. */
final class HookOptions {
  private static final String SECRET = "BOSS_WEBHOOK_SECRET";
  private static final int MAX_URL = 2_048;
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--webhook",
      paramLabel = "URL",
      description = {
        "http or https address that is told when a batch is done, when too many of its tasks have failed,"
            + " and when the hours end with work left; may be given several times",
        "Signed with --webhook-secret-file or the variable " + SECRET
      })
  private List<String> urls = new ArrayList<>();

  @Option(
      names = "--webhook-secret-file",
      paramLabel = "FILE",
      description = "file whose first line is the secret that webhooks are signed with")
  private Path secretFile;

  @Option(
      names = "--webhook-failures",
      paramLabel = "PERCENT",
      defaultValue = "5",
      description =
          "share of a batch's ended tasks above which failures are told of (default: ${DEFAULT-VALUE})")
  private double failures;

  /**
   * What was asked for.
   *
   * @param signature empty if nobody is to be told
   * @param maxFailures in percent
   */
  record Told(Hooks.Listeners listeners, Optional<Signature> signature, double maxFailures) {}

  /** Checks what was given. */
  Told read() {
    if (!(failures >= 0 && failures <= 100)) {
      throw new UserError("--webhook-failures: allowed are 0 to 100");
    }
    urls.forEach(HookOptions::check);
    // Another boss of the database may have listeners where this one has none.
    Hooks.Listeners listeners = new Hooks.Listeners(List.copyOf(urls), EventJson::write);
    return new Told(
        listeners, urls.isEmpty() ? Optional.empty() : Optional.of(signature()), failures);
  }

  /** What is wrong is said without the URL, which may hold a secret. */
  private static void check(String url) {
    boolean good;
    try {
      URI uri = new URI(url);
      String scheme = String.valueOf(uri.getScheme());
      good =
          (scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getFragment() == null
              && (uri.getPort() == -1 || (uri.getPort() >= 1 && uri.getPort() <= MAX_PORT))
              && url.length() <= MAX_URL;
    } catch (java.net.URISyntaxException e) {
      good = false;
    }
    if (!good) {
      throw new UserError(
          "--webhook must be http://HOST/PATH or https://HOST/PATH, without a user and a fragment,"
              + " and with a port from 1 to 65535 if any");
    }
  }

  private Signature signature() {
    try {
      return Signature.with(secret());
    } catch (IllegalArgumentException e) {
      throw new UserError("the secret of webhooks cannot be used: " + e.getMessage(), e);
    }
  }

  private String secret() {
    if (secretFile != null) {
      try {
        return Files.readString(secretFile, UTF_8).lines().findFirst().orElse("").strip();
      } catch (IOException e) {
        throw new UserError("cannot read --webhook-secret-file " + secretFile, e);
      }
    }
    String secret = System.getenv(SECRET);
    if (secret == null) {
      throw new UserError("--webhook needs a secret: give --webhook-secret-file, or set " + SECRET);
    }
    return secret;
  }
}
