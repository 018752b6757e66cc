package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.stats.Snapshot.Problem;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class MissingRightsTest {
  @Test
  void a_right_is_a_problem_as_long_as_it_is_missing() {
    Problems problems = new Problems();
    MissingRights rights =
        new MissingRights(problems, () -> Instant.parse("2026-01-02T03:04:05.678Z"));

    rights.missing("ec2:TerminateInstances", "it stays");
    assertEquals(
        List.of(
            new Problem(
                "a right is missing: it stays",
                "right=ec2:TerminateInstances denied_at=2026-01-02T03:04:05Z")),
        problems.now());

    rights.granted("ec2:TerminateInstances");
    assertEquals(List.of(), problems.now());
  }
}
