package com.amazonaws.jobprocessor.message;

import org.jspecify.annotations.Nullable;

/**
 * A message attribute as SQS has it.
 *
 * @param dataType {@code String}, {@code Number} or {@code Binary}, possibly with a label behind a
 *     dot
 * @param text the value of a String or Number, else null
 * @param binary the value of a Binary, else null; not copied, not to be changed
 */
@SuppressWarnings(
    "ArrayRecordComponent") // compared by nobody; a copy a message would cost more than it guards
public record Attribute(String dataType, @Nullable String text, byte @Nullable [] binary) {
  /** An attribute of the type String. */
  public static Attribute of(String text) {
    return new Attribute("String", text, null);
  }

  /** True for String and {@code String.label}. */
  public boolean isString() {
    return text != null && (dataType.equals("String") || dataType.startsWith("String."));
  }

  /** True if SQS would refuse the attribute for having no value. */
  public boolean isEmpty() {
    return (text == null || text.isEmpty()) && (binary == null || binary.length == 0);
  }

  /** Bytes that count towards SQS's limit, with those of the name. */
  public int size(String name) {
    int value = text != null ? MessageFormat.utf8Length(text) : binary != null ? binary.length : 0;
    return MessageFormat.utf8Length(name) + dataType.length() + value;
  }
}
