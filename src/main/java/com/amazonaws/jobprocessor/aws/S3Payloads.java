package com.amazonaws.jobprocessor.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * Payloads in one bucket of S3, with pointers as the Amazon SQS Extended Client Library has them.
 *
 * <p>Its own client fetches while it receives, so that one missing object fails nine other jobs,
 * and its store reads objects of any size and swaps what is no UTF-8: only its pointers are used.
 */
public final class S3Payloads implements Payloads {
  private static final String TEXT = "text/plain; charset=UTF-8";

  /** Refusals that speak of the bucket or of ourselves, not of an object: they may pass. */
  private static final Set<String> OF_ALL_OBJECTS =
      Set.of(
          "AccountProblem",
          "AllAccessDisabled",
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidSecurity",
          "InvalidToken",
          "NoSuchBucket",
          "NotSignedUp",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch");

  /** Of an object that is encrypted with its sender's own key, or too large for a copy. */
  private static final String INVALID = "InvalidRequest";

  private final S3Client s3;
  private final SqsCalls calls;
  private final String bucket;

  /**
   * Payloads of the bucket.
   *
   * @param s3 makes each call once; its time-out bounds a call with the transfer of its object
   */
  public S3Payloads(S3Client s3, SqsCalls calls, String bucket) {
    this.s3 = s3;
    this.calls = calls;
    this.bucket = bucket;
  }

  @Override
  public String fetch(String pointer, int maxBytes)
      throws Unreadable, CallFailed, InterruptedException {
    ObjectKey object = ObjectKey.of(pointer, bucket);
    Optional<byte[]> content =
        call(
            object,
            () ->
                s3.getObject(
                    request ->
                        request.bucket(bucket).key(object.key()).checksumMode(ChecksumMode.ENABLED),
                    (answer, in) -> read(answer, in, maxBytes)));
    byte[] bytes =
        content.orElseThrow(
            () ->
                new Unreadable(
                    Unreadable.TOO_LARGE, object + " has more than " + maxBytes + " bytes"));
    if (!isUtf8(bytes)) {
      throw new Unreadable(Unreadable.NOT_TEXT, object + " is not UTF-8");
    }
    return new String(bytes, UTF_8);
  }

  /**
   * Reads an object within the call, so that the call's bound holds for it too; nothing if it is
   * too large.
   */
  private static Optional<byte[]> read(
      GetObjectResponse answer, AbortableInputStream in, int maxBytes) throws IOException {
    try {
      Long length = answer.contentLength();
      if (length != null && length <= maxBytes) {
        return Optional.of(exactly(in, length.intValue()));
      }
      byte[] bytes = length == null ? in.readNBytes(maxBytes + 1) : null;
      if (bytes != null && bytes.length <= maxBytes) {
        return Optional.of(bytes);
      }
    } catch (OutOfMemoryError e) {
      in.abort();
      throw e;
    }
    in.abort(); // else the client would read the rest to save the connection
    return Optional.empty();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    int read = in.readNBytes(bytes, 0, length);
    if (read < length || in.read() >= 0) { // at its end the client compares its checksum
      throw new EOFException("the object has not " + length + " bytes, as announced");
    }
    return bytes;
  }

  /** By a small window, since decoding the whole would take four times its size. */
  private static boolean isUtf8(byte[] bytes) {
    CharsetDecoder decoder = UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer window = CharBuffer.allocate(8192);
    CoderResult result = CoderResult.OVERFLOW;
    while (result.isOverflow()) {
      window.clear();
      result = decoder.decode(in, window, true);
    }
    return result.isUnderflow();
  }

  @Override
  public String store(String payload) throws CallFailed, InterruptedException {
    int bytes = Payloads.bytesOf(payload);
    ObjectKey object = anew();
    calls.call(
        () ->
            s3.putObject(
                request -> request.bucket(bucket).key(object.key()),
                RequestBody.fromContentProvider(() -> new TextStream(payload), bytes, TEXT)));
    return object.pointer();
  }

  @Override
  public void delete(String pointer) throws CallFailed, InterruptedException {
    ObjectKey object;
    try {
      object = ObjectKey.of(pointer, bucket);
    } catch (Unreadable e) {
      return;
    }
    try {
      calls.call(() -> s3.deleteObject(r -> r.bucket(bucket).key(object.key())));
    } catch (CallFailed e) {
      if (!Unreadable.MISSING.equals(typeOf(e))) {
        throw e;
      }
    }
  }

  @Override
  public String copy(String pointer) throws Unreadable, CallFailed, InterruptedException {
    ObjectKey object = ObjectKey.of(pointer, bucket);
    ObjectKey copy = anew();
    call(
        object,
        () ->
            s3.copyObject(
                request ->
                    request
                        .sourceBucket(bucket)
                        .sourceKey(object.key())
                        .destinationBucket(bucket)
                        .destinationKey(copy.key())));
    return copy.pointer();
  }

  private ObjectKey anew() {
    return new ObjectKey(bucket, UUID.randomUUID().toString());
  }

  private <T> T call(ObjectKey object, Supplier<T> request)
      throws Unreadable, CallFailed, InterruptedException {
    try {
      return calls.call(request);
    } catch (CallFailed e) {
      String type = typeOf(e);
      if (type == null) {
        throw e;
      }
      throw new Unreadable(type, object + ": " + e.code() + ", " + e.getMessage());
    }
  }

  /** What a failure says of its object; null if it says nothing, or may pass. */
  private static @Nullable String typeOf(CallFailed e) {
    if (OF_ALL_OBJECTS.contains(e.code())) {
      return null;
    }
    if (e.kind() == CallFailed.Kind.REFUSED || e.code().equals(INVALID)) {
      return Unreadable.DENIED;
    }
    return switch (e.getCause() instanceof AwsServiceException answer ? answer.statusCode() : 0) {
      case 403 -> Unreadable.DENIED;
      case 404 -> Unreadable.MISSING;
      default -> null;
    };
  }
}
