package com.amazonaws.jobprocessor.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.config.SettingsTable;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/** What the pages say of settings, rights, errors, signatures and figures is what the code has. */
class FactsInPagesTest {
  private static final String API = "com.amazonaws.jobprocessor";

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> files = Files.walk(Page.root().resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }

  @Test
  void settings_in_examples_exist() {
    Set<String> known =
        Pattern.compile("\\| `([a-z_]+)`")
            .matcher(SettingsTable.markdown())
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toSet());
    int pairs = 0;
    for (Page page : Page.all()) {
      for (String pair : settings(page)) {
        pairs++;
        String key = pair.split("=", 2)[0];
        assertTrue(
            known.contains(key) || key.startsWith("executor."),
            page + ": " + pair + ": there is no such setting");
      }
    }
    assertTrue(pairs > 20, "only " + pairs + " settings in examples");
  }

  private static List<String> settings(Page page) {
    List<String> settings = new ArrayList<>(page.all("(?m)^#job-processor: (.*)$"));
    for (Page.Block block : page.blocks()) {
      if (block.is("properties", "")) {
        settings.addAll(block.text().lines().toList());
      }
    }
    for (String userData : page.all("(?:--user-data \"|printf ')([a-z_]+=[^\"']+)[\"']")) {
      settings.addAll(List.of(userData.split(",", -1)));
    }
    return settings;
  }

  @Test
  void error_types_of_the_code_are_explained() throws IOException {
    String pages = Page.of("docs/operate.md").text() + Page.of("docs/payloads.md").text();
    Pattern type =
        Pattern.compile("Failed\\s*\\.for(?:Good|Now)\\(\\s*\"(\\w+)\"|\"(Payload[A-Z]\\w+)\"");
    Set<String> types = new TreeSet<>();
    for (Path source : sources("src/main/java")) {
      for (MatchResult found : Page.read(source).find(type)) {
        types.add(found.group(1) == null ? found.group(2) : found.group(1));
      }
    }
    assertTrue(types.contains("PayloadMissing"), types.toString());
    types.removeIf(each -> pages.contains("`" + each + "`"));
    assertEquals(Set.of(), types);
  }

  /** By the operations of the SDK's clients that the sources call. */
  @Test
  void the_rights_are_those_that_the_code_needs() throws IOException {
    Set<String> needed = new TreeSet<>();
    for (String folder :
        List.of("src/main/java", "client/src/main/java", "sample-client/src/main/java")) {
      for (Path file : sources(folder)) {
        String source = Files.readString(file);
        addRights(source, SqsClient.class, "sqs", needed);
        addRights(source, DynamoDbClient.class, "dynamodb", needed);
        addRights(source, S3Client.class, "s3", needed);
      }
    }
    String right = "[`\"]((?:sqs|dynamodb|s3):\\w+)[`\"]";
    Set<String> described = new TreeSet<>(Page.of("docs/iam.md").all(right));
    assertEquals(described, needed);
    described.removeIf(each -> !each.startsWith("s3:"));
    Set<String> payloads = new TreeSet<>(Page.of("docs/payloads.md").all("\"(s3:\\w+)\""));
    assertEquals(described, payloads);
  }

  private static void addRights(
      String source, Class<?> client, String service, Set<String> rights) {
    if (!source.contains(client.getPackageName() + ".")) {
      return;
    }
    for (Method method : client.getMethods()) {
      if (method.getReturnType().getSimpleName().matches(".*Response|ResponseInputStream")
          && source.contains("." + method.getName() + "(")) {
        rights.addAll(rightsOf(service, method.getName()));
      }
    }
  }

  private static Set<String> rightsOf(String service, String operation) {
    String action = operation.substring(0, 1).toUpperCase(Locale.ROOT) + operation.substring(1);
    return switch (service + ":" + action) {
      case "s3:CopyObject" -> Set.of("s3:GetObject", "s3:PutObject");
      case "s3:HeadObject" -> Set.of("s3:GetObject");
      case "s3:HeadBucket" -> Set.of("s3:ListBucket");
      case "s3:DeleteObjects" -> Set.of("s3:DeleteObject");
      case String right ->
          Set.of(right.startsWith("sqs:") ? right.replaceAll("Batch$", "") : right);
    };
  }

  @Test
  void every_signature_of_the_api_is_written_down() throws Exception {
    String page = Page.of("docs/executors.md").text().replaceAll("\\s*//.*", "");
    String text = page.replaceAll("\\s+", " ").replace("( ", "(");
    int signatures = 0;
    for (Path source : sources("src/main/java/" + API.replace('.', '/'))) {
      String name = source.getFileName().toString().replace(".java", "");
      if (source.getParent().endsWith("jobprocessor") && !name.equals("package-info")) {
        for (String signature : signaturesOf(Class.forName(API + "." + name))) {
          signatures++;
          assertTrue(text.contains(signature), "docs/executors.md does not have: " + signature);
        }
      }
    }
    assertTrue(signatures >= 10, "only " + signatures + " signatures");
  }

  private static List<String> signaturesOf(Class<?> type) {
    List<String> signatures = new ArrayList<>();
    if (type.isRecord()) {
      String components =
          Arrays.stream(type.getRecordComponents())
              .map(each -> simple(each.getGenericType()) + " " + each.getName())
              .collect(Collectors.joining(", "));
      return List.of("record " + type.getSimpleName() + "(" + components + ")");
    }
    for (Constructor<?> constructor : type.getConstructors()) {
      signatures.add("public " + type.getSimpleName() + parameters(constructor));
    }
    for (Method method : type.getDeclaredMethods()) {
      if (Modifier.isPublic(method.getModifiers())
          && !method.isDefault()
          && !method.isSynthetic()) {
        signatures.add(
            simple(method.getGenericReturnType()) + " " + method.getName() + parameters(method));
      }
    }
    return signatures;
  }

  private static String parameters(Executable executable) {
    String list =
        Arrays.stream(executable.getParameters())
            .map(each -> simple(each.getParameterizedType()) + " " + each.getName())
            .collect(Collectors.joining(", ", "(", ")"));
    return list + (executable.getExceptionTypes().length == 0 ? ";" : " throws Exception;");
  }

  private static String simple(Type type) {
    return type.getTypeName().replaceAll("\\b(?:[a-z]\\w*\\.)+", "");
  }

  @Test
  void the_figures_at_the_top_of_the_readme_are_those_of_the_tables() {
    String readme = Page.of("README.md").text();
    String row = Page.of("docs/speed.md").all("(?m)^\\| job-processor +\\|(.*)\\|$").getFirst();
    List<String> figures = Arrays.stream(row.split("\\|", -1)).map(String::strip).toList();
    List<MatchResult> faults =
        Page.of("docs/faults.md")
            .find(
                Pattern.compile(
                    "(?m)^\\| [^|]+\\|[^|]+\\| +\\d+ +\\d+ +(\\d+) +(\\d+) +(\\d+) +\\d+ \\|$"));

    for (String figure :
        List.of(
            figures.get(0) + " API requests a job",
            figures.get(1) + " s of CPU per 1,000 jobs",
            figures.get(2) + " jobs/s",
            "$" + figures.get(5) + " per million",
            "No job lost** in " + faults.size() + " kinds of faults")) {
      assertTrue(readme.contains(figure), "README.md does not have: " + figure);
    }
    for (MatchResult fault : faults) {
      assertEquals("000", fault.group(1) + fault.group(2) + fault.group(3), fault.group());
    }
  }
}
