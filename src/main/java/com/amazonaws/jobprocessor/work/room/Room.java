package com.amazonaws.jobprocessor.work.room;

/** Where the messages and jobs of a worker are, and who goes next. */
public record Room(
    InFlight inFlight,
    SlotQueue slots,
    Groups groups,
    RecentMessages recent,
    Suspects suspects,
    ExecutorHealth health) {}
