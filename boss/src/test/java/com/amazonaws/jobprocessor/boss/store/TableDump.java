package com.amazonaws.jobprocessor.boss.store;

import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** All that is in a database, as text: to see that nothing was changed. */
public final class TableDump {
  private TableDump() {}

  /** The rows of all tables but some. */
  public static String of(Database database, Set<String> without) {
    return database.inTransaction(
        handle -> {
          StringBuilder text = new StringBuilder();
          for (String table : tables(handle)) {
            if (!without.contains(table)) {
              text.append(table).append('\n');
              handle
                  .createQuery("select * from " + table + " order by 1")
                  .mapToMap()
                  .forEach(row -> text.append(row).append('\n'));
            }
          }
          return text.toString();
        });
  }

  private static List<String> tables(Handle handle) {
    return handle
        .createQuery(
            "select lower(table_name) from information_schema.tables"
                + " where lower(table_schema) = 'public' order by table_name")
        .mapTo(String.class)
        .list();
  }

  /** The tables that have a row. */
  static List<String> filled(Database database) {
    return database.inTransaction(
        handle ->
            tables(handle).stream()
                .filter(
                    table ->
                        handle
                            .createQuery("select 1 from " + table + " fetch first 1 rows only")
                            .mapTo(Integer.class)
                            .findOne()
                            .isPresent())
                .toList());
  }

  /** A number that a query tells. */
  public static long number(Database database, String sql) {
    return database.inTransaction(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
