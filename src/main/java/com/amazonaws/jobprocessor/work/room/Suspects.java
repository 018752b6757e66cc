package com.amazonaws.jobprocessor.work.room;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the jobs that kill their worker. A job that was received more often than it has attempts is
 * a suspect: while it runs a file in the state folder says so, locked by this process. A file that
 * is found unlocked when the job is received again was left by a worker that died of it.
 */
public final class Suspects {
  private static final Logger log = LoggerFactory.getLogger(Suspects.class);

  /** What is known of a job that has just been received. */
  public enum Verdict {
    INNOCENT,
    /** To be run alone, with a note. */
    SUSPECT,
    /** A worker died of it: not to be run again. */
    KILLER,
    /** A worker that lives beside this one runs it. */
    RUNS_ELSEWHERE
  }

  /**
   * Notes that this process has open, by their real paths, for all of its workers: closing any
   * channel of a file drops every lock that the process has on it (POSIX), so none is opened twice.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  /**
   * So often a pack of several is received before it is taken apart, however few retries there are.
   */
  private static final int MIN_PACK_RECEIVES = 3;

  private final Path folder;
  private final String queue;
  private final int attempts;
  private final AtomicBoolean told = new AtomicBoolean();
  private final Set<Path> givenUp = ConcurrentHashMap.newKeySet();

  /**
   * Suspects of a queue.
   *
   * @param folder for the notes; made when the first is written
   * @param attempts how many attempts a job has
   */
  public Suspects(Path folder, String queue, int attempts) {
    this.folder = folder;
    this.queue = queue;
    this.attempts = attempts;
  }

  /**
   * Judges a job by the number of its next attempt and, for a suspect, by the note.
   *
   * @param isSick true if the executor cannot run jobs on this box now: then so it may be on
   *     others, and many receives may be as many give-backs, so that they prove no death
   */
  public Verdict judge(Job job, boolean isSick) {
    if (!isSuspect(job)) {
      return Verdict.INNOCENT;
    }
    if (!isSick && job.receives() > 2 * attempts + 8) {
      return Verdict.KILLER;
    }
    Path note = noteOf(job);
    if (!Files.exists(note)) {
      return Verdict.SUSPECT;
    }
    try {
      Path real = realPathOf(note);
      if (!OPEN.add(real)) {
        return Verdict.RUNS_ELSEWHERE;
      }
      try {
        return judge(real);
      } finally {
        OPEN.remove(real);
      }
    } catch (IOException e) {
      return Verdict.SUSPECT; // it has just gone, or cannot be read: the count remains
    }
  }

  private static Verdict judge(Path note) throws IOException {
    try (FileChannel channel = FileChannel.open(note, StandardOpenOption.WRITE)) {
      if (!isLocked(channel)) {
        return Verdict.RUNS_ELSEWHERE;
      }
      // An empty file was made just now: its worker has not begun the job.
      return channel.size() == 0 ? Verdict.SUSPECT : Verdict.KILLER;
    }
  }

  /**
   * How long a suspect goes back that finds no place in the line: longer each time, since each is a
   * receive more, and too many of them end it unrun.
   */
  public Duration delay(Job job) {
    int times = Math.clamp(job.message().receiveCount() - attempts - 1, 0, 10);
    return Durations.times(job.message().lease().length(), 1L << times);
  }

  /** What becomes of a job that another worker of this machine runs. */
  public Outcome runsElsewhere(Job job) {
    return new Outcome.GivenBack(
        "runs in another worker of this machine", job.message().lease().length());
  }

  /**
   * By the count of receives; the job table, if there is one, knows of deaths. Not in a pack of
   * several: that is dissolved instead, so that no innocent is taken for one.
   */
  public boolean isSuspect(Job job) {
    if (job.message().isPackOfSeveral()) {
      return false;
    }
    return job.isClaimed()
        ? job.deaths() > 0 && Math.max(job.attempt(), job.deaths() + 1) >= attempts
        : job.receives() > attempts;
  }

  /** True if a job of the pack may kill its workers: by the count of receives. */
  public boolean mayHideOne(Message pack) {
    return pack.isPackOfSeveral() && pack.receives() > Math.max(attempts, MIN_PACK_RECEIVES);
  }

  /** Forgets what was noted of a job that has been dead-lettered. */
  public void clear(Job job) {
    if (isSuspect(job)) {
      deleteQuietly(noteOf(job));
    }
  }

  /** Deletes the note of a suspect that goes back though it still runs: no worker died of it. */
  public void giveUp(Job job) {
    if (isSuspect(job)) {
      Path note = noteOf(job);
      givenUp.add(note);
      deleteQuietly(note);
      try {
        OPEN.remove(realPathOf(note));
      } catch (IOException e) {
        tell(note, e);
      }
    }
  }

  /**
   * Writes the note, to be closed as soon as the job does not run any more; never waits for another
   * worker.
   *
   * @return null if the job is not to be run now: another worker has begun it since it was judged
   */
  public @Nullable Note note(Job job) {
    Path file = noteOf(job);
    Path real = null;
    FileChannel channel = null;
    try {
      Files.createDirectories(file.getParent());
      Path path = realPathOf(file);
      if (!OPEN.add(path)) {
        return null;
      }
      real = path;
      channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      // What is written already is another's, who died of it or has just ended.
      if (!isLocked(channel) || channel.size() > 0) {
        close(path, channel);
        return null;
      }
      channel.write(UTF_8.encode("message_id=" + job.message().id() + "\n"));
      channel.force(true);
      told.set(false);
    } catch (IOException e) {
      tell(file, e);
    }
    return new Note(file, real, channel);
  }

  /** The note's file need not exist. */
  private Path realPathOf(Path note) throws IOException {
    return folder.toRealPath().resolve(folder.relativize(note));
  }

  /** False if another process has the lock, or this one by way of another path. */
  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void close(@Nullable Path real, @Nullable FileChannel channel) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      tell(real == null ? folder : real, e);
    } finally {
      if (real != null) {
        OPEN.remove(real);
      }
    }
  }

  /** Once, until a note is written again: each suspect would say it. */
  private void tell(Path file, IOException e) {
    if (told.compareAndSet(false, true)) {
      log.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("error", e)
          .log(
              "cannot keep the notes of suspects: a job that kills the worker is then detected only by its receive count");
    }
  }

  /** The note of a suspect that runs. */
  public final class Note implements AutoCloseable {
    private final Path file;
    private final @Nullable Path real;
    private final @Nullable FileChannel channel;

    private Note(Path file, @Nullable Path real, @Nullable FileChannel channel) {
      this.file = file;
      this.real = real;
      this.channel = channel;
    }

    /** Where it is. */
    Path file() {
      return file;
    }

    /**
     * Deletes the note before its lock is released: nobody may find it unlocked. One that was given
     * up may be another worker's by now.
     */
    @Override
    public void close() {
      boolean others = givenUp.remove(file);
      if (!others) {
        deleteQuietly(file);
      }
      Suspects.this.close(others ? null : real, channel);
    }
  }

  private void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      tell(file, e);
    }
  }

  private Path noteOf(Job job) {
    return folder.resolve("suspects").resolve(digest(queue + "\n" + job.message().id()));
  }

  private static String digest(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
