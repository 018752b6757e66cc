import com.amazonaws.jobprocessor.JobExecutor;

/** An executor that a user-data script installs. */
public class Bellow implements JobExecutor {
  @Override
  public String execute(String job) {
    return job.toUpperCase() + "!";
  }
}
