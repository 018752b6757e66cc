package com.amazonaws.jobprocessor.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds in a text what is a secret by its form or by where it stands, without a name for it. */
final class SecretForms {
  private static final String VALUE = "([^\\s\"'&;,|]{1,1000})";

  private static final List<Pattern> FORMS =
      List.of(
          Pattern.compile("://[^\\s@:]{0,200}:([^\\s@]{1,200})@"),
          // Authorization: Bearer x, as in a header of curl; or the scheme alone
          Pattern.compile(
              "(?i)authorization[\"'\\s]{0,9}[:=][\"'\\s]{0,9}(?:[a-z]{1,20}\\s{1,9})?"
                  + "(?!(?:bearer|basic|digest|none|optional|required|true|false)(?![A-Za-z0-9]))"
                  + VALUE),
          Pattern.compile("(?i)\\bbearer\\s{1,9}([A-Za-z0-9._~+/=-]{8,1000})"),
          // curl -u user:password; but docker -u 1000:1000
          Pattern.compile(
              "(?:curl|wget)\\s[^\\n]{0,1000}?(?<=\\s)(?:-u|-U|--user|--proxy-user)[=\\s]{0,9}[\"']?"
                  + "[^\\s:\"'/]{1,200}:(?!//)"
                  + VALUE),
          // an access key's id is none, but its key is seldom far
          Pattern.compile("\\b((?:AKIA|ASIA)[0-9A-Z]{16})\\b"));

  private SecretForms() {}

  /** What may be a secret. */
  static List<String> in(String text) {
    List<String> found = new ArrayList<>();
    for (Pattern form : FORMS) {
      Matcher matcher = form.matcher(text);
      while (matcher.find()) {
        found.add(matcher.group(1));
      }
    }
    return found;
  }
}
