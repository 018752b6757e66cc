package com.amazonaws.jobprocessor.status.button;

import com.amazonaws.jobprocessor.fleet.Controls.EndPlan;
import com.amazonaws.jobprocessor.fleet.Controls.StartPlan;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.Reply;
import com.amazonaws.jobprocessor.status.page.ButtonPages;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The answers of the buttons: pages for people, lines for scripts. */
final class Answers {
  /** Without a referrer browsers send no Origin along with a form, which would be refused. */
  private static final Map<String, String> OF_PAGES = Map.of("Referrer-Policy", "same-origin");

  private static final Map<String, String> OF_SIGN_IN =
      Map.of("Referrer-Policy", "same-origin", "WWW-Authenticate", "Bearer");

  private final Supplier<Snapshot> snapshots;
  private final ButtonPages pages = new ButtonPages();

  Answers(Supplier<Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  private static Reply html(int status, String page, Map<String, String> headers) {
    return new Reply(status, Reply.HTML, page, headers);
  }

  Reply signIn(String address, @Nullable String wrong) {
    return html(401, pages.signIn(address, wrong), OF_SIGN_IN);
  }

  /** To the page that was asked for before. */
  Reply signedIn(String address, String cookie) {
    return new Reply(303, Reply.PLAIN, "", Map.of("Location", address, "Set-Cookie", cookie));
  }

  Reply confirmStart(StartPlan plan, String key, String clientToken) {
    return html(200, pages.confirmStart(plan, snapshots.get(), key, clientToken), OF_PAGES);
  }

  Reply confirmEnd(EndPlan plan, String key) {
    return html(200, pages.confirmEnd(plan, snapshots.get(), key), OF_PAGES);
  }

  Reply done(int status, String what, boolean person) {
    return person ? html(status, pages.done(what), OF_PAGES) : line(status, what);
  }

  Reply refused(int status, String why, boolean person) {
    return person ? html(status, pages.refused(why), OF_PAGES) : line(status, why);
  }

  /** For a script whose token is wrong; RFC 6750, section 3. */
  Reply wrongHeader(String why) {
    Map<String, String> challenge = Map.of("WWW-Authenticate", "Bearer error=\"invalid_token\"");
    return new Reply(401, Reply.PLAIN, why + "\n", challenge);
  }

  private static Reply line(int status, String text) {
    return new Reply(status, Reply.PLAIN, text + "\n");
  }
}
