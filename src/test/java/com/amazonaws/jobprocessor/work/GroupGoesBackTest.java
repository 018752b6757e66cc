package com.amazonaws.jobprocessor.work;

import static com.amazonaws.jobprocessor.work.call.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GroupGoesBackTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  /**
   * The first of a group may go back while the others of its receive are still being taken in hand:
   * they must not find their group empty and go first.
   */
  @Test
  void when_the_first_goes_back_at_once_none_of_its_receive_goes_first() throws Exception {
    Rig rig = new Rig(clock, folder, 10, Duration.ofHours(1), 1, null);
    rig.room.health().unavailable("before", "no license");
    for (int i = 0; i < 10; i++) {
      rig.backlog.put(new OutgoingMessage("job-" + i, Map.of(), "group", "x"));
    }
    for (int round = 1; round <= 300; round++) {
      rig.recorder.events.clear();
      clock.advance(Duration.ofHours(2));
      rig.receive(10);
      eventually(() -> rig.recorder.events.size() == 10);

      assertEquals(
          1,
          Collections.frequency(rig.recorder.events, "back the executor is unavailable"),
          "in round " + round);
      eventually(() -> rig.room.inFlight().size() == 0);
      assertTrue(rig.room.slots().running().isEmpty());
    }
  }
}
