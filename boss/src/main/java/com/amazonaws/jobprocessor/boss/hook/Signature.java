package com.amazonaws.jobprocessor.boss.hook;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what is sent as the Standard Webhooks specification has it
 * (github.com/standard-webhooks/standard-webhooks, "Signature scheme"): {@code v1,} and the base64
 * of the HMAC-SHA256 of id, time and body with points between them. The time keeps an old message
 * from being played again; the receiver should refuse one that is more than some minutes old.
 */
public final class Signature {
  /** The fewest bytes of a secret, as the specification has it. */
  public static final int MIN_BYTES = 24;

  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "whsec_";

  private final byte[] key;

  private Signature(byte[] key) {
    this.key = key;
  }

  /**
   * Signs with a secret.
   *
   * @param secret {@code whsec_} and base64, or any other text, of which the bytes are the key
   * @throws IllegalArgumentException in one line without the secret, if it is none
   */
  public static Signature with(String secret) {
    byte[] key;
    try {
      key =
          secret.startsWith(PREFIX)
              ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
              : secret.getBytes(UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("what follows whsec_ is not base64", e);
    }
    if (key.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "it has " + key.length + " bytes; allowed are " + MIN_BYTES + " and more");
    }
    return new Signature(key);
  }

  /**
   * The header {@code webhook-signature}.
   *
   * @param seconds since 1970, as the header {@code webhook-timestamp} has it
   */
  String of(String id, long seconds, String body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      byte[] hash = mac.doFinal((id + "." + seconds + "." + body).getBytes(UTF_8));
      return "v1," + Base64.getEncoder().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }
}
