package com.amazonaws.jobprocessor.docs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages are whole: their links lead somewhere, their commands and documents can be read. */
class PagesTest {
  /** Who runs a block, by its language; {@link PagesIT} runs most of them. */
  private static final Map<String, Set<String>> MARKS =
      Map.of(
          "bash",
          Set.of(
              "run",
              "worker",
              "service",
              "retry",
              "awscli",
              "build",
              "aws",
              "image",
              "node",
              "node-worker"),
          "python",
          Set.of("boto3"),
          "java",
          Set.of("run", "api"),
          "text",
          Set.of("", "output", "node-output"),
          "properties",
          Set.of("", "prices"),
          "json",
          Set.of(""),
          "yaml",
          Set.of(""),
          "xml",
          Set.of(""));

  private static final Pattern PROGRAM =
      Pattern.compile("(?<![\\w/.])((?:bin|packer)/[a-z-]++)(?![/.])([^\n`]*)");
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");

  @TempDir Path folder;

  private static List<Page.Block> blocks(String language) {
    List<Page.Block> blocks =
        Page.all().stream()
            .flatMap(page -> page.blocks().stream())
            .filter(block -> block.language().equals(language))
            .toList();
    assertTrue(!blocks.isEmpty(), "the pages have lost their blocks of " + language);
    return blocks;
  }

  @Test
  void every_block_says_what_it_is_and_who_runs_it() {
    for (Page page : Page.all()) {
      for (Page.Block block : page.blocks()) {
        assertTrue(
            MARKS.getOrDefault(block.language(), Set.of()).contains(block.mark()),
            block + ": \"" + block.language() + " " + block.mark() + "\" is no mark of ours");
      }
    }
  }

  @Test
  void links_lead_to_files_and_headings_that_exist() {
    int links = 0;
    for (Page page : Page.all()) {
      for (String link : page.all("\\]\\(([^)\\s]+)\\)")) {
        if (!link.startsWith("https://")) {
          links++;
          assertLeads(page, link);
        }
      }
    }
    assertTrue(links > 50, "only " + links + " links");
  }

  private static void assertLeads(Page page, String link) {
    String[] parts = (link + "# ").split("#", 3);
    Path target =
        parts[0].isEmpty() ? page.file() : page.file().resolveSibling(parts[0]).normalize();
    assertTrue(Files.exists(target), page + ": " + link + ": there is no such file");
    if (!parts[1].isBlank()) {
      assertTrue(
          Page.of(Page.root().relativize(target).toString()).anchors().contains(parts[1]),
          page + ": " + link + ": there is no such heading");
    }
  }

  @Test
  void the_readme_leads_to_every_page() throws IOException {
    String readme = Page.of("README.md").text();
    try (Stream<Path> files = Files.list(Page.root().resolve("docs"))) {
      List<String> missing =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".md") && !readme.contains("](docs/" + name))
              .toList();
      assertEquals(List.of(), missing);
    }
  }

  /** Version 1 knows neither AWS_REGION nor the connection to an instance. */
  @Test
  void a_page_whose_commands_need_version_2_of_the_aws_cli_says_so_before_them() {
    Pattern version2 = Pattern.compile("\\bAWS_REGION=|\\bec2-instance-connect ssh\\b");
    Pattern cli = Pattern.compile("(?m)(?:^|[(|;&] ?)aws [a-z0-9-]+ [a-z-]+");
    int pages = 0;
    for (Page page : Page.all()) {
      List<Page.Block> first =
          page.blocks().stream()
              .filter(block -> block.mark().equals("aws"))
              .filter(block -> version2.matcher(block.text()).find())
              .filter(block -> cli.matcher(block.text()).find())
              .limit(1)
              .toList();
      for (Page.Block block : first) {
        pages++;
        String before = page.text().lines().limit(block.line()).collect(Collectors.joining(" "));
        assertTrue(before.contains("version 2 of the AWS CLI"), block.toString());
      }
    }
    assertTrue(pages >= 2, pages + " pages");
  }

  @Test
  void what_is_unpacked_is_where_the_build_has_put_it() throws IOException {
    String pom = Files.readString(Page.root().resolve("parent/pom.xml"));
    String version = pom.replaceAll("(?s).*?\\n  <version>([^<]*)</version>.*", "$1");
    int archives = 0;
    for (Page page : Page.all()) {
      for (String archive : page.all("(?m)\\btar x\\S* (\\S*job-processor-\\S*)")) {
        assertEquals("dist/target/job-processor-" + version + ".tar.gz", archive, page.toString());
        archives++;
      }
      for (String folder : page.all("\\bcd (job-processor-\\S*)")) {
        assertEquals("job-processor-" + version, folder, page.toString());
      }
    }
    assertTrue(archives > 0, "no page unpacks what bin/package makes");
  }

  @Test
  void commands_are_right_in_syntax() throws Exception {
    for (Page.Block block : blocks("bash")) {
      Path script = Files.writeString(folder.resolve("block.sh"), block.text());
      assertRuns(block.toString(), new ProcessBuilder("bash", "-n", script.toString()));
    }
  }

  /** Those of a checkout take too long to be run here; each has help, which names its options. */
  @Test
  void programs_of_a_checkout_have_the_options_that_are_shown() throws IOException {
    int programs = 0;
    for (Page page : Page.all()) {
      String shown = page.text().replaceAll("bin/(job-processor|sample-client|boss)\\b.*", "");
      for (MatchResult command : find(PROGRAM, shown)) {
        programs++;
        Path program = Page.root().resolve(command.group(1));
        assertTrue(Files.isExecutable(program), page + ": " + command.group());
        String help = Files.readString(program);
        for (MatchResult option : find(OPTION, command.group(2))) {
          assertTrue(
              help.contains(option.group()),
              page + ": " + command.group() + ": there is no " + option.group());
        }
      }
    }
    assertTrue(programs > 20, "only " + programs + " commands");
  }

  private static List<MatchResult> find(Pattern pattern, String text) {
    return pattern.matcher(text).results().toList();
  }

  private static void assertRuns(String where, ProcessBuilder command) throws Exception {
    Process process = command.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), () -> where + ": " + said);
  }

  @Test
  void json_is_right_in_syntax() {
    blocks("json").forEach(block -> assertJson(block.toString(), block.text()));
  }

  private static void assertJson(String where, String text) {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      while (parser.nextToken() != null) {
        // Only its syntax counts.
      }
    } catch (IOException e) {
      throw new AssertionError(where + ": " + e.getMessage(), e);
    }
  }

  /** Finds variables and files that are missing, not a command line that the CLI would refuse. */
  @Test
  void what_needs_aws_runs_through_with_a_stub_of_the_cli() throws Exception {
    int pages = 0;
    for (Page page : Page.all()) {
      String commands =
          page.blocks().stream()
              .filter(block -> block.is("bash", "aws"))
              .map(Page.Block::text)
              .collect(Collectors.joining("\n"));
      if (!commands.isEmpty()) {
        pages++;
        runWithStubs(page, commands);
      }
    }
    assertTrue(pages >= 4, "only " + pages + " pages with commands for AWS");
  }

  private void runWithStubs(Page page, String commands) throws Exception {
    Path work = Files.createTempDirectory(folder, "page");
    Path stubs = Files.createDirectory(work.resolve("stubs"));
    stub(
        stubs.resolve("aws"),
        """
        for argument; do
          case $argument in
          file://rights.json) ;; # of another page
          file://*) [[ -s ${argument#file://} ]] || { echo "there is no $argument" >&2; exit 1; } ;;
          esac
        done
        case "$*" in
        *".State"*) echo create-complete ;;
        *"--output text"*) echo x-0123 ;;
        esac
        """);
    Files.createDirectory(work.resolve("bin"));
    for (String name : List.of("stubs/packer", "stubs/sleep", "bin/package", "bin/sample-client")) {
      // It reads what it is given: whoever writes to one that does not may be ended by SIGPIPE.
      stub(work.resolve(name), "cat >/dev/null\n");
    }
    ProcessBuilder bash =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands).directory(work.toFile());
    bash.environment().merge("PATH", stubs.toString(), (path, first) -> first + ":" + path);
    assertRuns(page.toString(), bash);
    try (Stream<Path> files = Files.list(work)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        assertJson(page + ": " + file.getFileName(), Files.readString(file));
      }
    }
  }

  private static void stub(Path file, String script) throws IOException {
    Files.writeString(file, "#!/usr/bin/env bash\n" + script);
    assertTrue(file.toFile().setExecutable(true));
  }
}
