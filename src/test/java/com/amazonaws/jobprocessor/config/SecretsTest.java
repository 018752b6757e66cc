package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  private static final String MARKER = "hush7MARKER";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "access_key_id",
        "secret_access_key",
        "session_token",
        "status_token",
        "executor.password",
        "executor.DB_PASSWORD",
        "executor.ApiKey",
        "executor.client-Secret"
      })
  void key_with_a_telling_name_is_secret(String key) {
    assertTrue(Secrets.isSecretKey(key));
  }

  @Test
  void no_other_row_of_the_table_is_secret() {
    List<String> open =
        List.of(Setting.values()).stream()
            .map(Setting::key)
            .filter(key -> !Secrets.isSecretKey(key))
            .toList();

    assertEquals(Setting.values().length - 4, open.size());
    assertTrue(open.contains("job_executor"));
    assertTrue(open.contains("job_backlog_queue_name"));
    assertTrue(open.contains("job_table_name"));
    assertFalse(Secrets.isSecretKey("executor.url"));
  }

  /** Each text hides the marker in its own way. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        // accepted
        "access_key_id=@,secret_access_key=@,session_token=@,executor.password=@,executor.KEY=@",
        // alone, repeated, with a control character, not available
        "access_key_id=@",
        "secret_access_key=@",
        "session_token=@",
        "secret_access_key=@\nsecret_access_key=@x",
        "secret_access_key=@\u0001,access_key_id=\u0007@",
        "executor.token=@\u0000",
        "status_token=@",
        "idle_shutdown_after_secs=@",
        // unknown, misspelt, in wrong case, with a bad name
        "foo=@",
        "secrt_access_key=@",
        "SECRET_ACCESS_KEY=@",
        "executor.a b=@",
        "executor.=@",
        "executor.my password=@",
        "poll_rate_per_minute=@",
        // a comma inside
        "secret_access_key=ab,@",
        "secret_access_key=ab,@,@",
        "secret_access_key=ab\n@",
        "secret_access_key=ab,@=",
        "secret_access_key=ab,@==,@",
        "secret_access_key=ab,x,@=1,@",
        "secret_access_key=ab,=@",
        "secret_access_key=ab,executor@=1",
        "executor.password=ab,@ cd,ef@=gh",
        "status_token=ab,@",
        "my_passwd=ab,@",
        "secrt_access_key=ab,@=",
        "foo=ab,@",
        "foo_key=ab,bar=,@",
        // other ways to write a pair
        "secret_access_key:@",
        "secret_access_key: @",
        "secret_access_key: @==",
        "secret_access_key:@==",
        "secret_access_key @",
        "secret_access_key\n@",
        "secret_access_key:,@",
        "{\"secret_access_key\":\"@\"}",
        "{\"secret_access_key\":\"@=\"}",
        "export AWS_SECRET_ACCESS_KEY=@",
        "'password'='@'",
        // documents
        "#!/bin/sh\nexport PASSWORD=@\n@\n#job-processor: secret_access_key=@,@",
        "#cloud-config\npassword: @",
        "# secret_access_key=@"
      })
  void secret_is_shown_nowhere(String template) {
    String text = template.replace("@", MARKER);

    for (Configuration read :
        List.of(Read.userData(text), Read.bakedAndUserData(text, "job_failure_retries=-1"))) {
      for (String shown : everythingShown(read)) {
        assertFalse(shown.contains(MARKER), shown);
      }
    }
    assertFalse(Configuration.refusedOnCommandLine(text).toString().contains(MARKER));
    assertFalse(new Source("user data", text).toString().contains(MARKER));
    Envelope envelope = new Envelope(text);
    assertFalse(envelope.pairLines().toString().contains(MARKER));
    assertFalse(Entries.of(envelope.pairLines()).toString().contains(MARKER));
  }

  private static List<String> everythingShown(Configuration read) {
    List<String> shown = new ArrayList<>(read.warnings());
    shown.addAll(Read.messages(read));
    shown.add(read.problems().toString());
    shown.add(read.effective().toString());
    if (read.problems().isEmpty()) {
      Settings settings = read.settings();
      shown.add(settings.toString());
      shown.add(String.valueOf(settings.keys()));
      shown.add(settings.executor().toString());
    }
    return shown;
  }

  @Test
  void values_in_force_mask_themselves() {
    assertFalse(new Values.Given(MARKER, "user data", true).toString().contains(MARKER));
  }

  @Test
  void executor_shows_settings_that_are_no_secrets() {
    assertEquals(
        "Executor[className=A, settings={Password=****, url=x}]",
        new Settings.Executor("A", Map.of("url", "x", "Password", MARKER)).toString());
  }

  @Test
  void text_after_a_secret_is_told_by_its_place_with_the_reason() {
    assertEquals(
        List.of(
            "line 1, pair 2 of user data: no key=value pair (not shown, because it may hold a"
                + " secret); allowed: key=value; pairs are separated by commas or newlines, and a"
                + " comma inside a value is written \\,",
            "line 1, pair 3 of user data: unknown setting (not shown, because it may hold a"
                + " secret); --help lists all settings"),
        Read.messages(Read.userData("executor.token=ab,cd,ef=gh")));
  }

  @Test
  void plain_misspelling_after_a_secret_is_named() {
    assertEquals(
        List.of(
            "concurency: unknown setting in user data; did you mean concurrency?",
            "executor.: unknown setting in user data; NAME in executor.NAME has 1 to 64 letters,"
                + " digits, dots, - and _"),
        Read.messages(
            Read.userData("executor.password=ab,concurency=1\nexecutor.token=x,executor.=1")));
  }

  @Test
  void text_that_is_no_pair_is_quoted_only_where_no_secret_is_mentioned() {
    assertEquals(
        List.of(
            "line 1, pair 2 of user data: \"hello\" begins no key=value pair; allowed: key=value;"
                + " pairs are separated by commas or newlines, and a comma inside a value is"
                + " written \\,"),
        Read.messages(Read.userData("concurrency=1,hello world")));

    String message =
        Read.messages(
                Read.userData("secret_access_key=s,access_key_id=a,concurrency=1,hello world"))
            .getFirst();

    assertFalse(message.contains("hello"), message);
    assertTrue(message.startsWith("line 1, pair 4 of user data: no key=value pair"), message);
  }

  @Test
  void text_that_may_be_in_another_encoding_is_not_quoted() {
    for (String odd :
        List.of("c2VjcmV0X2FjY2Vzcz1h", "ab".repeat(40), "N01ERU5HK2JQeFJma", "6a 6f")) {
      String message = Read.messages(Read.userData("concurrency=1," + odd)).getFirst();

      assertFalse(message.contains(odd.substring(0, 4)), message);
    }
  }

  /** Even one that is a word. */
  @Test
  void password_in_a_url_where_none_belongs_is_not_quoted() {
    for (String key : List.of("job_backlog_queue_name", "concurrency")) {
      String message =
          Read.messages(Read.userData(key + "=https://me:hunter2@queues.example/1/jobs"))
              .getFirst();

      assertTrue(message.startsWith(key + ": the value in user data"), message);
      assertFalse(message.contains("hunter2"), message);
    }
  }

  @Test
  void value_is_quoted_up_to_what_looks_like_another_pair() {
    assertEquals(
        List.of(
            "concurrency: \"4;poll_rate_per_min...\" in user data is not a whole number in plain"
                + " digits; allowed: 1 to 1,000; pairs are separated by commas or newlines"),
        Read.messages(Read.userData("concurrency=4;poll_rate_per_min=10")));
  }

  @Test
  void open_value_that_holds_a_secret_is_masked_where_settings_are_shown() {
    for (String value :
        List.of(
            "http://x/?token=" + MARKER,
            "http://x;secret_access_key=" + MARKER,
            "http://x\u00a0se\u200bcret_access_key\uff1d" + MARKER,
            "mysql --password " + MARKER,
            "http://me:" + MARKER + "@x/")) {
      Configuration read = Read.userData("executor.url=" + value);

      assertEquals("****", Read.row(read, "executor.url").value(), value);
      assertTrue(read.secrets().contains(MARKER), value);
      assertFalse(read.settings().toString().contains(MARKER), value);
      assertEquals(value, read.settings().executor().settings().get("url"));
    }
    assertEquals(
        "keytool -list", Read.row(Read.userData("executor.c=keytool -list"), "executor.c").value());
  }

  /** Else each of their words would be hidden wherever it stands in a log. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "python3 /opt/tokenizer.py input",
        "python3 monkey.py json",
        "turkey process-orders",
        "/opt/donkey/run.sh jobs",
        "python3 /opt/rotate_keys.py input",
        "python3 rotate_keys.py input",
        "/usr/bin/api_key input",
        "rotate-keys production",
        "hockey_stats season",
        "run --tokenizer=large --keyboard=german",
        "java -jar keyspace.jar jobs",
        "keytool -list",
        "jq .items input",
        "run token refresh",
        "sort by key first",
        "docker run -u 1000:1000 image",
        "docker run -u root:root image",
        "run --authorization=optional",
        "authorization:none",
        "python3 -u /opt/a:b.py",
        "get -u http://example.com/x",
        "look up bearer bonds",
        "fetch http://example.com:8080/x"
      })
  void words_that_only_look_like_names_of_secrets_hide_nothing(String command) {
    assertEquals(List.of(), Secrets.in(command));
    assertEquals(
        command,
        Read.row(Read.userData("executor.command=" + command), "executor.command").value());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run --token @",
        "run --api-key @",
        "run --apikey @",
        "run -dbPassword '@'",
        "run --key=@",
        "run api_key=@",
        "run apikey=@",
        "run APIKEY: @",
        "env DB_PASSWORD=@ run",
        "env dbPassword=@ run",
        "env PASSWORDS='@' run",
        "run secretAccessKey @",
        "run aws_secret_access_key @",
        "run executor.password @",
        "run server.key @",
        "run password @",
        "run token : @",
        "run monkey=@",
        "run token other_token @",
        "curl -H \"X-Auth-Token: @\" http://x",
        "run --secret-file_1 @",
        "curl -H 'Authorization: Bearer @' https://x/",
        "curl -H \"authorization: Basic @\" https://x/",
        "curl -H 'Authorization: @' https://x/",
        "curl --oauth2-bearer @ https://x/",
        "send 'Bearer @' on",
        "curl -u me:@ https://x/",
        "curl --user=me:@ https://x/",
        "curl -x http://proxy -U 'me:@' https://x/"
      })
  void what_may_be_a_secret_is_found_in_a_command(String template) {
    assertTrue(Secrets.in(template.replace("@", MARKER)).contains(MARKER), template);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE"})
  void an_access_keys_id_is_found_by_its_form(String id) {
    assertTrue(Secrets.in("run with " + id + " on").contains(id));
    assertEquals(List.of(), Secrets.in("run with X" + id + " on"));
  }

  @Test
  void open_value_that_has_swallowed_pairs_is_a_warning() {
    assertEquals(
        List.of(
            "executor.url: the value in user data contains \"concurrency=\"; pairs are separated by"
                + " commas or newlines"),
        Read.userData("executor.url=http://x/;concurrency=4").warnings());
    assertEquals(List.of(), Read.userData("executor.url=http://x/?my_concurrency1=4").warnings());
  }
}
