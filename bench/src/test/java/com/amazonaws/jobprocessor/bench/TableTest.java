package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TableTest {
  @Test
  void columns_line_up_and_figures_stand_to_the_right() {
    Table table = new Table("worker", "jobs/s");
    table.add("job-processor", "12,345");
    table.add("x", "1");

    assertEquals(
        """
        | worker        | jobs/s |
        | ------------- | -----: |
        | job-processor | 12,345 |
        | x             |      1 |
        """,
        table.toString());
  }
}
