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
                + " \"#job-processor:\", so no setting is taken from it"),
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
  void a_part_that_cannot_be_decoded_is_a_warning_by_its_line() {
    for (String encoding : List.of("base64", "x-uuencode", "quoted")) {
      Configuration read =
          Read.userData("MIME-Version: 1.0\nContent-Transfer-Encoding: " + encoding + "\n\n%%%\n");

      assertEquals(List.of(), read.problems());
      assertEquals(
          "line 4 of user data: a part in a transfer encoding that is not read; use base64,"
              + " quoted-printable or none",
          read.warnings().getFirst());
    }
  }

  private static String gzipPart(String shown) {
    return """
        Content-Type: multipart/mixed; boundary="b"
        MIME-Version: 1.0

        --b
        Content-Type: text/cloud-config
        Content-Transfer-Encoding: base64

        H4sIAAAAAAAAA1POyS9N0U3Oz0vLTAcAfnlIWg0AAAA=
        --b
        Content-Type: text/x-shellscript

        #!/bin/sh
        %s
        --b--
        """
        .formatted(shown);
  }

  @Test
  void a_part_in_gzip_that_must_have_the_pairs_is_refused() {
    Configuration read = Read.userData(gzipPart("true"));
    assertEquals(
        List.of("line 8 of user data: is a compressed part (gzip or the like); give it plain"),
        Read.messages(read));
  }

  @Test
  void a_part_in_gzip_beside_the_pairs_may_be_for_others() {
    Configuration read = Read.userData(gzipPart("#job-processor: concurrency=5"));
    assertEquals(List.of(), Read.messages(read));
    assertEquals(
        List.of("line 8 of user data: a compressed part, which is not read"), read.warnings());
    assertEquals(5, read.settings().work().concurrency());
  }

  /** As a mail program, or Python's email package with another charset, writes it. */
  @Test
  void parts_in_quoted_printable_are_decoded() {
    Configuration read =
        Read.userData(
            """
            From nobody Thu Nov 26 10:00:00 2026
            Content-Type: multipart/mixed;
             boundary="=_a b"

            --=_a b
            Content-Type: text/x-shellscript; charset="utf-8"
            Content-Transfer-Encoding: quoted-printable

            #!/bin/sh
            -- is no boundary here
            #job-processor: concurrency=3D5,executor.greeting=3DGr=C3=BC=C3=9Fe, =
            job_failure_retries=3D2
            --=_a b
            Content-Type: text/cloud-config

            #cloud-config
            #job-processor: drain_timeout_in_secs=9
            --=_a b--
            """);

    assertEquals(List.of(), Read.messages(read));
    assertEquals(List.of(), read.warnings());
    assertEquals(5, read.settings().work().concurrency());
    assertEquals(2, read.settings().work().retries());
    assertEquals(9, read.settings().drainTimeout().toSeconds());
    assertEquals("Grüße", read.settings().executor().settings().get("greeting"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "From nobody Thu Nov 26 10:00:00 2026\nContent-Type: text/x-shellscript",
        "Subject: worker\nContent-Type: multipart/mixed; boundary=x",
        "X-Origin: a\nReceived: by b\n with c\nMIME-Version: 1.0",
        "Number-Attachments: 2\ncontent-type : text/cloud-config",
      })
  void any_headers_with_a_content_type_begin_a_mime_document(String head) {
    Configuration read = Read.userData(head + "\n\n#job-processor: concurrency=5\nx=y\n");

    assertEquals(List.of(), read.problems());
    assertEquals(5, read.settings().work().concurrency());
  }

  @Test
  void pairs_with_a_colon_are_no_headers() {
    assertEquals(
        "http://x/",
        Read.userData("executor.url=http://x/\nexecutor.h=Content-Type: a")
            .settings()
            .executor()
            .settings()
            .get("url"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# job-processor: concurrency=5",
        "#job_processor: concurrency=5",
        "#Job-Processor: concurrency=5",
        "#JOBPROCESSOR:concurrency=5",
        "#job processor : concurrency=5",
        "##job-processor: concurrency=5",
        "#\u00a0job-processor: concurrency=5",
        "#job\u2011processor\uff1a concurrency=5",
        "#job-processor concurrency=5"
      })
  void a_line_that_is_nearly_marked_is_a_warning_by_its_line(String line) {
    Configuration read =
        Read.userData("#!/bin/sh\n#job-processor: job_failure_retries=2\n" + line + "\n");

    assertEquals(List.of(), read.problems());
    assertEquals(
        List.of(
            "line 3 of user data: a comment, because it does not begin with exactly"
                + " \"#job-processor:\""),
        read.warnings());
  }

  @Test
  void a_marked_line_outside_a_document_is_a_warning_and_other_comments_are_none() {
    assertEquals(
        List.of(
            "line 2 of user data: a comment; lines that begin with \"#job-processor:\" count in scripts"
                + " and cloud-init documents only"),
        Read.userData("job_failure_retries=2\n#job-processor: concurrency=5\n").warnings());
    for (String comment :
        List.of("# the job processor", "#job-processors", "# see job-processor --help")) {
      assertEquals(
          List.of(),
          Read.userData("#!/bin/sh\n#job-processor: concurrency=5\n" + comment).warnings());
    }
  }

  @Test
  void a_line_that_is_not_utf8_is_a_problem_by_its_line_unless_it_is_a_comment() {
    assertEquals(
        List.of("line 2 of user data: is not UTF-8; save the text as UTF-8"),
        Read.messages(Read.userData("concurrency=4\nexecutor.a=\uFFFD\n# \uFFFD")));
    assertEquals(
        List.of(),
        Read.userData("#!/bin/sh\n# f\uFFFDr\n#job-processor: concurrency=5").problems());
  }
}
