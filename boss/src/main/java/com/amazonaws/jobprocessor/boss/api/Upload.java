package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the tasks of a request, one by one: all are good, or the first bad ones are named. */
public final class Upload {
  /** Tasks of a request. */
  public static final int MAX_TASKS = 200_000;

  /** Characters of a cell, and more than any that may be a payload. */
  private static final int MAX_CELL = 2 * 1024 * 1024;

  /** Flaws that an answer names; the others are counted. */
  public static final int MAX_FLAWS = 100;

  private static final String NAME = "name";
  private static final String PAYLOAD = "payload";
  private static final String PRIORITY = "priority";
  private static final Set<String> FIELDS = Set.of(NAME, PAYLOAD, PRIORITY);

  /** Keeps no names of fields, of which a body may have millions. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final List<NewTask> tasks = new ArrayList<>();
  private final List<Problem.Flaw> flaws = new ArrayList<>();
  private int bad;
  private @Nullable String batch;

  private Upload() {}

  /** {@code {"batch":"…","tasks":[{"name":"…","payload":"…","priority":0}]}}. */
  static Upload json(InputStream in) throws IOException {
    Upload upload = new Upload();
    try (JsonParser parser = JSON.createParser(utf8(in))) {
      upload.read(parser);
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("the body is not UTF-8");
    } catch (JsonProcessingException e) {
      throw Json.unreadable(e);
    }
    return upload.checked();
  }

  private void read(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw Problem.badRequest("the body is not a JSON object");
    }
    boolean seen = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (field.equals("batch") && batch == null && token == JsonToken.VALUE_STRING) {
        batch = parser.getText();
      } else if (field.equals("tasks") && !seen && token == JsonToken.START_ARRAY) {
        seen = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          readTask(parser, "tasks[" + (tasks.size() + bad) + "]");
        }
      } else {
        throw Problem.badRequest(
            "the body has other fields than one batch (a string) and one tasks (an array)");
      }
    }
    if (parser.nextToken() != null) {
      throw Problem.badRequest("the body has text after its JSON object");
    }
  }

  /** Field by field: whatever else is there is skipped, and takes no memory. */
  private void readTask(JsonParser parser, String at) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      flaw(at, "it is not an object");
      return;
    }
    String name = null;
    String payload = null;
    int priority = 0;
    Set<String> seen = new HashSet<>();
    boolean otherFields = false;
    boolean otherNumber = false;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (!FIELDS.contains(field) || !seen.add(field)) {
        otherFields = true;
      } else if (field.equals(NAME)) {
        name = text(parser, token);
      } else if (field.equals(PAYLOAD)) {
        payload = text(parser, token);
      } else if (token == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() == JsonParser.NumberType.INT) {
        priority = parser.getIntValue();
      } else {
        otherNumber = true;
      }
      parser.skipChildren();
    }
    if (otherFields) {
      flaw(at, "it has other fields than name, payload and priority, each once");
    } else if (name == null || payload == null) {
      flaw(at, "name and payload must be strings");
    } else if (otherNumber) {
      flaw(at, "priority must be a whole number");
    } else {
      add(new NewTask(name, payload, priority), at);
    }
  }

  private static @Nullable String text(JsonParser parser, JsonToken token) throws IOException {
    return token == JsonToken.VALUE_STRING ? parser.getText() : null;
  }

  private void add(NewTask task, String at) {
    if (tasks.size() + bad >= MAX_TASKS) {
      throw new Problem(413, "a request may have " + MAX_TASKS + " tasks; send several");
    }
    task.problem().ifPresentOrElse(problem -> flaw(at, problem), () -> tasks.add(task));
  }

  private void flaw(String at, String problem) {
    bad++;
    if (flaws.size() < MAX_FLAWS) {
      flaws.add(new Problem.Flaw(at, problem));
    }
  }

  /**
   * CSV with a header {@code name,payload,priority}, in any order and without what is not needed.
   *
   * @throws Problem if something is wrong: each bad line is named, up to 100
   */
  public static Upload csv(InputStream in) throws IOException {
    Reader reader = utf8(in);
    reader.mark(1);
    Upload upload = new Upload();
    try {
      if (reader.read() != '\uFEFF') {
        reader.reset();
      }
      try (CsvReader<CsvRecord> rows =
          CsvReader.builder()
              .maxBufferSize(MAX_CELL)
              .allowUnclosedQuote(false)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .ofCsvRecord(reader)) {
        upload.read(rows.iterator());
      }
    } catch (CharacterCodingException e) {
      throw Problem.badRequest("the body is not UTF-8");
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw Problem.badRequest("the body is not UTF-8");
      }
      throw e.getCause();
    } catch (CsvParseException e) {
      if (e.getCause() instanceof Problem problem) {
        throw problem;
      }
      throw Problem.badRequest("the body is not CSV that can be read: " + oneLine(e));
    }
    return upload.checked();
  }

  private static Reader utf8(InputStream in) {
    return new BufferedReader(
        new InputStreamReader(
            in,
            UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)));
  }

  private static String oneLine(CsvParseException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  private void read(Iterator<CsvRecord> rows) {
    if (!rows.hasNext()) {
      throw Problem.badRequest("the body is empty: its first line must be name,payload,priority");
    }
    List<String> header = rows.next().getFields().stream().map(String::strip).toList();
    int name = header.indexOf(NAME);
    int payload = header.indexOf(PAYLOAD);
    int priority = header.indexOf(PRIORITY);
    if (name < 0
        || payload < 0
        || !FIELDS.containsAll(header)
        || Set.copyOf(header).size() < header.size()) {
      throw Problem.badRequest(
          "the first line must name the columns name and payload, and may name priority");
    }
    while (rows.hasNext()) {
      CsvRecord row = rows.next();
      String at = "line " + row.getStartingLineNumber();
      if (row.getFieldCount() != header.size()) {
        flaw(at, "it has " + row.getFieldCount() + " columns, the first line " + header.size());
        continue;
      }
      String number = priority < 0 ? "" : row.getField(priority).strip();
      if (!number.matches("|-?[0-9]{1,6}")) {
        flaw(at, "priority must be a whole number");
        continue;
      }
      add(
          new NewTask(
              row.getField(name),
              row.getField(payload),
              number.isEmpty() ? 0 : Integer.parseInt(number)),
          at);
    }
  }

  private Upload checked() {
    if (bad > 0) {
      String more = bad > flaws.size() ? " (the first " + flaws.size() + " are named)" : "";
      throw new Problem(
          422,
          bad + " of " + (tasks.size() + bad) + " tasks are wrong" + more + "; none was made",
          flaws);
    }
    if (tasks.isEmpty()) {
      throw new Problem(422, "there are no tasks in the body");
    }
    return this;
  }

  /** The tasks, at least one. */
  public List<NewTask> tasks() {
    return tasks;
  }

  @Nullable String batch() {
    return batch;
  }
}
