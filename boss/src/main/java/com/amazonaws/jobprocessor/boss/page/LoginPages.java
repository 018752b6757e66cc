package com.amazonaws.jobprocessor.boss.page;

import static io.javalin.http.HandlerType.GET;
import static io.javalin.http.HandlerType.POST;

import com.amazonaws.jobprocessor.boss.api.Caller;
import com.amazonaws.jobprocessor.boss.store.Actions.Refusal;
import com.amazonaws.jobprocessor.boss.store.Links.Invitation;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.boss.store.Users.User;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** How one signs in and out, and sets a password by a link. */
final class LoginPages {
  private static final String DEVICE = "boss-device";
  private static final String LOGIN = "/login";
  private static final String JOIN = "/join";
  private static final Duration KNOWN = Duration.ofDays(180);

  /** Of this site: no other host, no backslash that browsers take for a slash. */
  private static final Pattern HERE =
      Pattern.compile("/(?![/\\\\])[\\x21-\\x5B\\x5D-\\x7E]{0,2000}");

  private final People people;
  private final Gate gate;
  private final InstantSource clock;
  private final Passwords passwords;
  private final SignInLimits limits = new SignInLimits();

  LoginPages(People people, Gate gate, InstantSource clock) {
    this.people = people;
    this.passwords = people.passwords();
    this.gate = gate;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.open(GET, LOGIN, this::form),
        Route.open(POST, LOGIN, this::signIn),
        Route.ownAction("/logout", this::signOut),
        Route.open(GET, JOIN, this::join),
        Route.open(POST, JOIN, this::joined));
  }

  private static String target(String asked) {
    return HERE.matcher(asked).matches() && !asked.startsWith(LOGIN) ? asked : "/";
  }

  private void form(Visit visit) {
    if (visit.visitor().isPresent()) {
      visit.seeOther(target(visit.query("to")));
      return;
    }
    form(visit, 200, target(visit.query("to")), "", "");
  }

  private static void form(Visit visit, int status, String to, String name, String wrong) {
    visit.show(status, "Sign in", "login.jte", Map.of("to", to, "name", name, "wrong", wrong));
  }

  private void signIn(Visit visit) {
    String name = visit.field("name").strip();
    String to = target(visit.field("to"));
    Optional<User> user = Users.isName(name) ? people.users().find(name) : Optional.empty();
    String address = Caller.address(visit.request());
    String device = visit.request().cookie(DEVICE);
    boolean known = user.isPresent() && Device.isOf(device, user.get());
    Duration wait =
        known
            ? limits.takeDevice(String.valueOf(device), clock.instant())
            : limits.takeStranger(address, name, clock.instant());
    if (!wait.isZero()) {
      long seconds = Math.max(1, wait.toSeconds() + 1);
      visit.request().header("Retry-After", Long.toString(seconds));
      people.actions().refused();
      form(visit, 429, to, name, "Too many tries. Try again in " + seconds + " s.");
      return;
    }
    boolean right =
        passwords.matches(visit.field("password"), user.map(User::password).orElse(null));
    if (!right || !user.get().isActive()) {
      people.actions().refused(Refusal.SIGN_IN, name, address);
      form(visit, 401, to, name, "The name or the password is wrong.");
      return;
    }
    if (!known) {
      limits.right(address, name);
    }
    enter(visit, user.get());
    visit.seeOther(to);
  }

  private void enter(Visit visit, User user) {
    visit.visitor().ifPresent(session -> people.sessions().end(session.id()));
    gate.open(visit.request(), user.id());
    gate.addCookie(visit.request(), DEVICE, Device.create(user), LOGIN, KNOWN.toSeconds());
    people.users().signedIn(user, Caller.address(visit.request()));
  }

  private void signOut(Visit visit) {
    gate.close(visit.request(), visit.session());
    people.users().signedOut(visit.session().user(), Caller.address(visit.request()));
    visit.seeOther(LOGIN);
  }

  private void join(Visit visit) {
    Invitation invitation = invitation(visit, visit.query("link"));
    joinForm(visit, 200, invitation, visit.query("link"), "", "");
  }

  private Invitation invitation(Visit visit, String secret) {
    Optional<Invitation> found = people.links().find(secret);
    if (found.isEmpty()) {
      people.actions().refused(Refusal.LINK, "stranger", Caller.address(visit.request()));
    }
    return found.orElseThrow(
        () ->
            new Refused(
                410,
                "This link was used already, or is too old. Ask an operator for another; where"
                    + " there is none yet, start the boss again: it prints one."));
  }

  private static void joinForm(
      Visit visit, int status, Invitation invitation, String link, String name, String wrong) {
    String user = invitation.name();
    visit.show(
        status,
        user == null ? "The first operator" : "Set your password",
        "join.jte",
        Map.of(
            "link",
            link,
            "first",
            user == null,
            "name",
            user == null ? name : user,
            "wrong",
            wrong));
  }

  private void joined(Visit visit) {
    String link = visit.field("link");
    Duration wait = limits.takeStranger(Caller.address(visit.request()), link, clock.instant());
    if (!wait.isZero()) {
      people.actions().refused();
      throw new Refused(429, "Too many tries. Try again in some seconds.");
    }
    Invitation invitation = invitation(visit, link);
    boolean first = invitation.user() == null;
    String name = first ? visit.field("name").strip() : String.valueOf(invitation.name());
    String password = visit.field("password");
    Optional<String> wrong =
        Users.isName(name)
            ? Passwords.problem(password, visit.field("again"), name)
            : Optional.of(
                "A name has 1 to 64 letters, digits and . _ @ + - and begins with none of these.");
    if (wrong.isPresent()) {
      joinForm(visit, 422, invitation, link, name, wrong.get());
      return;
    }
    Optional<User> user = people.links().use(link, name, passwords.hash(password));
    if (user.isEmpty()) {
      throw new Refused(409, "The link was used meanwhile, or there is a user of that name.");
    }
    if (!user.get().isActive()) {
      throw new Refused(403, "The password is set, but the user is disabled. Ask an operator.");
    }
    enter(visit, user.get());
    visit.seeOther("/?done=password");
  }
}
