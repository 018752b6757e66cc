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
  private final boolean mayCreate;
  private final String region;
  private final Patience patience;

  TableSetup(DynamoTables tables, boolean mayCreate, String region, Patience patience) {
    this.tables = tables;
    this.mayCreate = mayCreate;
    this.region = region;
    this.patience = patience;
  }

  /**
   * Finds or makes the table, however long DynamoDB takes.
   *
   * @throws StartRefused if it is missing and may not be made, or is another kind of table
   */
  void run(String name) throws StartRefused, InterruptedException {
    DynamoTables.Found found = findOrCreate(name);
    while (found == DynamoTables.Found.NOT_READY || found == DynamoTables.Found.MISSING) {
      Patience.pause(LOOK_MILLIS); // it takes DynamoDB some seconds to make a table
      found = find(name);
    }
    if (found == DynamoTables.Found.OTHER) {
      throw StartRefused.badSettings(
          "job_table_name: the table \""
              + name
              + "\" in "
              + region
              + " is no job table: its key is not job_id (partition, String) and queue (sort, String);"
              + " name another, or none that exists and let the worker make it");
    }
    expire(name);
  }

  private DynamoTables.Found find(String name) throws InterruptedException {
    return patience.untilAnswered("DescribeTable", name, () -> tables.find(name));
  }

  private DynamoTables.Found findOrCreate(String name) throws StartRefused, InterruptedException {
    if (!mayCreate) {
      DynamoTables.Found found = find(name);
      if (found == DynamoTables.Found.MISSING) {
        throw StartRefused.badSettings(
            "job_table_name: there is no table \""
                + name
                + "\" in "
                + region
                + ", and create_queues=false; make it, or mend the name");
      }
      return found;
    }
    return patience.untilFound(
        name,
        "DescribeTable",
        () -> Optional.of(tables.find(name)).filter(one -> one != DynamoTables.Found.MISSING),
        "CreateTable",
        () -> create(name));
  }

  private DynamoTables.Found create(String name) throws CallFailed, InterruptedException {
    tables.create(name);
    log.atInfo()
        .addKeyValue("table", name)
        .addKeyValue("region", region)
        .log("made the job table, which was missing");
    return DynamoTables.Found.NOT_READY;
  }

  private void expire(String name) throws InterruptedException {
    try {
      patience.once(
          "UpdateTimeToLive",
          () -> {
            tables.expire(name);
            return true;
          });
    } catch (CallFailed e) {
      log.atWarn()
          .addKeyValue("table", name)
          .addKeyValue("error", e.code())
          .log(
              "cannot see to it that finished jobs expire: switch on the table's time to live, attribute expires_at");
    }
  }
}
