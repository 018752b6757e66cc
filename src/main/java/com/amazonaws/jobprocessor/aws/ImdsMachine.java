package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.fleet.OwnMachine;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;

/**
 * What instance metadata says of its instance. The paths are those of EC2's user guide, "Instance
 * metadata categories".
 */
public final class ImdsMachine implements OwnMachine {
  private static final String META_DATA = "/latest/meta-data/";
  private static final String INTERFACES = META_DATA + "network/interfaces/macs/";

  private final Supplier<InstanceMetadata> metadata;

  /**
   * Asks the service; makes no call yet.
   *
   * @param metadata gives the same client at each call
   */
  public ImdsMachine(Supplier<InstanceMetadata> metadata) {
    this.metadata = metadata;
  }

  @Override
  public Launch.Machine machine() throws IOException {
    return new Launch.Machine(
        needed("ami-id"),
        needed("instance-type"),
        "spot".equals(read(META_DATA + "instance-life-cycle")),
        profile(),
        key());
  }

  private @Nullable String profile() throws IOException {
    String info = read(META_DATA + "iam/info");
    if (info == null) {
      return null; // no instance profile
    }
    try {
      Map<String, JsonNode> fields = JsonNode.parser().parse(info).asObject();
      JsonNode arn = fields.get("InstanceProfileArn");
      return arn == null || !arn.isString() ? null : arn.text();
    } catch (RuntimeException e) {
      throw new IOException("no JSON at " + META_DATA + "iam/info", e);
    }
  }

  /** The list has a line for each key, {@code 0=name}; EC2 takes one. */
  private @Nullable String key() throws IOException {
    String list = read(META_DATA + "public-keys/");
    int equals = list == null ? -1 : list.indexOf('=');
    return list == null || equals < 0
        ? null
        : list.substring(equals + 1).lines().findFirst().map(String::strip).orElse(null);
  }

  @Override
  public Launch.Network network() throws IOException {
    String mac = read(META_DATA + "mac");
    if (mac == null) {
      return new Launch.Network(null, List.of());
    }
    String groups = read(INTERFACES + mac + "/security-group-ids");
    return new Launch.Network(
        read(INTERFACES + mac + "/subnet-id"),
        groups == null
            ? List.of()
            : groups.lines().map(String::strip).filter(id -> !id.isEmpty()).toList());
  }

  @Override
  public String userData() throws IOException {
    return metadata.get().read("/latest/user-data").orElse("");
  }

  @Override
  public boolean isInGroup() throws IOException {
    return new ImdsNotices(metadata.get()).targetState() != null;
  }

  private String needed(String path) throws IOException {
    String value = read(META_DATA + path);
    if (value == null || value.isEmpty()) {
      throw new IOException("nothing at " + META_DATA + path);
    }
    return value;
  }

  private @Nullable String read(String path) throws IOException {
    return metadata.get().read(path).map(String::strip).orElse(null);
  }
}
