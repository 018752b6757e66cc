import com.amazonaws.jobprocessor.JobExecutor;

/** Fails, and prints its stack; with what would break a log: line ends, a level of its own. */
public class Throw implements JobExecutor {
  @Override
  public String execute(String job) {
    RuntimeException cause = new RuntimeException("the cause");
    IllegalStateException failure = new IllegalStateException("<0>no \"" + job + "\"\n\tat all", cause);
    failure.printStackTrace();
    throw failure;
  }
}
