package com.amazonaws.jobprocessor.status.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads the head of a request, by RFC 9112; what is ambiguous there is refused. */
final class HeadParser {
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VERSION = Pattern.compile("HTTP/1\\.[0-9]");

  private HeadParser() {}

  /**
   * Parses.
   *
   * @param head up to the empty line
   * @throws RequestRefused if it is no head of a request
   */
  static RequestHead parse(byte[] head, int length) throws RequestRefused {
    String[] lines = new String(head, 0, length, ISO_8859_1).split("\r?\n", -1);
    String[] words = lines[0].split(" ", -1);
    if (words.length != 3 || !TOKEN.matcher(words[0]).matches()) {
      throw new RequestRefused(400, "no request line of HTTP/1.1");
    }
    if (!VERSION.matcher(words[2]).matches()) {
      throw new RequestRefused(505, "only HTTP/1.1");
    }
    URI target = target(words[1]);
    Map<String, List<String>> headers = headers(lines);
    if (!headers.containsKey("host") && !words[2].equals("HTTP/1.0")) {
      throw new RequestRefused(400, "no Host");
    }
    String authority = target.getRawAuthority();
    if (authority != null && headers.getOrDefault("host", List.of()).size() < 2) {
      headers.put("host", List.of(authority)); // it counts, whatever Host says: section 3.2.2
    }
    return new RequestHead(words[0], target.getPath(), target.getRawQuery(), headers);
  }

  private static URI target(String text) throws RequestRefused {
    try {
      // Else a name with two slashes before it would be taken for a host.
      URI target = new URI(text.startsWith("//") ? "/." + text : text);
      if (target.getPath() != null) {
        return target;
      }
    } catch (URISyntaxException e) {
      // no address
    }
    throw new RequestRefused(400, "no such address");
  }

  private static Map<String, List<String>> headers(String[] lines) throws RequestRefused {
    Map<String, List<String>> headers = new HashMap<>();
    if (lines.length - 1 > Limits.MAX_HEADERS) {
      throw new RequestRefused(431, "more than " + Limits.MAX_HEADERS + " headers");
    }
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      String name = colon < 0 ? "" : lines[i].substring(0, colon);
      String value = lines[i].substring(colon + 1).strip();
      // A folded line begins with a blank, so it has no name.
      if (!TOKEN.matcher(name).matches() || hasControl(value)) {
        throw new RequestRefused(400, "a header that is none");
      }
      headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1)).add(value);
    }
    return headers;
  }

  private static boolean hasControl(String value) {
    return value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f);
  }
}
