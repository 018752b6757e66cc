package com.amazonaws.jobprocessor.config;

import java.util.regex.Pattern;

/** Tells the text of an IP address from other texts, without asking anybody. */
final class IpAddress {
  /** Without zeros in front, which some take for octal digits. */
  private static final Pattern BYTE = Pattern.compile("25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9]");

  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");
  private static final int GROUPS = 8;
  private static final String GAP = "::";

  private IpAddress() {}

  /** True for IPv4 in four numbers, and for IPv6 without a zone and without IPv4 in it. */
  static boolean isOne(String text) {
    return text.indexOf(':') < 0 ? isIpv4(text) : isIpv6(text);
  }

  private static boolean isIpv4(String text) {
    return count(text, "\\.", BYTE) == 4;
  }

  private static boolean isIpv6(String text) {
    int gap = text.indexOf(GAP);
    if (gap < 0) {
      return count(text, ":", GROUP) == GROUPS;
    }
    int before = groups(text.substring(0, gap));
    int after = groups(text.substring(gap + GAP.length()));
    return before >= 0 && after >= 0 && before + after < GROUPS;
  }

  private static int groups(String part) {
    return part.isEmpty() ? 0 : count(part, ":", GROUP);
  }

  /** How many parts the text has, or less than zero if one of them is not as it should be. */
  private static int count(String text, String separator, Pattern part) {
    String[] parts = text.split(separator, -1);
    for (String one : parts) {
      if (!part.matcher(one).matches()) {
        return -1;
      }
    }
    return parts.length;
  }
}
