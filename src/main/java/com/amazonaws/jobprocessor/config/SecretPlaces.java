package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Entry.Pair;
import java.util.ArrayList;
import java.util.List;

/**
 * Names what holds secrets in a text: keys that say so, other settings by their values, and lines
 * that are no settings, such as those of a script.
 */
final class SecretPlaces {
  private SecretPlaces() {}

  /** Each place once, without a word of what is there. */
  static List<String> in(String text) {
    List<String> places = new ArrayList<>();
    places.addAll(Reading.of(new Source("user data", text)).secretKeys());
    Envelope envelope = new Envelope(text);
    for (Entry entry : Entries.of(envelope.pairLines())) {
      if (entry instanceof Pair pair && isOpenWithSecret(pair)) {
        places.add(pair.key());
      }
    }
    for (Envelope.Line line : envelope.otherLines()) {
      if (!Secrets.in(line.text()).isEmpty()) {
        places.add("line " + line.number());
      }
    }
    return places.stream().distinct().toList();
  }

  private static boolean isOpenWithSecret(Pair pair) {
    return Setting.of(pair.key()) != null
        && !Secrets.isSecretKey(pair.key())
        && !Secrets.in(pair.value()).isEmpty();
  }
}
