package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Tokens.Scope;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Set;

/** Makes tokens for the command {@code token create}, which runs beside the boss. */
final class TokenDesk {
  private static final int MAX_BODY = 4_096;

  private final Tokens tokens;

  TokenDesk(Tokens tokens) {
    this.tokens = tokens;
  }

  void create(Context request) throws IOException {
    ObjectNode body =
        Json.read(
            new BoundedInput(request.bodyInputStream(), MAX_BODY, ""), Set.of("name", "scope"));
    Scope scope =
        Scope.of(Json.needText(body, "scope"))
            .orElseThrow(() -> Problem.badRequest("scope must be read or operate"));
    String name = Json.needText(body, "name");
    if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
      throw Problem.badRequest("name must have 1 to 64 of A-Z a-z 0-9 . _ -");
    }
    ObjectNode json = Json.object();
    json.put("token", tokens.create(Api.who(request), name, scope));
    request.status(201).contentType("application/json").result(Json.bytes(json));
  }
}
