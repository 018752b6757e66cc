package com.amazonaws.jobprocessor.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class FleetChartTest {
  private static FleetRun run(int workers, int millis, int jobs, int wallMillis) {
    return new FleetRun(
        workers,
        1,
        Duration.ofMillis(millis),
        jobs,
        Duration.ofMillis(wallMillis),
        Duration.ofMillis(1));
  }

  @Test
  void efficiency_has_a_line_for_jobs_that_sleep_and_speed_one_for_each_kind() throws Exception {
    List<FleetRun> runs = new ArrayList<>();
    for (int workers : List.of(1, 2, 4)) {
      runs.add(run(workers, 0, 1_000, 400));
      runs.add(run(workers, 10, 100 * workers, 1_000));
    }

    String svg = FleetChart.of(runs, "2 processors (A & B <C>)");

    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    assertEquals(3, document.getElementsByTagName("polyline").getLength());
    assertTrue(svg.contains(">100 %<") && svg.contains(">2,500<"), svg);
    assertTrue(svg.contains(">jobs of 0 ms<") && svg.contains(">jobs of 10 ms<"), svg);
    assertTrue(svg.contains("2 processors (A &amp; B &lt;C>)"), svg);
    assertTrue(svg.contains("prefers-color-scheme:dark"), svg);
    assertEquals(2, svg.split(">workers<", -1).length - 1);
  }
}
