package com.amazonaws.jobprocessor.faults;

/** In which messages the jobs of a scene are sent. */
enum Load {
  /** Each in one of its own. */
  SINGLE,
  /** In packs of 1 to 12, half of which ask for packed results, with single ones among them. */
  PACKS
}
