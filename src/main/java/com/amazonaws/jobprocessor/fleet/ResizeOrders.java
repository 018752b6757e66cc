package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.fleet.Controls.Resize;
import com.amazonaws.jobprocessor.fleet.Controls.StartOrder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the last {@value #MAX_REMEMBERED} orders of boxes in a group asked for, by their client
 * tokens: Auto Scaling knows none, so an order that is given again would bring as many boxes once
 * more. Not safe for use by several threads.
 */
final class ResizeOrders {
  static final int MAX_REMEMBERED = 1_000;

  private final Map<String, Resize> byToken = new LinkedHashMap<>();

  /**
   * From what to what an order changes a group; for one that was given before, what it was then.
   *
   * @param desired capacity of the group now
   */
  Resize of(StartOrder order, String group, int desired) throws Refused {
    Resize before = byToken.get(order.clientToken());
    boolean shown = order.from() != null || order.to() != null;
    if (shown || before == null || !before.group().equals(group)) {
      int from = order.from() == null ? desired : order.from();
      return new Resize(group, from, order.to() == null ? from + order.count() : order.to());
    }
    if (before.to() - before.from() != order.count()) {
      throw new Refused("this client_token has been used before, for another number of boxes");
    }
    return before;
  }

  /** An order is done, or may be. */
  void remember(String clientToken, Resize wanted) {
    byToken.put(clientToken, wanted);
    if (byToken.size() > MAX_REMEMBERED) {
      byToken.remove(byToken.keySet().iterator().next());
    }
  }
}
