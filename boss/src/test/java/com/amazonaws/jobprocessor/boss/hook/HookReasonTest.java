package com.amazonaws.jobprocessor.boss.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.junit.jupiter.api.Test;

class HookReasonTest {
  @Test
  void why_a_webhook_was_not_delivered_is_said_in_words_and_without_its_url() {
    String url = "https://example.com/secret";
    assertEquals("no connection in time", HookSender.reason(new HttpConnectTimeoutException(url)));
    assertEquals("no answer in time", HookSender.reason(new HttpTimeoutException(url)));
    assertEquals("cannot connect to its host", HookSender.reason(new ConnectException(url)));
    assertEquals(
        "the connection broke off (EOFException)", HookSender.reason(new EOFException(url)));
  }
}
