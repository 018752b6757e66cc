package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Collections;
import org.apache.hc.client5.http.psl.PublicSuffixMatcher;
import org.apache.hc.client5.http.psl.PublicSuffixMatcherLoader;
import org.junit.jupiter.api.Test;

/** Where the list has to be is Apache HttpClient's own affair, and may change with its version. */
class PublicSuffixListTest {
  private static final String LIST = "org/publicsuffix/list/effective_tld_names.dat";

  @Test
  void a_start_does_not_read_ten_thousand_rules() {
    PublicSuffixMatcher read = PublicSuffixMatcherLoader.getDefault();
    assertEquals("aws.com", read.getDomainRoot("queue.aws.com"));
    assertFalse(read.matches("co.uk"), "a rule of the long list");
  }

  @Test
  void the_long_list_is_still_where_ours_stands_before_it() throws IOException {
    assertTrue(
        Collections.list(ClassLoader.getSystemResources(LIST)).stream()
            .anyMatch(url -> url.toString().contains("httpclient5-")));
  }
}
