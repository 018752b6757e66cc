package com.amazonaws.jobprocessor.port;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Payloads in a map, with pointers of the same form as S3's. */
public final class InMemoryPayloads implements Payloads {
  private final String head;
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
  private final Queue<CallFailed> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> denied = ConcurrentHashMap.newKeySet();
  private final AtomicInteger fetches = new AtomicInteger();

  public InMemoryPayloads(String bucket) {
    head =
        "[\"software.amazon.payloadoffloading.PayloadS3Pointer\",{\"s3BucketName\":\""
            + bucket
            + "\",\"s3Key\":\"";
  }

  /** The next fetches fail like this. */
  public void failNext(CallFailed... next) {
    failures.addAll(List.of(next));
  }

  /** How many objects there are. */
  public int size() {
    return objects.size();
  }

  /** How often somebody has asked for an object. */
  public int fetches() {
    return fetches.get();
  }

  /** Pointers to all objects. */
  public List<String> pointers() {
    return objects.keySet().stream().map(key -> head + key + "\"}]").toList();
  }

  /** Stores what nobody may have stored by way of the port; returns the pointer. */
  public String put(byte[] content) {
    String key = UUID.randomUUID().toString();
    objects.put(key, content);
    return head + key + "\"}]";
  }

  /** From now on nobody may read the object. */
  public void deny(String pointer) {
    denied.add(pointer);
  }

  @Override
  public String fetch(String pointer, int maxBytes) throws Unreadable, CallFailed {
    fetches.incrementAndGet();
    CallFailed failure = failures.poll();
    if (failure != null) {
      throw failure;
    }
    byte[] content = content(pointer);
    if (content.length > maxBytes) {
      throw new Unreadable(Unreadable.TOO_LARGE, pointer);
    }
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new Unreadable(Unreadable.NOT_TEXT, pointer);
    }
  }

  @Override
  public String store(String payload) {
    int length = Payloads.bytesOf(payload);
    byte[] bytes = payload.getBytes(UTF_8);
    assertEquals(length, bytes.length);
    return put(bytes);
  }

  @Override
  public void delete(String pointer) {
    if (isOurs(pointer)) {
      objects.remove(key(pointer));
    }
  }

  @Override
  public String copy(String pointer) throws Unreadable {
    return put(content(pointer));
  }

  private byte[] content(String pointer) throws Unreadable {
    if (!isOurs(pointer)) {
      throw new Unreadable(Unreadable.REFUSED, "no pointer to this bucket");
    }
    if (denied.contains(pointer)) {
      throw new Unreadable(Unreadable.DENIED, pointer);
    }
    byte[] content = objects.get(key(pointer));
    if (content == null) {
      throw new Unreadable(Unreadable.MISSING, pointer);
    }
    return content;
  }

  private boolean isOurs(String pointer) {
    return pointer.startsWith(head) && pointer.endsWith("\"}]");
  }

  private String key(String pointer) {
    return pointer.substring(head.length(), pointer.length() - 3);
  }
}
