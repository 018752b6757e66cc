package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PricesTest {
  private final Prices builtIn = PriceFiles.builtIn();

  private static void assertPrice(String expected, BigDecimal price) {
    assertEquals(0, new BigDecimal(expected).compareTo(price), price::toString);
  }

  @Test
  void a_price_is_for_one_whatever_its_key_is_for() {
    assertPrice("0.0000004", builtIn.one(Price.SQS_STANDARD));
    assertPrice("0.0000005", builtIn.one(Price.SQS_FIFO));
    assertPrice("0.000000625", builtIn.one(Price.TABLE_WRITES));
    assertPrice("0.000005", builtIn.one(Price.S3_PUT));
    assertPrice("0.0000004", builtIn.one(Price.S3_GET));
    assertPrice("0.045", builtIn.one(Price.NAT));
    assertPrice("0.0725", builtIn.instance("c7g.large").orElseThrow());
    assertEquals(Optional.empty(), builtIn.spot("c7g.large"));
    assertEquals("us-east-1", builtIn.region());
  }

  @Test
  void keys_override_singly_and_instances_may_be_new() {
    Prices.Read read =
        builtIn.overriddenBy(
            "\uFEFF# mine\r\n\r\nsqs.fifo.million_requests=0.6\r\n spot.c7g.large = 0.03 \r\n"
                + "instance.x9.huge = 9\r\nregion = eu-central-1\r\nas_of = 2026-11-01");

    assertEquals(List.of(), read.problems());
    assertPrice("0.0000006", read.prices().one(Price.SQS_FIFO));
    assertPrice("0.0000004", read.prices().one(Price.SQS_STANDARD));
    assertPrice("0.03", read.prices().spot("c7g.large").orElseThrow());
    assertPrice("9", read.prices().instance("x9.huge").orElseThrow());
    assertPrice("0.0725", read.prices().instance("c7g.large").orElseThrow());
    assertEquals("eu-central-1", read.prices().region());
    assertEquals("2026-11-01", read.prices().asOf());
    assertTrue(read.prices().instances().contains("x9.huge"));
    assertPrice("0.0000005", builtIn.one(Price.SQS_FIFO));
  }

  @Test
  void what_makes_no_sense_is_told_a_line_each() {
    assertEquals(
        List.of(
            "line 1: \"sqs.standrd.million_requests\" is no price that is known",
            "line 3: nat.gb: a number of dollars such as 0.40, not \"-1\"",
            "line 4: \"nat.gb\" is no pair key = value",
            "line 6: egress.gb is there twice",
            "line 7: as_of: a date such as 2026-11-24, not \"2026-02-30\"",
            "line 8: region: a region such as us-east-1, not \"Frankfurt\"",
            "line 9: \"\" is no price that is known",
            "line 10: \"instance.c7g\" is no price that is known"),
        builtIn
            .overriddenBy(
                """
                sqs.standrd.million_requests = 0.4
                # fine
                nat.gb = -1
                nat.gb
                egress.gb = 1
                egress.gb = 1
                as_of = 2026-02-30
                region = Frankfurt
                = 1
                instance.c7g = 1
                """)
            .problems());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-0.1",
        "1e9",
        "1E-9",
        "NaN",
        "0x1",
        "0,40",
        "$0.40",
        "1.",
        ".5",
        "12345678",
        "1 2"
      })
  void a_price_is_a_plain_number_of_dollars(String value) {
    assertEquals(1, builtIn.overriddenBy("nat.gb = " + value).problems().size());
  }

  @Test
  void a_whole_list_has_every_fixed_price() {
    assertEquals(
        List.of("s3.gb_month is missing"),
        Prices.read(PriceFiles.text().replace("s3.gb_month = ", "# ")).problems());
  }

  @Test
  void a_problem_shows_little_of_a_long_value() {
    String problem = builtIn.overriddenBy("nat.gb = " + "9".repeat(5_000)).problems().getFirst();
    assertTrue(problem.length() < 200, problem);
  }
}
