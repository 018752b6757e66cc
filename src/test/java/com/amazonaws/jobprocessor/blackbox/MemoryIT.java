package com.amazonaws.jobprocessor.blackbox;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a worker keeps of jobs that are done. */
@Tag("long")
@Tag("alone")
class MemoryIT extends BlackBox {
  private static final Pattern COLLECTION = Pattern.compile("Pause .*?(\\d+)M->\\d+M\\(\\d+M\\)");

  @Test
  void bodies_of_jobs_that_are_done_do_not_pile_up() throws Exception {
    List<String> ids = sqs.send(BACKLOG, Collections.nCopies(5_000, "x".repeat(20_000)));
    Path collections = folder.resolve("gc.log");
    start(
        daemon()
            .set(
                "JOB_PROCESSOR_JVM_OPTS",
                "-XX:+UseSerialGC -Xms24m -XX:NewSize=12m -Xlog:gc:file=" + collections)
            .userData("concurrency=64", "poll_rate_per_min=600000"));

    awaitResults(5_000);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    String log = Files.readString(collections);
    List<MatchResult> all = COLLECTION.matcher(log).results().toList();
    assertFalse(all.isEmpty(), log);
    assertTrue(all.stream().allMatch(c -> Integer.parseInt(c.group(1)) < 128), log);
  }
}
