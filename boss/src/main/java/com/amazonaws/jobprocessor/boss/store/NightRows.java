package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.Night.Brought;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The rows of nights, as they are read and noted. */
final class NightRows {
  private static final int MAX_NOTE = 1024;

  private NightRows() {}

  static Night night(ResultSet row) throws SQLException {
    return new Night(
        row.getLong("id"),
        Rows.instant(row, "opened_at"),
        Rows.instant(row, "closes_at"),
        row.getLong("open_at_start"),
        Rows.instantOrNull(row, "drained_at"),
        Rows.longOrNull(row, "left_at_end"),
        new Brought(
            state(row.getString("boxes_state")),
            row.getInt("boxes_step"),
            row.getInt("boxes_wanted"),
            row.getInt("boxes"),
            row.getString("boxes_note"),
            Rows.instant(row, "boxes_at"),
            row.getDouble("box_seconds")));
  }

  private static Night.State state(String text) {
    return Stream.of(Night.State.values())
        .filter(state -> Nights.text(state).equals(text))
        .findFirst()
        .orElse(Night.State.NONE);
  }

  static @Nullable Instant endedAt(Handle handle) {
    return handle
        .createQuery("select max(boxes_at) as ended from night where boxes_state = 'ended'")
        .map((row, _) -> Optional.ofNullable(Rows.instantOrNull(row, "ended")))
        .one()
        .orElse(null);
  }

  /** Tasks that were left when a night was over; those that are now, if it is not. */
  static long left(Handle handle, @Nullable Long night) {
    return handle
        .createQuery("select left_at_end from night where id = :id and left_at_end is not null")
        .bind("id", night)
        .mapTo(Long.class)
        .findFirst()
        .orElseGet(() -> OpenTasks.unsent(handle));
  }

  static void note(Handle handle, long id, Brought brought) {
    handle
        .createUpdate(
            "update night set boxes_state = :state, boxes_step = :step, boxes_wanted = :wanted,"
                + " boxes = :boxes, boxes_note = :note, boxes_at = :at, box_seconds = :seconds"
                + " where id = :id")
        .bind("state", Nights.text(brought.state()))
        .bind("step", brought.step())
        .bind("wanted", brought.wanted())
        .bind("boxes", brought.boxes())
        .bind("note", Rows.cut(brought.note(), MAX_NOTE))
        .bind("at", brought.at())
        .bind("seconds", brought.boxSeconds())
        .bind("id", id)
        .execute();
  }
}
