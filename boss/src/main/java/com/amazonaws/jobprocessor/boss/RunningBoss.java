package com.amazonaws.jobprocessor.boss;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Asks the boss that has a folder's database open, as whoever may read the folder. */
final class RunningBoss {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final AdminFile admin;

  private RunningBoss(AdminFile admin) {
    this.admin = admin;
  }

  /** The one of a folder, if one has left its address there; it may have died since. */
  static Optional<RunningBoss> of(Path folder) throws IOException {
    return AdminFile.read(folder).map(RunningBoss::new);
  }

  /** What it answers; empty if there is none, or it is another program that listens there. */
  Optional<JsonNode> get(String path) throws InterruptedException {
    return answer(request(path).GET().build());
  }

  /** The same of something that is sent. */
  Optional<JsonNode> post(String path, Map<String, String> body) throws InterruptedException {
    try {
      return answer(
          request(path)
              .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
              .build());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(admin.address().resolve("/api/v1" + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + admin.token());
  }

  private static Optional<JsonNode> answer(HttpRequest request) throws InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      int status = answer.statusCode();
      String type = answer.headers().firstValue("Content-Type").orElse("");
      if (status >= 400 && status != 401 && type.startsWith("application/problem+json")) {
        throw new UserError(JSON.readTree(answer.body()).path("detail").asText());
      }
      return status / 100 == 2 ? Optional.of(JSON.readTree(answer.body())) : Optional.empty();
    } catch (IOException e) {
      // It has died: its file is ours to open.
      return Optional.empty();
    }
  }
}
