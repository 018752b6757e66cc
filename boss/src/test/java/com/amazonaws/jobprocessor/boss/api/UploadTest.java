package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'tasks':[[        | {},   | {}]]}",
        "{'tasks':[{'name': [ | [],   | []]}]}",
        "{'tasks':[{'other':{'a':[ | 1,   | 1]}}]}"
      })
  void what_is_no_task_takes_no_memory(String before, String filling, String after) {
    byte[] body =
        (before + filling.repeat(8 * MEBIBYTE / filling.length()) + after)
            .replace('\'', '"')
            .getBytes(UTF_8);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = threads.getCurrentThreadAllocatedBytes();
    Problem problem =
        assertThrows(Problem.class, () -> Upload.json(new ByteArrayInputStream(body)));
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    assertEquals(422, problem.status());
    assertTrue(allocated < 8 * MEBIBYTE, allocated + " bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'tasks':[{'name':'n','payload':'p','name':'m'}]} | 422",
        "{'tasks':[{'name':'n','payload':'p','priority':1,'priority':2}]} | 422",
        "{'tasks':[],'tasks':[{'name':'n','payload':'p'}]} | 400",
        "{'batch':'a','batch':'b','tasks':[{'name':'n','payload':'p'}]} | 400",
      })
  void a_field_that_is_there_twice_is_refused(String body, int status) {
    byte[] json = body.replace('\'', '"').getBytes(UTF_8);
    Problem problem =
        assertThrows(Problem.class, () -> Upload.json(new ByteArrayInputStream(json)));
    assertEquals(status, problem.status());
  }

  /** As a file is cut off whose copy was not finished; without quotes nothing would show it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "name,payload\na,b\nc,\"d",
        "name,payload\na,b\n\"c",
        "name,payload\na,\"",
        "name,payload\na,\"b \"\"",
        "name,payload\na,\"b,\nc,d\ne,f\n",
        "name,\"payload\na,b\n"
      })
  void a_csv_whose_last_quote_is_never_closed_is_refused(String body) {
    Problem problem =
        assertThrows(
            Problem.class, () -> Upload.csv(new ByteArrayInputStream(body.getBytes(UTF_8))));
    assertEquals(400, problem.status());
  }

  @Test
  void a_csv_may_end_with_a_quote() throws Exception {
    byte[] body = "name,payload\na,\"b\"\"\"".getBytes(UTF_8);
    assertEquals("b\"", Upload.csv(new ByteArrayInputStream(body)).tasks().getFirst().payload());
  }
}
