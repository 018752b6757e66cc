package com.amazonaws.jobprocessor.boss.page;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What every page has around its content.
 *
 * @param title of the page, without the program's name
 * @param path of the request
 * @param session null for a stranger
 * @param now the moment for which the page is made
 * @param notice what has just been done, in a sentence; empty if nothing was
 */
record Frame(
    String title,
    String path,
    @Nullable Session session,
    List<Navigation.Entry> navigation,
    Assets assets,
    Instant now,
    String notice) {
  /** True if the user may change something: forms are shown then. */
  boolean operates() {
    return session != null && session.operates();
  }

  /** For the forms of the page; empty for a stranger. */
  String formKey() {
    return session == null ? "" : session.formKey();
  }
}
