package com.amazonaws.jobprocessor.boss.page;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The names under which the pages may be asked for. Somebody else's name that is made to stand for
 * this machine's address is refused (DNS rebinding): the browser says it in the Host. Addresses in
 * digits cannot be made to stand for another.
 */
final class Hosts {
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|\\[[0-9a-f:.]+]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");

  private final Set<String> names;

  /**
   * The names.
   *
   * @param address that the server listens on
   * @param publicUrl of a proxy before it; null if there is none
   */
  Hosts(String address, @Nullable URI publicUrl) {
    String known = publicUrl == null ? null : publicUrl.getHost();
    this.names =
        Stream.of(address, known == null ? "localhost" : known)
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toSet());
  }

  /** True if a Host is one of ours, with or without a port. */
  boolean isOurs(@Nullable String host) {
    if (host == null) {
      return false;
    }
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    // Never anybody else's: RFC 6761, section 6.3.
    boolean local = name.equals("localhost") || name.endsWith(".localhost");
    return local || ADDRESS.matcher(name).matches() || names.contains(name);
  }
}
