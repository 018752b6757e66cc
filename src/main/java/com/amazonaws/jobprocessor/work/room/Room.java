package com.amazonaws.jobprocessor.work.room;

/** Where the messages and jobs of a worker are, and who goes next. */
public record Room(
    InFlight inFlight,
    SlotQueue slots,
    Turns turns,
    Groups groups,
    RecentMessages recent,
    Suspects suspects,
    ExecutorHealth health) {}
