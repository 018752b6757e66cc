package com.amazonaws.jobprocessor.boss.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Users.User;
import com.amazonaws.jobprocessor.message.Printable;
import java.security.MessageDigest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a browser is given by which it is known again as one that a user has signed in with. It
 * opens nothing, and a new password ends it: it is made of the old one's hash.
 */
final class Device {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{48}\\.[0-9a-f]{64}");

  private Device() {}

  /** A new one for a user. */
  static String create(User user) {
    String random = Tokens.random();
    return random + "." + seal(random, user);
  }

  /** True if the text is one of the user's. */
  static boolean isOf(@Nullable String device, User user) {
    if (device == null || user.password() == null || !FORM.matcher(device).matches()) {
      return false;
    }
    int dot = device.indexOf('.');
    return MessageDigest.isEqual(
        device.substring(dot + 1).getBytes(UTF_8),
        seal(device.substring(0, dot), user).getBytes(UTF_8));
  }

  /** Only who knows the hash of the password can make it. */
  private static String seal(String random, User user) {
    return Printable.sha256(
        "device " + user.id() + " " + random + " " + Printable.sha256("" + user.password()));
  }
}
