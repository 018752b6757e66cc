package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaidTest {
  private final ToldRights rights = new ToldRights();
  private final Said said = new Said(rights);

  private void fail(String action, String code) {
    said.failed(
        action,
        new CallFailed(
            Service.AUTO_SCALING,
            code,
            "refused",
            CallFailed.Kind.REJECTED,
            true,
            new IllegalStateException()),
        "it stays");
  }

  @Test
  void a_missing_right_is_told_once_and_again_when_it_is_taken_away_again() {
    fail("SetInstanceProtection", "AccessDenied");
    fail("SetInstanceProtection", "AccessDenied");
    said.worked("SetInstanceProtection");
    said.worked("SetInstanceProtection");
    fail("SetInstanceProtection", "AccessDeniedException");

    String right = "autoscaling:SetInstanceProtection";
    String missing = "missing " + right + ": it stays";
    assertEquals(List.of(missing, "granted " + right, missing), rights.told);
  }

  @Test
  void what_works_tells_nothing_of_the_right_to_another_call() {
    fail("SetInstanceProtection", "AccessDenied");
    said.worked("DescribeAutoScalingInstances");

    assertEquals(List.of("missing autoscaling:SetInstanceProtection: it stays"), rights.told);
  }

  @Test
  void a_call_that_fails_otherwise_misses_no_right() {
    fail("SetInstanceProtection", "Throttling");
    said.worked("SetInstanceProtection");

    assertEquals(List.of(), rights.told);
  }
}
