package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.LoopbackProxy;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials as people have them in ~/.aws/config. */
@Tag("long")
@Timeout(240)
class ProfilesIT extends SqsFixture {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer sts;

  @BeforeEach
  void startSts() throws IOException {
    sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    sts.createContext(
        "/",
        exchange -> {
          if (exchange.getRequestURI().getPath().startsWith("/federation/")) {
            answerSso(exchange);
            return;
          }
          String request = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
          String action = request.replaceAll(".*Action=(\\w+).*", "$1");
          asked.add(action);
          byte[] answer = ANSWER.replace("ACTION", action).getBytes(UTF_8);
          exchange.getResponseHeaders().set("Content-Type", "text/xml");
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    sts.start();
  }

  private void answerSso(HttpExchange exchange) throws IOException {
    asked.add(
        exchange.getRequestURI().getPath()
            + " "
            + exchange.getRequestHeaders().getFirst("x-amz-sso_bearer_token"));
    byte[] answer =
        """
        {"roleCredentials":{"accessKeyId":"ASIAEXAMPLE","secretAccessKey":"s","sessionToken":"t",\
        "expiration":4070908800000}}"""
            .getBytes(UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static final String ANSWER =
      """
      <ACTIONResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><ACTIONResult>
        <AssumedRoleUser><Arn>arn:aws:sts::1:assumed-role/w/s</Arn>
          <AssumedRoleId>A:s</AssumedRoleId></AssumedRoleUser>
        <Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>
          <SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
      </ACTIONResult></ACTIONResponse>
      """;

  @AfterEach
  void stopSts() {
    sts.stop(0);
  }

  private int runWith(String profile, String config) throws Exception {
    Process process =
        ClientProcess.start(folder, endpoint, environment(profile, config), "", "queues");
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  private Map<String, String> environment(String profile, String config) throws IOException {
    Path file = Files.writeString(folder.resolve("config"), config);
    Map<String, String> environment = new HashMap<>();
    environment.put("AWS_CONFIG_FILE", file.toString());
    environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
    environment.put("AWS_PROFILE", profile);
    environment.put("HOME", folder.toString());
    environment.put("AWS_ENDPOINT_URL_SSO", "http://127.0.0.1:" + sts.getAddress().getPort());
    environment.put("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:" + sts.getAddress().getPort());
    return environment;
  }

  /** The command line, and an application that has nothing but what the library's pom brings. */
  private void assertWorks(String profile, String config, String... requests) throws Exception {
    assertEquals(0, runWith(profile, config), err());
    assertEquals(List.of(requests), asked);
    asked.clear();
    assertEquals(0, runApplication(environment(profile, config)), err());
    assertEquals(List.of(requests), asked);
  }

  private int runApplication(Map<String, String> environment) throws Exception {
    Path application =
        Files.writeString(
            folder.resolve("Application.java"),
            """
            public class Application {
              public static void main(String[] args) throws Exception {
                try (var enqueuer =
                    com.amazonaws.jobprocessor.client.Enqueuer.builder("%s").build()) {
                  enqueuer.enqueue("job");
                }
              }
            }
            """
                .formatted(BACKLOG));
    Path client = Checkout.root().resolve("client/target");
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            client.resolve("client.jar") + ":" + client.resolve("lib") + "/*",
            application.toString());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(environment);
    builder.environment().put("AWS_ENDPOINT_URL_SQS", endpoint);
    builder.environment().put("AWS_REGION", "us-east-1");
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    Process process = builder.start();
    assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }

  @Test
  void a_profile_with_a_role_is_assumed() throws Exception {
    String config =
        """
        [profile base]
        aws_access_key_id = AKIAEXAMPLE
        aws_secret_access_key = s
        [profile worker]
        role_arn = arn:aws:iam::111122223333:role/worker
        source_profile = base
        """;

    assertWorks("worker", config, "AssumeRole");
  }

  @Test
  void what_gives_credentials_is_called_through_the_proxy_too() throws Exception {
    String config =
        """
        [profile base]
        aws_access_key_id = AKIAEXAMPLE
        aws_secret_access_key = s
        [profile worker]
        role_arn = arn:aws:iam::111122223333:role/worker
        source_profile = base
        """;
    try (LoopbackProxy proxy = LoopbackProxy.refusing("403 Forbidden")) {
      Map<String, String> environment = environment("worker", config);
      environment.put("AWS_ENDPOINT_URL_STS", "https://sts.invalid");
      environment.put("https_proxy", "http://127.0.0.1:" + proxy.port());
      Process process = ClientProcess.start(folder, endpoint, environment, "", "queues");
      assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it does not end");
      assertEquals(Set.of("CONNECT sts.invalid:443"), proxy.requests());
      assertTrue(err().contains(" does not connect to sts.invalid: HTTP 403 Forbidden"), err());
    }
  }

  @Test
  void a_web_identity_is_exchanged() throws Exception {
    Path token = Files.writeString(folder.resolve("token"), "token");
    String config =
        """
        [profile web]
        role_arn = arn:aws:iam::111122223333:role/worker
        web_identity_token_file = %s
        """
            .formatted(token);

    assertWorks("web", config, "AssumeRoleWithWebIdentity");
  }

  /** Where {@code aws sso login} leaves its token: a file named by the SHA-1 of the session. */
  @ParameterizedTest
  @ValueSource(strings = {"of a session", "as it was before there were sessions"})
  void a_single_sign_on_is_exchanged(String kind) throws Exception {
    boolean ofSession = kind.contains("of a session");
    String start = "https://example.invalid/start";
    String where = "sso_region = us-east-1\nsso_start_url = " + start + "\n";
    String config =
        """
        [profile p]
        sso_account_id = 111122223333
        sso_role_name = worker
        """
            + (ofSession ? "sso_session = s\n[sso-session s]\n" + where : where);
    byte[] name =
        MessageDigest.getInstance("SHA-1").digest((ofSession ? "s" : start).getBytes(UTF_8));
    Files.writeString(
        Files.createDirectories(folder.resolve(".aws/sso/cache"))
            .resolve(HexFormat.of().formatHex(name) + ".json"),
        """
        {"accessToken":"token","expiresAt":"2099-01-01T00:00:00Z","region":"us-east-1",
        "startUrl":"%s"}
        """
            .formatted(start));

    assertWorks("p", config, "/federation/credentials token");
  }

  @Test
  void a_program_that_prints_credentials_is_run() throws Exception {
    Path program =
        Files.writeString(
            folder.resolve("credentials.json"),
            "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"s\"}");

    assertWorks("p", "[profile p]\ncredential_process = cat %s\n".formatted(program));
  }

  @Test
  void what_does_not_work_is_one_short_line() throws Exception {
    for (String profile :
        List.of(
            "[profile p]\nlogin_session = x\n",
            """
            [profile p]
            sso_session = s
            sso_account_id = 1
            sso_role_name = r
            [sso-session s]
            sso_region = us-east-1
            sso_start_url = https://example.invalid
            """,
            "[profile p]\ncredential_process = false\n",
            "[profile other]\n")) {
      assertEquals(1, runWith("p", profile), profile);
      assertEquals(1, err().lines().count(), err());
      assertTrue(err().length() < 300, err());
      assertTrue(err().startsWith("sample-client: no AWS credentials: "), err());
      assertTrue(err().contains("\"p\""), err());
    }
  }

  @Test
  void a_file_that_makes_no_sense_is_named() throws Exception {
    assertEquals(1, runWith("p", "what is this\n"));

    assertEquals(1, err().lines().count(), err());
    assertTrue(err().contains(folder.resolve("config").toString()), err());
  }
}
