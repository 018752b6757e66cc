package com.amazonaws.jobprocessor.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** No price without its source and its date. */
class PriceSourcesTest {
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Pattern SOURCE = Pattern.compile("https://aws\\.amazon\\.com/\\S+/pricing/");
  private static final List<String> NO_PRICES = List.of("as_of", "region");

  /** Prices whose paragraph has no comment above them with AWS's page and a date. */
  private static List<String> withoutSource(String text) {
    List<String> bad = new ArrayList<>();
    for (String paragraph : text.split("\n\n", -1)) {
      StringBuilder comment = new StringBuilder();
      for (String line : paragraph.lines().toList()) {
        String key = line.split("=", 2)[0].strip();
        if (line.startsWith("#")) {
          comment.append(line).append('\n');
        } else if (!NO_PRICES.contains(key)
            && !(SOURCE.matcher(comment).find() && DATE.matcher(comment).find())) {
          bad.add(key);
        }
      }
    }
    return bad;
  }

  private static List<String> dates(String text) {
    List<String> dates = new ArrayList<>();
    text.lines()
        .filter(line -> line.startsWith("#"))
        .forEach(
            line -> {
              Matcher date = DATE.matcher(line);
              while (date.find()) {
                dates.add(date.group());
              }
            });
    return dates;
  }

  @Test
  void every_price_has_awss_own_page_and_a_date_above_it() {
    assertEquals(List.of(), withoutSource(PriceFiles.text()));
  }

  @Test
  void as_of_is_the_oldest_date_of_a_source() {
    assertEquals(
        dates(PriceFiles.text()).stream().sorted().findFirst().orElseThrow(),
        PriceFiles.builtIn().asOf());
  }

  @Test
  void a_price_without_one_of_them_would_be_noticed() {
    assertEquals(
        List.of("a", "c"),
        withoutSource(
            """
            # https://aws.amazon.com/sqs/pricing/ : no date
            a = 1

            # https://aws.amazon.com/sqs/pricing/ : 2026-01-01
            b = 1

            # 2026-01-01, from hearsay
            c = 1"""));
  }

  @Test
  void the_list_has_graviton_and_the_types_of_the_readme() {
    List<String> types = PriceFiles.builtIn().instances();
    assertTrue(types.containsAll(List.of("c7i.large", "c7g.large", "t3.small", "t4g.small")));
  }
}
