package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a command of {@link PersistentCommand} answers to one job: a result, or an error.
 *
 * @param isError whether {@code text} is an error's
 * @param text the result, null for none; or the error's text, never null
 * @param isPermanent whether a retry cannot help
 * @param retryAfter when to try again, null for as usual
 */
record CommandAnswer(
    boolean isError, @Nullable String text, boolean isPermanent, @Nullable Duration retryAfter) {

  /** SQS's twelve hours. */
  private static final double MAX_RETRY_AFTER_SECS = 43_200;

  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private static final JsonFactory JSON =
      JsonFactory.builder()
          // A longer text is not made first, and then refused.
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Collected.MAX_RESULT).build())
          .build();

  /**
   * Reads a line.
   *
   * @param jobId which the answer may repeat, and no other
   * @throws InvalidAnswer if it is no answer to that job
   */
  static CommandAnswer of(byte[] line, int offset, int length, String jobId) throws IOException {
    try (JsonParser parser = parser(line, offset, length)) {
      return new Reading(parser, jobId).read();
    } catch (JacksonException e) {
      throw new InvalidAnswer(
          "the answer is not JSON in one line: " + Excerpt.of(line, offset, length));
    } catch (CharacterCodingException e) {
      throw new InvalidAnswer("the answer is not in UTF-8: " + Excerpt.of(line, offset, length));
    }
  }

  /** Of text, since Jackson takes for UTF-8 what is none: two bytes for "a", and UTF-16. */
  private static JsonParser parser(byte[] line, int offset, int length) throws IOException {
    CharBuffer text = UTF_8.newDecoder().decode(ByteBuffer.wrap(line, offset, length));
    int start = text.hasRemaining() && text.get(0) == BYTE_ORDER_MARK ? 1 : 0;
    return JSON.createParser(text.array(), start, text.length() - start);
  }

  /** Reads a long line. */
  static CommandAnswer of(InputStream line, String jobId) throws IOException {
    try (Reader text = new BufferedReader(new InputStreamReader(line, UTF_8.newDecoder()))) {
      text.mark(1);
      if (text.read() != BYTE_ORDER_MARK) {
        text.reset();
      }
      return new Reading(JSON.createParser(text), jobId).read();
    } catch (JacksonException e) {
      throw new InvalidAnswer("the answer is not JSON in one line: " + e.getOriginalMessage());
    } catch (CharacterCodingException e) {
      throw new InvalidAnswer("the answer is not in UTF-8");
    }
  }

  /**
   * The result.
   *
   * @throws RuntimeException if it is an error
   */
  @Nullable String result() {
    if (!isError) {
      return text;
    }
    String message = String.valueOf(text);
    if (isPermanent) {
      throw new CommandFailedForGood(message);
    }
    throw retryAfter == null
        ? new CommandFailed(message)
        : new CommandFailedRetryAfter(retryAfter, message);
  }

  /** One answer's fields, as they come. */
  private static final class Reading {
    private final JsonParser parser;
    private final String jobId;
    private boolean hasResult;
    private @Nullable String result;
    private @Nullable String error;
    private boolean permanent;
    private @Nullable Duration retryAfter;

    Reading(JsonParser parser, String jobId) {
      this.parser = parser;
      this.jobId = jobId;
    }

    CommandAnswer read() throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidAnswer("the answer is not a JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        readField(parser.currentName(), parser.nextToken());
      }
      if (parser.nextToken() != null) {
        throw new InvalidAnswer("the line has text after the answer");
      }
      if (!hasResult && error == null) {
        throw new InvalidAnswer("the answer has neither \"result\" nor \"error\"");
      }
      if (result != null && error != null) {
        throw InvalidAnswer.inField("the answer has both \"result\" and \"error\"");
      }
      return error == null
          ? new CommandAnswer(false, result, false, null)
          : new CommandAnswer(true, error, permanent, retryAfter);
    }

    private void readField(String name, JsonToken value) throws IOException {
      switch (name) {
        case "result" -> {
          if (hasResult) {
            throw InvalidAnswer.inField("the answer has two results");
          }
          hasResult = true;
          result = string(name, value);
        }
        case "error" -> error = string(name, value);
        case "permanent" -> permanent = isTrue(name, value);
        case "retry_after_secs" -> retryAfter = seconds(name, value);
        case "job_id" -> check(string(name, value));
        default -> parser.skipChildren();
      }
    }

    private @Nullable String string(String name, JsonToken value) throws IOException {
      return switch (value) {
        case VALUE_STRING -> text();
        case VALUE_NULL -> null;
        default -> throw wrongType(name, "a string");
      };
    }

    private String text() throws IOException {
      try {
        return parser.getText();
      } catch (StreamConstraintsException e) {
        throw new ResultTooLarge("the answer");
      }
    }

    private boolean isTrue(String name, JsonToken value) {
      return switch (value) {
        case VALUE_TRUE -> true;
        case VALUE_FALSE, VALUE_NULL -> false;
        default -> throw wrongType(name, "true or false");
      };
    }

    private @Nullable Duration seconds(String name, JsonToken value) throws IOException {
      return switch (value) {
        case VALUE_NULL -> null;
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
          double seconds = parser.getDoubleValue();
          if (seconds < 0) {
            throw wrongType(name, "a number from 0");
          }
          yield Duration.ofMillis((long) (Math.min(seconds, MAX_RETRY_AFTER_SECS) * 1_000));
        }
        default -> throw wrongType(name, "a number from 0");
      };
    }

    private void check(@Nullable String answered) {
      if (answered != null && !answered.equals(jobId)) {
        throw new InvalidAnswer(
            "the answer is to the job " + Excerpt.of(answered) + ", not to this one");
      }
    }

    private static InvalidAnswer wrongType(String name, String what) {
      return InvalidAnswer.inField("the answer's \"" + name + "\" is not " + what);
    }
  }
}
