package com.amazonaws.jobprocessor.testkit;

/** What a service of a {@link FakeFleet} does. */
interface FleetActions {
  /**
   * Does what a call asks for.
   *
   * @return the children of the answer's outermost element
   */
  String answer(FleetCall call) throws FleetError;
}
