import com.amazonaws.jobprocessor.JobExecutor;

/** An executor of a user's own: comes with a jar in the image, or by a user-data script. */
public class Shout implements JobExecutor {
  @Override
  public String execute(String job) {
    return job.toUpperCase();
  }
}
