import com.amazonaws.jobprocessor.Configurable;
import com.amazonaws.jobprocessor.JobExecutor;
import java.util.Map;

/** An executor of a user's own: comes with a jar in the image, or by a user-data script. Any setting will do. */
public class Shout implements JobExecutor, Configurable {
  @Override
  public void configure(Map<String, String> settings) {}

  @Override
  public String execute(String job) {
    return job.toUpperCase();
  }
}
