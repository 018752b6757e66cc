package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.LargeAnswers;
import com.amazonaws.jobprocessor.boss.api.Site;
import com.amazonaws.jobprocessor.boss.store.Role;
import com.amazonaws.jobprocessor.boss.store.Trouble;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The site of pages: who may, which route, what went wrong, and what every answer says. */
public final class Pages implements Site {
  private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

  /** Nothing from elsewhere, nothing inline, no frames. */
  private static final String POLICY =
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
          + " img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

  /** Files that are made at a time. */
  private static final int MAX_LARGE = 2;

  private static final long YEAR_IN_SECONDS = 31_536_000;
  private static final String AWAY_SECONDS = "5";
  private static final String AWAY =
      ". Nothing is lost, and all goes on by itself when that is over.";
  private static final String AWAY_FORM =
      ": nothing was changed, as far as the boss can tell. Go back and send the form again in a moment.";

  private final List<Route> routes;
  private final Gate gate;
  private final InstantSource clock;
  private final Shared shared;
  private final OverviewPages live;
  private final LargeAnswers files = new LargeAnswers(MAX_LARGE);
  private final LargeAnswers reports = new LargeAnswers(MAX_LARGE);

  private record Shared(Navigation pages, Assets assets, Templates templates)
      implements Visit.Site {
    @Override
    public List<Navigation.Entry> navigation(@Nullable Session session) {
      return pages.of(session);
    }
  }

  /**
   * A site of these routes.
   *
   * @param live pages that go on after they were sent
   */
  Pages(
      List<Route> routes, Gate gate, Templates templates, InstantSource clock, OverviewPages live) {
    this.routes = routes;
    this.gate = gate;
    this.clock = clock;
    this.shared = new Shared(new Navigation(routes), new Assets(), templates);
    this.live = live;
  }

  /** The routes, for whoever checks that none is forgotten. */
  List<Route> routes() {
    return routes;
  }

  @Override
  public void addTo(RoutesConfig config) {
    config.addHttpHandler(HandlerType.GET, "/assets/{file}", this::asset);
    for (Route route : routes) {
      config.addHttpHandler(route.method(), route.path(), request -> serve(route, request));
      if (route.method().equals(HandlerType.GET) && !route.isStream()) {
        config.addHttpHandler(HandlerType.HEAD, route.path(), request -> serve(route, request));
      }
    }
  }

  private void asset(Context request) {
    headers(request);
    Assets.Asset asset = shared.assets().find(request.pathParam("file")).orElse(null);
    if (asset == null) {
      refuse(request, 404, "There is no such file; reload the page.");
      return;
    }
    request.header("Cache-Control", "public, max-age=" + YEAR_IN_SECONDS + ", immutable");
    request.contentType(asset.type()).result(asset.open());
  }

  private static void headers(Context request) {
    request.header("Content-Security-Policy", POLICY);
    request.header("X-Content-Type-Options", "nosniff");
    // To other sites nothing. Not no-referrer: browsers would say "null" as the Origin of our
    // forms.
    request.header("Referrer-Policy", "same-origin");
    request.header("Cross-Origin-Opener-Policy", "same-origin");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    request.header("Cache-Control", "no-store");
  }

  private void serve(Route route, Context request) {
    headers(request);
    Visit visit = new Visit(request, null, clock.instant(), shared);
    try {
      gate.checkHost(request);
      Session session = gate.session(request);
      visit = new Visit(request, session, clock.instant(), shared);
      if (mayPass(route, request, session)) {
        answer(route, visit);
      }
    } catch (Refused e) {
      refuse(visit, e.status(), String.valueOf(e.getMessage()));
    } catch (Exception e) {
      Optional<Trouble> trouble = Trouble.of(e);
      if (trouble.isPresent()) {
        refuseForNow(visit, trouble.get());
        return;
      }
      LOG.error("{} {} failed", route.method(), route.path(), e);
      refuse(visit, 500, "The boss could not do it; its log says why.");
    }
  }

  private void answer(Route route, Visit visit) throws Exception {
    LargeAnswers places = route.isReport() ? reports : files;
    if (!route.isLarge()) {
      route.handler().answer(visit);
    } else if (!places.answer(visit.request(), () -> route.handler().answer(visit))) {
      throw new Refused(503, "Other files are being sent. Reload the page in a moment.");
    }
  }

  /** The boss's own loops say in the log what the trouble is. A page comes back by itself. */
  private static void refuseForNow(Visit visit, Trouble trouble) {
    Context request = visit.request();
    boolean page = request.method().equals(HandlerType.GET);
    request.header("Retry-After", AWAY_SECONDS);
    if (page) {
      request.header("Refresh", AWAY_SECONDS);
    }
    String what = "T" + trouble.words().substring(1);
    refuse(
        visit,
        503,
        what
            + (page
                ? AWAY + " This page tries again every " + AWAY_SECONDS + " seconds."
                : AWAY_FORM));
  }

  private boolean mayPass(Route route, Context request, @Nullable Session session) {
    boolean form = route.method().equals(HandlerType.POST);
    if (form) {
      checkLength(route, request);
      gate.checkOrigin(request);
    }
    Role role = route.role();
    if (role == null) {
      readForm(form, request);
      return true;
    }
    if (session == null && route.isStream()) {
      throw new Refused(401, "The session has ended.");
    }
    if (session == null) {
      askToSignIn(form, request);
      return false;
    }
    if (!session.role().includes(role)) {
      throw new Refused(
          403, "You are a " + session.role().text() + "; this is for an " + role.text() + ".");
    }
    readForm(form, request);
    if (form) {
      Gate.checkKey(request, session);
    }
    return true;
  }

  /** Reads a form before anything is done with it: whether it can be read is known then. */
  private static void readForm(boolean form, Context request) {
    try {
      if (form) {
        request.formParamMap();
      }
    } catch (Exception e) {
      // Of any kind: Kotlin declares none.
      throw new Refused(400, "The form cannot be read. Open its page and send it again.");
    }
  }

  /** Browsers say how long a form is: nothing is read that is longer than it may be. */
  private static void checkLength(Route route, Context request) {
    long length = request.req().getContentLengthLong();
    if (length < 0) {
      throw new Refused(411, "The form does not say how long it is.");
    }
    if (length > route.maxBytes()) {
      throw new Refused(413, "The form has more than " + Words.bytes(route.maxBytes()) + ".");
    }
  }

  private static void askToSignIn(boolean form, Context request) {
    String query = request.queryString();
    String asked = form ? "/" : request.path() + (query == null ? "" : "?" + query);
    request
        .status(303)
        .header("Location", "/login?to=" + URLEncoder.encode(asked, StandardCharsets.UTF_8));
  }

  @Override
  public void refuse(Context request, int status, String why) {
    headers(request);
    Visit stranger = new Visit(request, null, clock.instant(), shared);
    try {
      Session session = gate.session(request);
      refuse(new Visit(request, session, clock.instant(), shared), status, why);
    } catch (RuntimeException e) {
      if (Trouble.of(e).isEmpty()) {
        throw e;
      }
      refuse(stranger, status, why);
    }
  }

  private static void refuse(Visit visit, int status, String why) {
    String title =
        switch (status) {
          case 404 -> "Not found";
          case 403 -> "Not allowed";
          case 413 -> "Too large";
          case 429, 503 -> "Later, please";
          case 500 -> "It went wrong";
          default -> "That did not work";
        };
    visit.show(status, title, "error.jte", Map.of("why", why));
  }

  @Override
  public void close() {
    live.close();
  }
}
