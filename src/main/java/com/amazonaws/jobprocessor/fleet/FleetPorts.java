package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;

/** What the buttons need of EC2 and Auto Scaling, each connected when it is first needed. */
public interface FleetPorts extends BoxesWatch.Opener {
  /** This instance by the APIs; the same at each call. */
  OwnBox own() throws CallFailed;

  /** This instance by its metadata; the same at each call. */
  OwnMachine machine();
}
