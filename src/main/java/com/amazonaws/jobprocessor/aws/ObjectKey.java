package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Payloads.Unreadable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.payloadoffloading.PayloadS3Pointer;

/** Where an object is. */
record ObjectKey(String bucket, String key) {
  private static final int LONGEST_POINTER = 16 * 1024;
  private static final int LONGEST_KEY = 1024; // bytes, S3's limit
  private static final int SHOWN = 300;

  /**
   * The class that a pointer names; the second is that of the library's first versions. The library
   * would load any class, so no other name comes before it.
   */
  private static final Pattern TYPE =
      Pattern.compile(
          "\\s*\\[\\s*\"(?:software\\.amazon\\.payloadoffloading\\.PayloadS3Pointer"
              + "|com\\.amazon\\.sqs\\.javamessaging\\.MessageS3Pointer)\"\\s*,");

  /** SDK, proxies and servers do not agree on what such a key means. */
  private static final Pattern DOTS = Pattern.compile("(?:^|.*/)\\.\\.?(?:/.*|$)", Pattern.DOTALL);

  /**
   * Reads a pointer.
   *
   * @param bucket the only one that it may name
   */
  static ObjectKey of(String pointer, String bucket) throws Unreadable {
    Matcher type = TYPE.matcher(pointer);
    if (pointer.length() > LONGEST_POINTER || !type.lookingAt()) {
      throw refused("the message's body is no pointer to an S3 object");
    }
    PayloadS3Pointer read =
        read("[\"" + PayloadS3Pointer.class.getName() + "\"," + pointer.substring(type.end()));
    ObjectKey object = new ObjectKey(text(read.getS3BucketName()), text(read.getS3Key()));
    if (!object.bucket().equals(bucket)) {
      throw refused(object + " is not in the bucket " + bucket);
    }
    if (!isKey(object.key())) {
      throw refused(object + " has no key that we would ask for");
    }
    return object;
  }

  private static PayloadS3Pointer read(String pointer) throws Unreadable {
    PayloadS3Pointer read;
    try {
      read = PayloadS3Pointer.fromJson(pointer);
    } catch (SdkException e) {
      read = null;
    }
    if (read == null) {
      throw refused("the message's body is no whole pointer to an S3 object");
    }
    return read;
  }

  private static String text(@Nullable String given) {
    return given == null ? "" : given;
  }

  private static boolean isKey(String key) {
    return !key.isEmpty()
        && MessageFormat.isSendable(key)
        && MessageFormat.utf8Length(key) <= LONGEST_KEY
        && !DOTS.matcher(key).matches();
  }

  private static Unreadable refused(String why) {
    return new Unreadable(Unreadable.REFUSED, why);
  }

  /** The pointer to the object: the body of the message that carries it. */
  String pointer() {
    return new PayloadS3Pointer(bucket, key).toJson();
  }

  @Override
  public String toString() {
    return MessageFormat.cut(MessageFormat.sendable("s3://" + bucket + "/" + key), SHOWN);
  }
}
