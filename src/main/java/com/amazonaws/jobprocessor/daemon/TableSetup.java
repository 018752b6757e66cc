package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the job table at start, makes it if it is missing and may be made. */
final class TableSetup {
  private static final Logger log = LoggerFactory.getLogger(TableSetup.class);
  private static final long LOOK_MILLIS = 1_000;

  private final DynamoTables tables;
  private final StartupRetry retry;
  private final FindOrCreate findOrCreate;

  TableSetup(DynamoTables tables, FindOrCreate findOrCreate) {
    this.tables = tables;
    this.retry = findOrCreate.retry();
    this.findOrCreate = findOrCreate;
  }

  /**
   * Finds or makes the table, however long DynamoDB takes.
   *
   * @throws StartRefused if it is missing and may not be made, or is another kind of table
   */
  void run(String name) throws StartRefused, InterruptedException {
    DynamoTables.Found found = findOrCreate(name);
    while (found == DynamoTables.Found.NOT_READY || found == DynamoTables.Found.MISSING) {
      StartupRetry.pause(LOOK_MILLIS); // it takes DynamoDB some seconds to make a table
      found = find(name);
    }
    if (found == DynamoTables.Found.OTHER) {
      throw StartRefused.badSettings(otherTable(name, findOrCreate.region()));
    }
    expire(name);
  }

  /** Said of a table that is another kind. */
  static String otherTable(String name, String region) {
    return "job_table_name: the table \""
        + name
        + "\" in "
        + region
        + " is no job table: its key is not job_id (partition, String) and queue (sort, String);"
        + " name another, or one that does not exist and let the worker create it";
  }

  private DynamoTables.Found find(String name) throws InterruptedException {
    return retry.untilAnswered("DescribeTable", name, () -> tables.find(name));
  }

  private DynamoTables.Found findOrCreate(String name) throws StartRefused, InterruptedException {
    return findOrCreate.run(
        new FindOrCreate.Named("job_table_name", "table", name),
        new FindOrCreate.Action<>(
            "DescribeTable",
            () -> Optional.of(tables.find(name)).filter(one -> one != DynamoTables.Found.MISSING)),
        new FindOrCreate.Action<>("CreateTable", () -> create(name)));
  }

  private DynamoTables.Found create(String name) throws CallFailed, InterruptedException {
    tables.create(name);
    log.atInfo()
        .addKeyValue("table", name)
        .addKeyValue("region", findOrCreate.region())
        .log("made the job table, which was missing");
    return DynamoTables.Found.NOT_READY;
  }

  private void expire(String name) throws InterruptedException {
    try {
      if (!retry.once("UpdateTimeToLive", () -> tables.expire(name))) {
        noExpiry(name).log(log);
      }
    } catch (CallFailed e) {
      noExpiry(name).with("error", e.code()).log(log);
    }
  }

  /** Said of a table whose records stay for ever. */
  static Warning noExpiry(String name) {
    return new Warning(
            "cannot see to it that finished jobs expire: switch on the table's time to live,"
                + " attribute expires_at")
        .with("table", name);
  }
}
