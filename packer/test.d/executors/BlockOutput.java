import com.amazonaws.jobprocessor.JobExecutor;
import java.io.OutputStream;

/** Makes whoever logs wait for ever: as if a loop of the worker hung. */
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
  public String execute(String job) throws Exception {
    Object factory =
        Class.forName("org.slf4j.LoggerFactory").getMethod("getILoggerFactory").invoke(null);
    Object root = call(factory, "getLogger", String.class, "ROOT");
    call(
        call(root, "getAppender", String.class, "out"),
        "setOutputStream",
        OutputStream.class,
        new Wall());
    throw new IllegalStateException("the log line about this failure hangs");
  }

  private static Object call(Object on, String method, Class<?> type, Object argument)
      throws Exception {
    return on.getClass().getMethod(method, type).invoke(on, argument);
  }
}
