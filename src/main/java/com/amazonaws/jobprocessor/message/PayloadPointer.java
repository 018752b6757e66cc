package com.amazonaws.jobprocessor.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The mark of a message whose body is a pointer to its payload, as the Amazon SQS Extended Client
 * Library sets it.
 */
public final class PayloadPointer {
  /** The attribute that marks a pointer: the payload's size in bytes, of the type Number. */
  public static final String SIZE = "ExtendedPayloadSize";

  /** The same from the library's first versions, which its later ones still read. */
  public static final String LEGACY_SIZE = "SQSLargePayloadSize";

  /** The names that mark a pointer, whatever their values. */
  public static final Set<String> MARKS = Set.of(SIZE, LEGACY_SIZE);

  /**
   * The attribute by which another library, sqs-extended-client for Node.js, marks a pointer; the
   * body is not the payload. We do not follow it: such a message is refused rather than run.
   */
  public static final String FOREIGN = "S3MessageBodyKey";

  private static final int MAX_DIGITS = 18;

  private PayloadPointer() {}

  /**
   * True if a message with these attributes carries a pointer in its body, or stands for a payload
   * elsewhere in a way that we do not follow.
   */
  public static boolean isPointer(Map<String, Attribute> attributes) {
    return attributes.containsKey(SIZE)
        || attributes.containsKey(LEGACY_SIZE)
        || attributes.containsKey(FOREIGN);
  }

  /**
   * The size that the sender has given, in bytes; empty if there is none that makes sense. Nobody
   * has checked it.
   */
  public static OptionalLong sizeOf(Map<String, Attribute> attributes) {
    Attribute size = attributes.getOrDefault(SIZE, attributes.get(LEGACY_SIZE));
    String text = size == null || size.text() == null ? "" : size.text();
    boolean number =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return number ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /** The attributes of the message that carries the pointer to a payload of so many bytes. */
  public static Map<String, Attribute> mark(Map<String, Attribute> attributes, long bytes) {
    Map<String, Attribute> marked = unmark(attributes);
    marked.put(SIZE, new Attribute("Number", Long.toString(bytes), null));
    return marked;
  }

  /** The attributes without the mark: as they are when the payload is the body. */
  public static Map<String, Attribute> unmark(Map<String, Attribute> attributes) {
    Map<String, Attribute> unmarked = new LinkedHashMap<>(attributes);
    unmarked.keySet().removeAll(MARKS);
    return unmarked;
  }
}
