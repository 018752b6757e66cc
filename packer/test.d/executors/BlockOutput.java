import com.amazonaws.jobprocessor.JobExecutor;
import java.io.OutputStream;
import java.io.PrintStream;

/** Makes whoever prints wait for ever, the worker's log included: as if a loop of the worker hung. */
public class BlockOutput implements JobExecutor {
  private static final class Wall extends OutputStream {
    @Override
    public void write(int b) {
      while (true) {
        try {
          Thread.sleep(Long.MAX_VALUE);
        } catch (InterruptedException e) {
          // for ever
        }
      }
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
      write(0);
    }
  }

  @Override
  public String execute(String job) {
    System.setOut(new PrintStream(new Wall(), true));
    throw new IllegalStateException("the log line about this failure hangs");
  }
}
