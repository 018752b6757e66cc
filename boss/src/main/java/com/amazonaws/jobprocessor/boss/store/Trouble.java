package com.amazonaws.jobprocessor.boss.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/** Why the database cannot do something now that it may be able to do in a moment. */
public enum Trouble {
  /** It cannot be reached, or is just coming up or going down. */
  AWAY("the boss's database is away"),
  /** It is there, and all connections to it are in use. */
  BUSY("the boss's database is busy with other requests"),
  /** It cannot write. */
  FULL("the boss's database has no room left on its disk"),
  /** It is there, and has no memory for this. */
  SHORT("the boss's database has too little memory");

  /** H2's CONNECTION_BROKEN_1, DATABASE_IS_CLOSED and DATABASE_CALLED_AT_SHUTDOWN. */
  private static final Set<Integer> H2_GONE = Set.of(90067, 90098, 90121);

  /**
   * SQLSTATEs: class 08 (connection exception), 57P01 to 57P03 (shut down, crashed, not up yet),
   * 53300 (too many connections) and 25P03 (this boss was away itself, in a transaction),
   * PostgreSQL's appendix A.
   */
  private static final List<String> AWAY_STATES = List.of("08", "57P0", "53300", "25P03");

  private static final String DISK_FULL = "53100";
  private static final String OUT_OF_MEMORY = "53200";
  private static final int MAX_CAUSES = 20;

  private final String words;

  Trouble(String words) {
    this.words = words;
  }

  /** What to say of it: a sentence without its point. */
  public String words() {
    return words;
  }

  /** What something has failed of, if it is one of these. */
  public static Optional<Trouble> of(Throwable failure) {
    Trouble found = null;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      Trouble one = one(cause);
      // H2 closes a file that it cannot write to: that is the cause of its being closed.
      found = one == null || (found != null && one == AWAY) ? found : one;
      cause = cause.getCause();
    }
    return Optional.ofNullable(found);
  }

  /** True if H2 says that its file is closed, or has just closed it. */
  static boolean isClosed(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_CAUSES; depth++) {
      if (cause instanceof MVStoreException
          || (cause instanceof SQLException sql && H2_GONE.contains(sql.getErrorCode()))) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static @Nullable Trouble one(Throwable cause) {
    return switch (cause) {
      case Busy _ -> BUSY;
      case Database.Unavailable _, SQLTransientConnectionException _ -> AWAY;
      case MVStoreException h2 when h2.getErrorCode() == DataUtils.ERROR_WRITING_FAILED -> FULL;
      case SQLException sql -> one(sql);
      default -> null;
    };
  }

  private static @Nullable Trouble one(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    if (state.equals(DISK_FULL)) {
      return FULL;
    }
    if (state.equals(OUT_OF_MEMORY)) {
      return SHORT;
    }
    return H2_GONE.contains(failure.getErrorCode())
            || AWAY_STATES.stream().anyMatch(state::startsWith)
        ? AWAY
        : null;
  }

  /** All connections were in use for as long as one may wait. */
  static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Busy(Throwable cause) {
      super("all connections to the database are in use", cause);
    }
  }
}
