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
    assertFalse(Entries.of(envelope).toString().contains(MARKER));
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
            "line 1, pair 2 of user data: no pair, not shown because it may be the rest of a"
                + " secret; allowed: key=value, and a comma inside a value is written \\,",
            "line 1, pair 3 of user data: unknown setting, not shown because it follows a"
                + " secret; a comma inside a value is written \\,"),
        Read.messages(Read.userData("status_token=ab,cd,ef=gh")).subList(1, 3));
  }

  @Test
  void plain_misspelling_after_a_secret_is_named() {
    assertEquals(
        List.of(
            "concurency: unknown setting in user data; did you mean concurrency?",
            "executor.: unknown setting in user data; NAME in executor.NAME: 1 to 64 letters,"
                + " digits, dots, - and _"),
        Read.messages(
            Read.userData("executor.password=ab,concurency=1\nexecutor.token=x,executor.=1")));
  }

  @Test
  void text_after_an_open_setting_is_named_by_its_first_word() {
    List<String> messages =
        Read.messages(
            Read.userData("secret_access_key=s,access_key_id=a,concurrency=1,hello world"));

    assertEquals(1, messages.size());
    assertTrue(messages.getFirst().contains("\"hello\" begins no pair"), messages::toString);
  }

  @Test
  void first_word_is_cut() {
    String message = Read.messages(Read.userData("x".repeat(500))).getFirst();

    assertTrue(message.contains('"' + "x".repeat(30) + "...\""), message);
  }
}
