package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Tokens;
import com.amazonaws.jobprocessor.boss.store.Tokens.Scope;
import com.amazonaws.jobprocessor.boss.store.Tokens.Token;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Makes, lists and ends tokens for the command {@code token}, which runs beside the boss. */
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

  void list(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request, query, tokens.after(query.after(0), query.limit()), TokenDesk::node, Token::id);
  }

  void revoke(Context request) throws IOException {
    ObjectNode body =
        Json.read(new BoundedInput(request.bodyInputStream(), MAX_BODY, ""), Set.of("name", "id"));
    if (body.has("name") == body.has("id")) {
      throw Problem.badRequest("send a name or an id");
    }
    String who = Api.who(request);
    List<Token> ended =
        body.has("name")
            ? tokens.revoke(who, Json.needText(body, "name"))
            : tokens.revoke(who, id(Json.needText(body, "id")));
    if (ended.isEmpty()) {
      throw new Problem(404, "there is no such token");
    }
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    ended.forEach(one -> items.add(node(one)));
    request.contentType("application/json").result(Json.bytes(json));
  }

  private static long id(String text) {
    if (!text.matches("[1-9][0-9]{0,17}")) {
      throw Problem.badRequest("an id is a number, as the list has it");
    }
    return Long.parseLong(text);
  }

  private static ObjectNode node(Token token) {
    return Json.object()
        .put("id", Long.toString(token.id()))
        .put("name", token.name())
        .put("scope", token.scope())
        .put("created_at", Json.time(token.createdAt()))
        .put("used_at", Json.time(token.usedAt()));
  }
}
