package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Users;
import com.amazonaws.jobprocessor.boss.store.Users.User;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who may use the pages: for operators. */
final class UserPages {
  private final People people;
  private final Gate gate;

  UserPages(People people, Gate gate) {
    this.people = people;
    this.gate = gate;
  }

  List<Route> routes() {
    return List.of(
        Route.operatorPage("/users", visit -> list(visit, 200, "", "")),
        Route.action("/users", this::create),
        Route.operatorPage("/users/{id}", this::one),
        Route.action("/users/{id}/role", this::role),
        Route.action("/users/{id}/disable", visit -> disable(visit, true)),
        Route.action("/users/{id}/enable", visit -> disable(visit, false)),
        Route.action("/users/{id}/link", this::link));
  }

  private void list(Visit visit, int status, String name, String wrong) {
    visit.show(
        status,
        "Users",
        "users.jte",
        Map.of("users", people.users().all(), "name", name, "wrong", wrong));
  }

  private void create(Visit visit) {
    String name = visit.field("name").strip();
    Optional<Role> role = Role.of(visit.field("role"));
    if (!Users.isName(name) || role.isEmpty()) {
      list(
          visit,
          422,
          Words.foreign(name, 64),
          "A name has 1 to 64 letters, digits and . _ @ + - and begins with a letter or a digit.");
      return;
    }
    Optional<User> user = people.users().create(visit.session().user(), name, role.get());
    if (user.isEmpty()) {
      list(visit, 409, name, "There is a user of that name, or there are too many users.");
      return;
    }
    showLink(visit, user.get());
  }

  private void showLink(Visit visit, User user) {
    String secret = people.links().create(visit.session().user(), user);
    visit.show(
        "A link for " + user.name(),
        "link.jte",
        Map.of(
            "user",
            user,
            "link",
            gate.origin(visit.request()) + "/join?link=" + secret,
            "hours",
            Links.LASTS.toHours()));
  }

  private User user(Visit visit) {
    return people.users().find(visit.id("user")).orElseThrow(() -> Refused.notFound("such user"));
  }

  private void one(Visit visit) {
    User user = user(visit);
    visit.show(
        user.name(),
        "user.jte",
        Map.of("user", user, "self", user.id() == visit.session().userId()));
  }

  private void role(Visit visit) {
    User user = user(visit);
    Role role =
        Role.of(visit.field("role"))
            .orElseThrow(() -> new Refused(422, "The role must be viewer or operator."));
    after(visit, people.users().setRole(visit.session().user(), user.id(), role), "role");
  }

  private void disable(Visit visit, boolean disabled) {
    User user = user(visit);
    after(
        visit,
        people.users().setDisabled(visit.session().user(), user.id(), disabled),
        disabled ? "disabled" : "enabled");
  }

  private static void after(Visit visit, Users.Change change, String done) {
    switch (change) {
      case DONE -> visit.seeOther("/users?done=" + done);
      case MISSING -> throw Refused.notFound("such user");
      case LAST_OPERATOR ->
          throw new Refused(
              409, "Nobody would be left who may change users: make another operator first.");
    }
  }

  private void link(Visit visit) {
    showLink(visit, user(visit));
  }
}
