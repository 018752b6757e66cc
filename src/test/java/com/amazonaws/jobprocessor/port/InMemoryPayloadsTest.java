package com.amazonaws.jobprocessor.port;

public class InMemoryPayloadsTest extends PayloadsContract {
  private final InMemoryPayloads payloads = new InMemoryPayloads(BUCKET);

  @Override
  protected Payloads payloads() {
    return payloads;
  }

  @Override
  protected String put(byte[] content) {
    return payloads.put(content);
  }

  @Override
  protected void deny(String pointer) {
    payloads.deny(pointer);
  }

  @Override
  protected int objects() {
    return payloads.size();
  }
}
