package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.message.Printable;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What was collected of jobs: results and dead letters, by their ids. */
final class AuditFile {
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * What was collected of one job.
   *
   * @param results how many
   * @param letters how many
   * @param sha256 of the last result, as text that was escaped; null if there is none
   */
  record Collected(int results, int letters, String sha256) {
    static final Collected NOTHING = new Collected(0, 0, null);
  }

  private final Set<String> ids;

  /** By what lines of text say instead: those that have a backslash. */
  private final Map<String, String> escaped = new HashMap<>();

  private final Map<String, Collected> collected = new HashMap<>();
  private long strangers;

  /**
   * Nothing yet.
   *
   * @param ids of the jobs that matter
   */
  AuditFile(Set<String> ids) {
    this.ids = ids;
    for (String id : ids) {
      String line = Text.oneLine(id);
      if (!line.equals(id)) {
        escaped.put(line, id);
      }
    }
  }

  /**
   * Reads a file: lines of {@code results} or {@code run}, as text or JSON, and of {@code
   * dead-letters --json}.
   *
   * @throws UserError if it cannot be read, or a line is none of these
   */
  void read(String name) {
    try (BufferedReader in = new BufferedReader(new InputStreamReader(Input.open(name), UTF_8))) {
      long number = 0;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        number++;
        if (!line.isBlank() && !(line.startsWith("{") && json(line)) && !text(line)) {
          throw new UserError(
              Input.line(number, name)
                  + " is neither \"job_id TAB result\" nor a JSON object with a job_id");
        }
      }
    } catch (IOException e) {
      throw Input.unreadable(name, e);
    }
  }

  private boolean text(String line) {
    int tab = line.indexOf('\t');
    if (tab <= 0) {
      return false;
    }
    String id = line.substring(0, tab);
    boolean plain = id.equals(Text.oneLine(id));
    result(plain ? id : escaped.getOrDefault(id, ""), line.substring(tab + 1));
    return true;
  }

  private boolean json(String line) throws IOException {
    Map<String, String> fields = new HashMap<>();
    try (JsonParser parser = JSON.createParser(line)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        fields.put(name, parser.getText());
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        return false; // the id of a line of text may look so
      }
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      return false;
    }
    String id = fields.get("job_id");
    if (id == null) {
      return false;
    }
    if (fields.containsKey("error_type")) {
      letter(id);
    } else {
      result(id, Text.oneLine(fields.getOrDefault("result", "")));
    }
    return true;
  }

  private void result(String id, String escaped) {
    if (isOurs(id)) {
      Collected before = of(id);
      String sha256 = Printable.sha256(escaped);
      collected.put(id, new Collected(before.results() + 1, before.letters(), sha256));
    }
  }

  private void letter(String id) {
    if (isOurs(id)) {
      Collected before = of(id);
      collected.put(id, new Collected(before.results(), before.letters() + 1, before.sha256()));
    }
  }

  private boolean isOurs(String id) {
    boolean ours = ids.contains(id);
    strangers += ours ? 0 : 1;
    return ours;
  }

  /** What was collected of a job. */
  Collected of(String id) {
    return collected.getOrDefault(id, Collected.NOTHING);
  }

  /** How many lines are of other jobs. */
  long strangers() {
    return strangers;
  }
}
