package com.amazonaws.jobprocessor.status.button;

import com.amazonaws.jobprocessor.fleet.Controls;
import com.amazonaws.jobprocessor.fleet.Controls.StartOrder;
import com.amazonaws.jobprocessor.fleet.Controls.StartPlan;
import com.amazonaws.jobprocessor.fleet.Refused;
import com.amazonaws.jobprocessor.fleet.Unanswered;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.status.Action;
import com.amazonaws.jobprocessor.status.Form;
import com.amazonaws.jobprocessor.status.Reply;
import com.amazonaws.jobprocessor.status.Request;
import com.amazonaws.jobprocessor.status.button.Gate.Visitor;
import com.amazonaws.jobprocessor.status.button.Sessions.Session;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /boxes/start} and {@code /box/end}: a page that says what would be done, and that does it
 * when it is sent back. What is done is what the page showed, once.
 */
public final class Buttons {
  /** Where boxes are started. */
  public static final String START = "/boxes/start";

  /** Where this box is ended. */
  public static final String END = "/box/end";

  private static final Logger log = LoggerFactory.getLogger(Buttons.class);
  private static final int MAX_BOXES = 1_000;
  private static final String LATE = "AWS has not answered yet. ";
  private static final String AGAIN =
      "Reload this page, or send the form again, to see what came of it: it is done once.";

  private final Gate gate;
  private final Controls controls;
  private final Answers answers;
  private final Runnable changed;
  private final BoundedCalls calls = new BoundedCalls();

  /**
   * Buttons behind a token.
   *
   * @param changed is told that there are other boxes now
   */
  public Buttons(
      String token,
      Controls controls,
      Supplier<Snapshot> snapshots,
      Runnable changed,
      MonotonicClock clock) {
    this.gate = new Gate(token, clock);
    this.controls = controls;
    this.answers = new Answers(snapshots);
    this.changed = changed;
  }

  /** What is at which path. */
  public Map<String, Action> actions() {
    return Map.of(
        START, request -> answer(request, this::start), END, request -> answer(request, this::end));
  }

  private interface Button {
    /**
     * Answers somebody who may press it.
     *
     * @param session null for a script
     */
    Reply press(Request request, @Nullable Session session)
        throws Refused, ExecutionException, InterruptedException;
  }

  private Reply answer(Request request, Button button) throws InterruptedException {
    String refusal = Gate.refusal(request);
    if (refusal != null) {
      return answers.refused(403, refusal, true);
    }
    return switch (gate.visitor(request)) {
      case Visitor.Script _ -> pressed(request, button, null);
      case Visitor.Person person -> answer(request, button, person.session());
      case Visitor.Stranger _ -> signIn(request);
      case Visitor.Wrong wrong -> wrong.tooMany() ? tooMany(false) : wrongHeader();
    };
  }

  private Reply answer(Request request, Button button, Session session)
      throws InterruptedException {
    boolean signsIn = request.isPost() && !request.form().get("token").isEmpty();
    if (signsIn) {
      return signIn(request);
    }
    return request.isPost() && !Gate.isFormOf(session, request.form().get("key"))
        ? answers.refused(403, "this form belongs to another session; open it again", true)
        : pressed(request, button, session);
  }

  private Reply signIn(Request request) throws InterruptedException {
    String given = request.form().get("token");
    if (given.isEmpty()) {
      return answers.signIn(address(request), null);
    }
    return switch (gate.check(given)) {
      case RIGHT -> {
        log.info("somebody signed in to the status page with the token");
        yield answers.signedIn(address(request), gate.newCookie(request));
      }
      case WRONG -> answers.signIn(address(request), "This is not the token.");
      case TOO_MANY -> tooMany(true);
    };
  }

  private Reply tooMany(boolean person) {
    return answers.refused(
        429, "too many wrong tokens at the moment; try again in a second", person);
  }

  private Reply wrongHeader() {
    return answers.wrongHeader("the token in the Authorization header is not status_token");
  }

  /** Where the form leads to, which is where it comes from: nothing of it is a stranger's. */
  private static String address(Request request) {
    String asked = request.form().get("boxes"); // of a page that was open longer than its session
    String boxes = asked.isEmpty() ? request.query().get("boxes") : asked;
    return request.path() + (boxes.matches("[0-9]{1,4}") ? "?boxes=" + boxes : "");
  }

  private Reply pressed(Request request, Button button, @Nullable Session session)
      throws InterruptedException {
    boolean html = session != null;
    try {
      return button.press(request, session);
    } catch (Refused e) {
      return answers.refused(409, e.why(), html);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Refused refused) {
        return answers.refused(409, refused.why(), html);
      }
      if (e.getCause() instanceof Error error) {
        throw error; // it is no failure of the button
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private Reply start(Request request, @Nullable Session session)
      throws Refused, ExecutionException, InterruptedException {
    Form fields = request.isPost() ? request.form() : request.query();
    int count = number(fields, "boxes", 1);
    if (!request.isPost()) {
      StartPlan plan = calls.run(() -> controls.planStart(count));
      return plan == null
          ? answers.refused(504, "AWS does not answer in time; try again", session != null)
          : answers.confirmStart(plan, key(session), UUID.randomUUID().toString());
    }
    String clientToken = clientToken(fields);
    StartOrder order =
        new StartOrder(count, clientToken, given(fields, "from"), given(fields, "to"));
    String again = session == null ? againWith(clientToken) : AGAIN;
    try {
      return done(calls.order(order.toString(), () -> controls.start(order)), again, session);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unanswered unanswered) {
        return done(null, "(" + unanswered.why() + ".) " + again, session);
      }
      throw e;
    }
  }

  /** For scripts, which may have given no token: without one, the order again is another. */
  private static String againWith(String clientToken) {
    return "Send the order again with client_token=%s to see what came of it: it is done once."
        .formatted(clientToken);
  }

  private Reply end(Request request, @Nullable Session session)
      throws Refused, ExecutionException, InterruptedException {
    if (!request.isPost()) {
      Controls.EndPlan plan = calls.run(controls::planEnd);
      return plan == null
          ? answers.refused(504, "AWS does not answer in time; try again", session != null)
          : answers.confirmEnd(plan, key(session));
    }
    Callable<String> end = controls::end;
    return done(calls.run(end), AGAIN, session);
  }

  private Reply done(@Nullable String what, String again, @Nullable Session session) {
    changed.run();
    return what == null
        ? answers.done(202, LATE + again, session != null)
        : answers.done(200, what, session != null);
  }

  private static String key(@Nullable Session session) {
    return session == null ? "" : session.formKey();
  }

  private static String clientToken(Form fields) throws Refused {
    String given = fields.get("client_token");
    if (given.isEmpty()) {
      return UUID.randomUUID().toString();
    }
    if (!given.matches("[A-Za-z0-9_-]{1,64}")) {
      throw new Refused("client_token: allowed are 1 to 64 letters, digits, - and _");
    }
    return given;
  }

  private static int number(Form fields, String name, int byDefault) throws Refused {
    Integer given = given(fields, name);
    return given == null ? byDefault : given;
  }

  private static @Nullable Integer given(Form fields, String name) throws Refused {
    String text = fields.get(name);
    if (text.isEmpty()) {
      return null;
    }
    boolean fits = text.matches("[0-9]{1,6}");
    int least = name.equals("from") ? 0 : 1;
    int most = name.equals("boxes") ? MAX_BOXES : 999_999;
    if (!fits || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
      throw new Refused(String.format(Locale.ROOT, "%s: allowed are %s to %,d", name, least, most));
    }
    return Integer.valueOf(text);
  }
}
