package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.Problem;
import com.amazonaws.jobprocessor.boss.api.Upload;
import com.amazonaws.jobprocessor.boss.api.Uploads;
import com.amazonaws.jobprocessor.boss.store.NewTask;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import io.javalin.http.UploadedFile;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Semaphore;

/** Makes tasks: one by a form, many by a file, or some to try it with. */
final class NewTaskPages {
  /** Beside the file: the other fields of its form. */
  private static final long FIELDS = 64 * 1024;

  /** What would be too much for a form: for such a payload there is the file. */
  private static final int MAX_PAYLOAD = 32 * 1024;

  private final Tasks tasks;
  private final Runnable news;

  /** Files whose tasks are in memory at the same time. */
  private final Semaphore place = new Semaphore(1);

  /** What was sent and what was wrong with it. */
  record Entry(String batch, String name, String payload, String priority) {
    static final Entry NONE = new Entry("", "", "", "0");
  }

  /**
   * What is wrong.
   *
   * @param form where
   */
  record Wrong(String form, String what, List<Problem.Flaw> flaws) {
    static final Wrong NOTHING = new Wrong("", "", List.of());
  }

  NewTaskPages(Tasks tasks, Runnable news) {
    this.tasks = tasks;
    this.news = news;
  }

  List<Route> routes() {
    return List.of(
        Route.operatorPage("/new", visit -> form(visit, 200, Entry.NONE, Wrong.NOTHING)),
        Route.action("/new/task", this::one),
        Route.upload("/new/upload", Uploads.MAX_BYTES + FIELDS, this::upload),
        Route.action("/new/test", this::test));
  }

  private static void form(Visit visit, int status, Entry entry, Wrong wrong) {
    visit.show(
        status,
        "Create tasks",
        "new.jte",
        Map.of("entry", entry, "wrong", wrong, "once", Tokens.random()));
  }

  private void one(Visit visit) {
    Entry entry =
        new Entry(
            visit.field("batch").strip(),
            visit.field("name"),
            visit.field("payload"),
            visit.field("priority").strip());
    boolean number = entry.priority().matches("-?[0-9]{1,6}");
    NewTask task =
        new NewTask(entry.name(), entry.payload(), number ? Integer.parseInt(entry.priority()) : 0);
    String problem =
        number ? task.problem().orElse("") : "priority must be a whole number, 0 for most";
    if (problem.isEmpty() && MessageFormat.utf8Length(entry.payload()) > MAX_PAYLOAD) {
      problem = "payload has more than " + Words.bytes(MAX_PAYLOAD) + ": send it as a file";
    }
    if (problem.isEmpty()) {
      problem = batchProblem(entry.batch());
    }
    if (!problem.isEmpty()) {
      form(visit, 422, entry, new Wrong("task", "No task was made: " + problem + ".", List.of()));
      return;
    }
    make(visit, entry.batch(), List.of(task), Printable.sha256(entry.toString()));
  }

  private static String batchProblem(String name) {
    return name.length() > NewTask.MAX_NAME || !MessageFormat.isSendable(name)
        ? "the batch's name must have at most " + NewTask.MAX_NAME + " characters"
        : "";
  }

  /** Makes a form's tasks once, however often it is sent. */
  private void make(Visit visit, String batch, List<NewTask> all, String digest) {
    String once = visit.field("once");
    if (!once.matches("[0-9a-f]{48}")) {
      throw new Refused(400, "The form is not complete. Open its page and send it again.");
    }
    try {
      Tasks.Created made =
          tasks.create(visit.session().user(), batch, all, new Tasks.Once(once + digest, digest));
      news.run();
      visit.seeOther("/?done=tasks&batch=" + made.batch());
    } catch (Tasks.KeyReused e) {
      throw new IllegalStateException(e); // the key has the hash in it
    }
  }

  private void upload(Visit visit) throws IOException {
    String batch = visit.field("batch").strip();
    Entry entry = new Entry(batch, "", "", "0");
    if (!place.tryAcquire()) {
      throw new Refused(503, "Another file is being read. Send it again in a moment.");
    }
    try {
      upload(visit, entry);
    } catch (Problem e) {
      String what = "No task was made: " + e.getMessage() + ".";
      form(visit, e.status(), entry, new Wrong("upload", what, e.flaws()));
    } finally {
      place.release();
    }
  }

  private void upload(Visit visit, Entry entry) throws IOException {
    UploadedFile file = visit.request().uploadedFile("file");
    String problem = batchProblem(entry.batch());
    if (file == null || file.size() == 0) {
      problem = "choose a file that is not empty";
    } else if (file.size() > Uploads.MAX_BYTES) {
      problem = "the file has more than " + Words.bytes(Uploads.MAX_BYTES);
    }
    if (!problem.isEmpty() || file == null) {
      form(visit, 422, entry, new Wrong("upload", "No task was made: " + problem + ".", List.of()));
      return;
    }
    MessageDigest digest = sha256();
    List<NewTask> all;
    try (InputStream in = new DigestInputStream(file.content(), digest)) {
      all = Upload.csv(in).tasks();
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    make(visit, entry.batch(), all, Printable.sha256(hash + entry.batch()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  private void test(Visit visit) {
    String count = visit.field("count").strip();
    String bad = visit.field("bad").strip();
    boolean good =
        count.matches("[1-9][0-9]{0,5}")
            && Integer.parseInt(count) <= Upload.MAX_TASKS
            && bad.matches("[0-9]{1,3}")
            && Integer.parseInt(bad) <= 100;
    if (!good) {
      String what =
          "No task was made: allowed are 1 to %s accounts, and 0 to 100 per cent that fail."
              .formatted(Words.count(Upload.MAX_TASKS));
      form(visit, 422, Entry.NONE, new Wrong("test", what, List.of()));
      return;
    }
    List<NewTask> all =
        TestData.accounts(Integer.parseInt(count), Integer.parseInt(bad), new Random());
    make(visit, count + " test accounts", all, Printable.sha256(count + " " + bad));
  }
}
