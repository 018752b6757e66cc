package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What results of a pack weigh while others of it run. */
class PackMemoryTest {
  @TempDir Path folder;
  private final SettableClock clock = new SettableClock();

  @ParameterizedTest
  @CsvSource({"false,false", "true,false", "false,true", "true,true"})
  void a_result_weighs_until_it_is_settled(boolean together, boolean hasTable) throws Exception {
    @Nullable InMemoryJobTable table =
        hasTable ? new InMemoryJobTable("i-1", new SettableWallClock()) : null;
    Rig rig = new Rig(clock, folder, 4, Duration.ofMinutes(10), 0, null, table, true).hurry();
    String line = new JobLine(null, "a", 0).write();
    Map<String, Attribute> attributes = new LinkedHashMap<>(PackFormat.attributes(2));
    if (together) {
      attributes.put("result_pack", Attribute.of("1"));
    }
    rig.backlog.put(new OutgoingMessage(line + "\n" + line, attributes));
    rig.receive(1);
    Message pack = rig.message();
    SlotRun one = rig.take();
    SlotRun other = rig.take();
    long before = pack.heapBytes();
    CountDownLatch answer = new CountDownLatch(1);
    rig.results.hangNext(answer);

    rig.end(one, new Outcome.Succeeded("x".repeat(10_000), Duration.ZERO));
    Rig.awaitAsTimePasses(clock, Duration.ofMillis(1), () -> pack.heapBytes() != before);
    assertEquals(before + 20_000, pack.heapBytes());
    answer.countDown();
    await().until(() -> pack.heapBytes() == before);

    rig.end(other, new Outcome.Succeeded("", Duration.ZERO));
    rig.awaitNoneInFlight();
  }
}
