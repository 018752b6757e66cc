package com.amazonaws.jobprocessor.bench;

import java.nio.file.Path;
import java.util.Objects;

/** Workers as the build has left them in the checkout. */
final class BuiltSite {
  private BuiltSite() {}

  /** They write into a folder, and speak plain HTTP. */
  static Site in(Path work) {
    Path module = Path.of(System.getProperty("basedir", ".")).toAbsolutePath();
    Path home = Objects.requireNonNull(module.getParent());
    Path java = Path.of(System.getProperty("java.home"));
    return new Site(home, home.resolve("bench/peers"), java, work, Tls.NONE);
  }
}
