package com.amazonaws.jobprocessor.config;

import com.amazonaws.jobprocessor.config.Entry.Pair;
import com.amazonaws.jobprocessor.config.Values.Given;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What one source says.
 *
 * @param given the known pairs, by key
 * @param secrets the values of secret keys, known or not
 * @param secretKeys those keys, as they may be shown
 */
record Reading(
    Map<String, Given> given,
    List<Problem> problems,
    List<String> warnings,
    List<String> secrets,
    List<String> secretKeys) {

  /** Reads a source to its end; a text that is encoded as a whole is one problem. */
  static Reading of(Source source) {
    String name = Printable.line(source.name());
    String encoded = beginsPlainly(source.text()) ? null : Encoding.complaint(source.text());
    if (encoded != null) {
      Problem problem = Problem.of(name, encoded);
      return new Reading(Map.of(), List.of(problem), List.of(), List.of(), List.of());
    }
    Envelope envelope = new Envelope(source.text());
    List<Problem> problems = new ArrayList<>();
    for (String place : envelope.compressedPairs(name)) {
      problems.add(Problem.of(place, "is a compressed part (gzip or the like); give it plain"));
    }
    List<Envelope.Line> lines = new ArrayList<>();
    for (Envelope.Line line : envelope.pairLines()) {
      if (line.text().indexOf(Envelope.REPLACEMENT) < 0) {
        lines.add(line);
      } else {
        String place = "line " + line.number() + " of " + name;
        problems.add(Problem.of(place, "is not UTF-8; save the text as UTF-8"));
      }
    }
    List<Entry> entries = Entries.of(lines);
    SourceCheck check = new SourceCheck(source, entries);
    problems.addAll(check.problems());
    List<String> warnings = new ArrayList<>(envelope.warnings(name));
    warnings.addAll(check.warnings());
    return new Reading(check.given(), problems, warnings, secrets(entries), check.secretKeys());
  }

  /** True for most texts, and spares their starts the patterns of the encodings. */
  private static boolean beginsPlainly(String text) {
    int equals = text.indexOf('=');
    return equals > 0 && Setting.of(Entries.strip(text.substring(0, equals))) != null;
  }

  private static List<String> secrets(List<Entry> entries) {
    List<String> secrets = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry instanceof Pair pair) {
        boolean secret = Secrets.isSecretKey(pair.key());
        secrets.addAll(secret ? List.of(pair.value()) : Secrets.in(pair.value()));
      }
    }
    return secrets;
  }
}
