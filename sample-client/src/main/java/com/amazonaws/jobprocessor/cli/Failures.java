package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;

/** Failures in words: one line each. */
final class Failures {
  /** Of SQS, DynamoDB and S3: temporary credentials, whose time is over. */
  private static final Set<String> EXPIRED = Set.of("ExpiredToken", "ExpiredTokenException");

  private Failures() {}

  static String messageOf(Throwable e) {
    return switch (e) {
      case UserError error -> error.getMessage();
      case ClientException error when error.getCause() instanceof CallFailed failed ->
          JobTableReader.isMissing(failed) ? messageOf(failed) : error.getMessage();
      case ClientException error -> error.getMessage();
      case InvalidEnvironment error -> error.getMessage();
      case Stop.Asked _ -> "interrupted";
      case InterruptedException _ -> "interrupted";
      case CallFailed failed -> messageOf(failed);
      case IOException io -> reason(io);
      case OutOfMemoryError _ -> "out of memory";
      default -> e.getClass().getSimpleName() + ": " + e.getMessage();
    };
  }

  private static String messageOf(CallFailed e) {
    if (e.code().equals(SqsCalls.NO_CREDENTIALS) || e.code().equals(SqsCalls.PROXY_REFUSED)) {
      return e.getMessage();
    }
    if (e.code().equals("QueueDoesNotExist") || e.code().equals("NonExistentQueue")) {
      return "the queue has been deleted";
    }
    if (JobTableReader.isMissing(e)) {
      return e.getMessage() + "; check " + TableName.OPTION + " and --region";
    }
    if (e.code().equals(SqsCalls.STRANGE_ANSWER)) {
      return e.getMessage() + " Check endpoint and network";
    }
    return e.kind() == CallFailed.Kind.UNKNOWN
        ? "cannot reach AWS: " + reason(e) + "; check region, endpoint and network"
        : "AWS refused the request: "
            + reason(e)
            + (EXPIRED.contains(e.code()) ? "; renew the credentials" : "");
  }

  /** What a call has failed with. */
  static String reason(CallFailed e) {
    return e.code() + ", " + e.getMessage();
  }

  /** Why a file cannot be read or written. */
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _, FileNotFoundException _ -> "there is no such file";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException error when error.getReason() != null -> inWords(error.getReason());
      default -> e.getMessage() == null ? e.getClass().getSimpleName() : inWords(e.getMessage());
    };
  }

  private static String inWords(String reason) {
    return reason.equals("Is a directory") ? "it is a folder" : reason;
  }
}
