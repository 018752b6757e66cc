package com.amazonaws.jobprocessor.message;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names and limits of packs: messages that carry several jobs, or several results, a JSON
 * object a line.
 */
public final class PackFormat {
  /** The attribute that makes a message a pack: a String, the format's version. */
  public static final String JOB_PACK = "job_pack";

  /** How many jobs or results are in the pack, a Number: for queue depths only. */
  public static final String JOB_COUNT = "job_count";

  /** {@code 1} on a pack of jobs whose results are to travel together as well; a String. */
  public static final String RESULT_PACK = "result_pack";

  /** The only version there is, of {@link #JOB_PACK} and of {@link #RESULT_PACK}. */
  public static final String VERSION = "1";

  /** Jobs in one pack. */
  public static final int MAX_JOBS = 1_000;

  /** What a line may say that its job has had, in {@code attempts}. */
  public static final int MAX_ATTEMPTS = 1_000_000;

  /**
   * To so many bytes results are packed: SQS bills a request for each 64 KiB that a call carries
   * (Amazon SQS pricing).
   */
  public static final int MAX_RESULT_PACK_BYTES = 64 * 1024;

  /** The attributes of a pack that are ours, never those of a job in it. */
  public static final Set<String> RESERVED = Set.of(JOB_PACK, JOB_COUNT, RESULT_PACK);

  /** On the dead letter of a message that says it is a pack and is none that we know. */
  public static final String REFUSED = "PackRefused";

  /** On the dead letter of a line that is no job: the letter's body is the line. */
  public static final String LINE_UNREADABLE = "PackLineUnreadable";

  private PackFormat() {}

  /** True if a message with these attributes is a pack, of whatever version. */
  public static boolean isPack(Map<String, Attribute> attributes) {
    return attributes.containsKey(JOB_PACK);
  }

  /** True if a message with these attributes is a pack of the version that we know. */
  public static boolean isKnownPack(Map<String, Attribute> attributes) {
    return isVersion(attributes.get(JOB_PACK));
  }

  /** True if the results of a pack with these attributes are to be packed. */
  public static boolean wantsResultPacks(Map<String, Attribute> attributes) {
    return isVersion(attributes.get(RESULT_PACK));
  }

  private static boolean isVersion(@Nullable Attribute attribute) {
    return attribute != null && attribute.isString() && VERSION.equals(attribute.text());
  }

  /** The attributes of a pack of so many jobs or results. */
  public static Map<String, Attribute> attributes(int count) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put(JOB_PACK, Attribute.of(VERSION));
    attributes.put(JOB_COUNT, count(count));
    return attributes;
  }

  /** The value of {@link #JOB_COUNT}. */
  public static Attribute count(int count) {
    return new Attribute("Number", Integer.toString(count), null);
  }

  /** The attributes without those of a pack: as they are on a message of one job. */
  public static Map<String, Attribute> unmark(Map<String, Attribute> attributes) {
    Map<String, Attribute> unmarked = new LinkedHashMap<>(attributes);
    unmarked.keySet().removeAll(RESERVED);
    return unmarked;
  }
}
