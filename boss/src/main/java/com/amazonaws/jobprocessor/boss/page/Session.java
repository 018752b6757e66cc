package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Sessions.Member;
import com.amazonaws.jobprocessor.message.Printable;

/**
 * Who is looking.
 *
 * @param id of the session: a secret of this browser's
 * @param userId the user's number
 * @param user the user's name, as the log of actions has it
 * @param role what the user may do
 */
record Session(String id, long userId, String user, Role role) {
  static Session of(String id, Member member) {
    return new Session(id, member.user(), member.name(), member.role());
  }

  /** True if the user may change something. */
  boolean operates() {
    return role.includes(Role.OPERATOR);
  }

  /** Stands in each form of the session, and nowhere else: who sends it has seen the form. */
  String formKey() {
    return Printable.sha256("form key of " + id);
  }

  /** Nothing that would open it. */
  @Override
  public String toString() {
    return user;
  }
}
