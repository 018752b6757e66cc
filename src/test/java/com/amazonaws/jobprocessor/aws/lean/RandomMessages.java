package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Messages of all kinds, and some that SQS would refuse; the same seed makes the same. */
final class RandomMessages {
  /** The edges of what one, two, three and four bytes hold, of JSON, and of what SQS takes. */
  private static final int[] EDGES = {
    0, 1, 8, 9, 0xa, 0xd, 0x1f, ' ', '"', '\\', '/', '<', 0x7e, 0x7f, 0x80, 0x7ff, 0x800, 0x2028,
    0x2029, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x10000,
    0x1f600, 0x10ffff
  };

  private static final String[] NAMES = {"job_id", "a.b-C_", "\u00e9", "\u2028\"", "AWS"};
  private static final String[] TYPES = {"String", "String.label", "Number", "Number.int"};

  private final Random random;

  RandomMessages(long seed) {
    random = new Random(seed);
  }

  /** Text of up to so many characters. */
  String text(int max) {
    StringBuilder text = new StringBuilder();
    for (int left = random.nextInt(max + 1); left > 0; left--) {
      int at =
          random.nextBoolean()
              ? EDGES[random.nextInt(EDGES.length)]
              : random.nextBoolean() ? 32 + random.nextInt(95) : random.nextInt(0x110000);
      text.appendCodePoint(at);
    }
    return text.toString();
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  byte[] bytes(int max) {
    byte[] bytes = new byte[random.nextInt(max + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  Map<String, Attribute> attributes() {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    for (int left = random.nextInt(11); left > 0; left--) {
      Attribute attribute =
          switch (random.nextInt(4)) {
            case 0 -> new Attribute("Binary", null, bytes(300));
            case 1 -> new Attribute("Binary.png", null, bytes(3));
            case 2 -> new Attribute(TYPES[random.nextInt(TYPES.length)], "12", null);
            default -> new Attribute(TYPES[random.nextInt(TYPES.length)], text(60), null);
          };
      attributes.put(NAMES[left % NAMES.length] + left, attribute);
    }
    return attributes;
  }

  List<OutgoingMessage> outgoing() {
    List<OutgoingMessage> messages = new ArrayList<>();
    for (int left = 1 + random.nextInt(10); left > 0; left--) {
      messages.add(
          random.nextBoolean()
              ? new OutgoingMessage(text(400), attributes()).delayed(random.nextInt(901))
              : new OutgoingMessage(
                  text(400), attributes(), "group" + text(5), random.nextBoolean() ? "d" : null));
    }
    return messages;
  }
}
