package com.amazonaws.jobprocessor.fleet;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers which rights were told to be missing or there. */
final class ToldRights implements Said.Rights {
  final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void missing(String right, String consequence) {
    told.add("missing " + right + ": " + consequence);
  }

  @Override
  public void granted(String right) {
    told.add("granted " + right);
  }
}
