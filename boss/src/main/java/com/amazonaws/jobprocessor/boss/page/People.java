package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Links;
import com.amazonaws.jobprocessor.boss.store.Sessions;
import com.amazonaws.jobprocessor.boss.store.Users;

/** Who uses the pages, and what they have done, as the database has it. */
public record People(
    Users users, Links links, Sessions sessions, Actions actions, Passwords passwords) {
  /** With passwords that are costly to guess. */
  public People(Users users, Links links, Sessions sessions, Actions actions) {
    this(users, links, sessions, actions, new Passwords());
  }
}
