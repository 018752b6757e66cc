package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.fleet.InstanceNotices;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/** The notices as instance metadata has them; a path that answers 404 has none. */
public final class ImdsNotices implements InstanceNotices {
  /** EC2's user guide: "Spot Instance interruption notices". */
  private static final String SPOT = "/latest/meta-data/spot/instance-action";

  /** Auto Scaling's user guide: "Retrieve the target lifecycle state through instance metadata". */
  private static final String TARGET = "/latest/meta-data/autoscaling/target-lifecycle-state";

  /** EC2's user guide: "EC2 instance rebalance recommendations". */
  private static final String REBALANCE = "/latest/meta-data/events/recommendations/rebalance";

  private static final Set<String> ACTIONS = Set.of("terminate", "stop", "hibernate");

  private final InstanceMetadata metadata;

  /** Asks the service; makes no call yet. */
  public ImdsNotices(InstanceMetadata metadata) {
    this.metadata = metadata;
  }

  @Override
  public @Nullable SpotAction spotAction() throws IOException {
    Optional<String> notice = metadata.read(SPOT);
    return notice.isEmpty() ? null : action(notice.get());
  }

  private static SpotAction action(String notice) throws IOException {
    try {
      Map<String, JsonNode> fields = JsonNode.parser().parse(notice).asObject();
      JsonNode action = fields.get("action");
      if (action == null || !action.isString() || !ACTIONS.contains(action.text())) {
        throw new IOException("no notice at " + SPOT);
      }
      return new SpotAction(action.text(), time(fields.get("time")));
    } catch (RuntimeException e) {
      throw new IOException("no notice at " + SPOT, e);
    }
  }

  private static @Nullable Instant time(@Nullable JsonNode time) {
    try {
      return time == null || !time.isString() ? null : Instant.parse(time.text());
    } catch (DateTimeException e) {
      return null;
    }
  }

  @Override
  public @Nullable String targetState() throws IOException {
    return metadata.read(TARGET).map(String::strip).orElse(null);
  }

  @Override
  public boolean rebalance() throws IOException {
    return metadata.read(REBALANCE).filter(text -> text.strip().startsWith("{")).isPresent();
  }
}
