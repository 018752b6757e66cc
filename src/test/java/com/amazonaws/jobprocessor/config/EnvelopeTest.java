package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "#!/bin/bash",
        "#! /usr/bin/env python3",
        "\uFEFF#!/bin/sh",
        "\r\n \n#!/bin/sh",
        "#cloud-config",
        "#cloud-config-archive",
        "#cloud-boothook",
        "#include",
        "#include-once",
        "#include https://example.com/a",
        "## template: jinja",
        "## template:jinja",
        "Content-Type: multipart/mixed; boundary=\"==x==\"",
        "content-type: text/x-shellscript",
        "MIME-Version: 1.0",
        "Mime-version: 1.0"
      })
  void only_marked_lines_of_a_document_count(String first) {
    Configuration read =
        Read.userData(
            first
                + "\r\nconcurrency=7\r\necho hello, world\r\n  #job-processor: concurrency=5,"
                + " job_failure_retries = 2,\r\n# job_timeout_in_secs=1\r\n#job-processor:"
                + "drain_timeout_in_secs=9\r\n");

    assertEquals(List.of(), read.problems());
    assertEquals(List.of(), read.warnings());
    assertEquals(5, read.settings().work().concurrency());
    assertEquals(2, read.settings().work().retries());
    assertEquals(9, read.settings().drainTimeout().toSeconds());
    assertEquals("none", Read.row(read, "job_timeout_in_secs").value());
  }

  @ParameterizedTest
  @ValueSource(strings = {"# a comment", "#included are two", "#", "#job-processor:", "## jinja"})
  void text_that_begins_with_a_comment_is_no_document(String first) {
    assertEquals(7, Read.userData(first + "\nconcurrency=7").settings().work().concurrency());
  }

  @Test
  void content_of_marked_lines_is_checked_like_any_other() {
    assertEquals(
        List.of("concurrency: \"0\" in user data is out of range; allowed: 1 to 1,000"),
        Read.messages(Read.userData("#!/bin/sh\n#job-processor: concurrency=0\nx=y")));
  }

  @Test
  void document_without_a_marked_line_is_a_warning() {
    Configuration read = Read.userData("#cloud-config\npackages: [htop]\n");

    assertEquals(List.of(), read.problems());
    assertEquals(
        List.of(
            "user data is a script or cloud-init document without a line that begins with"
                + " #job-processor: so no setting is taken from it"),
        read.warnings());
  }

  @Test
  void document_may_come_with_a_baked_file() {
    Configuration read =
        Read.bakedAndUserData("concurrency=4", "#!/bin/sh\n#job-processor: aws_region=us-east-1");

    assertEquals(4, read.settings().work().concurrency());
    assertEquals("us-east-1", read.settings().region());
  }

  /** As {@code cloud-init devel make-mime -a c.yaml:cloud-config} writes it. */
  @Test
  void parts_in_base64_are_decoded() {
    Configuration read =
        Read.userData(
            """
            Content-Type: multipart/mixed; boundary="===============4862297857479067627=="
            MIME-Version: 1.0

            --===============4862297857479067627==
            Content-Type: text/cloud-config; charset="utf-8"
            MIME-Version: 1.0
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename="c.yaml"

            I2Nsb3VkLWNvbmZpZwojam9iLXByb2Nlc3NvcjogY29uY3VycmVuY3k9NQpwYWNrYWdlczogW2px
            XQo=

            --===============4862297857479067627==
            Content-Type: text/x-shellscript

            #!/bin/sh
            #job-processor: job_failure_retries=2
            --===============4862297857479067627==--
            """);

    assertEquals(List.of(), read.problems());
    assertEquals(List.of(), read.warnings());
    assertEquals(5, read.settings().work().concurrency());
    assertEquals(2, read.settings().work().retries());
  }

  @Test
  void a_part_that_is_no_base64_says_nothing() {
    Configuration read =
        Read.userData("MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n%%%\n");

    assertEquals(List.of(), read.problems());
    assertEquals(1, read.warnings().size());
  }
}
