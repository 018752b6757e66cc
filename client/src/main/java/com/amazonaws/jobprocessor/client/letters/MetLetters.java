package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.HashSet;
import java.util.Set;

/**
 * The letters that one run has met. An id may have several, of jobs that were submitted under one
 * id: each is a job of its own unless it is the copy of another. Whether a job has failed again
 * during the run is known by the message that it died of: the run has sent it. So no two clocks are
 * compared.
 */
final class MetLetters {
  /** What a letter is. */
  enum Standing {
    /** One to be sent back. */
    NEW,
    /** The copy of one that was met before, as a worker makes it that dies before its delete. */
    COPY,
    /** Perhaps a copy; its definition is in S3, where a copy has the object of the first. */
    COPY_IN_S3,
    /** Of a job that this run has sent back. */
    FAILED_AGAIN,
    /** Perhaps of a job that this run has sent back: it does not say of which message it died. */
    UNCERTAIN
  }

  private final Set<String> met = new HashSet<>();
  private final Set<String> gone = new HashSet<>();

  /** The ids of the jobs whose letters do not say of which message they died. */
  private final Set<String> withoutDeath = new HashSet<>();

  /** The ids of the messages that were sent for letters. */
  private final Set<String> sent = new HashSet<>();

  /** Meets a letter, each once. */
  Standing meet(Delivery letter) {
    String death = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    if (death.isEmpty()) {
      return withoutDeath.add(Messages.jobId(letter)) ? Standing.NEW : Standing.UNCERTAIN;
    }
    if (sent.contains(death)) {
      return Standing.FAILED_AGAIN;
    }
    if (met.add(key(letter))) {
      return Standing.NEW;
    }
    return Messages.isPointer(letter) ? Standing.COPY_IN_S3 : Standing.COPY;
  }

  /** A message was sent for a letter. */
  void sent(String messageId) {
    if (!messageId.isEmpty()) {
      sent.add(messageId);
    }
  }

  /** A letter was deleted, since its job is in its backlog: its copies may go as well. */
  void gone(Delivery letter) {
    gone.add(key(letter));
  }

  /** True if a letter that is a copy may be deleted. */
  boolean mayGo(Delivery copy) {
    return gone.contains(key(copy));
  }

  /**
   * What a letter has in common with its copies and with no other: job and death alone are shared
   * by the lines of a pack that have one id. The object of a definition in S3 may be another.
   */
  private static String key(Delivery letter) {
    String job = Messages.jobId(letter);
    String rest = Messages.isPointer(letter) ? "in S3" : '/' + letter.body();
    String death = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    return Printable.sha256(death + '/' + job.length() + '/' + job + rest).substring(0, 32);
  }
}
