package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.Settings;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The hours in which tasks go out, and how fast. */
final class HoursPages {
  private final Work work;
  private final Runnable news;

  HoursPages(Work work, Runnable news) {
    this.work = work;
    this.news = news;
  }

  List<Route> routes() {
    return List.of(
        Route.page("/hours", this::form),
        Route.action("/hours", this::set),
        Route.action("/hours/pace", this::pace));
  }

  private void form(Visit visit) {
    Settings.Dispatch set = work.settings().dispatch();
    form(visit, 200, set, HoursForm.of(set.hours()), List.of());
  }

  private static void form(
      Visit visit, int status, Settings.Dispatch set, HoursForm form, List<String> wrong) {
    visit.show(
        status,
        "Hours",
        "hours.jte",
        Map.of(
            "set", set,
            "form", form,
            "zones", new ArrayList<>(new TreeSet<>(ZoneId.getAvailableZoneIds())),
            "wrong", wrong));
  }

  private void set(Visit visit) {
    Settings.Dispatch set = work.settings().dispatch();
    HoursForm form = HoursForm.of(visit);
    List<String> wrong = new ArrayList<>();
    if (!visit.field("shown").equals(HoursForm.of(set.hours()).digest())) {
      wrong.add(
          "Somebody has changed the hours meanwhile. Look at them below; your entries are still here.");
    }
    ProcessingHours hours = null;
    try {
      hours = form.parse();
    } catch (HoursForm.Wrong e) {
      wrong.addAll(e.problems());
    } catch (DateTimeException e) {
      wrong.add(String.valueOf(e.getMessage()));
    }
    if (hours == null || !wrong.isEmpty()) {
      form(visit, 422, set, form, wrong);
      return;
    }
    work.control().setHours(visit.session().user(), hours);
    news.run();
    visit.seeOther("/hours?done=hours");
  }

  private void pace(Visit visit) {
    Settings.Dispatch set = work.settings().dispatch();
    List<String> wrong = new ArrayList<>();
    int perMinute = number(visit, "per_minute", "Tasks a minute", 0, Control.MAX_PER_MINUTE, wrong);
    int ahead =
        number(visit, "dispatch_ahead", "Minutes ahead", 1, Control.MAX_AHEAD_MINUTES, wrong);
    if (!wrong.isEmpty()) {
      form(visit, 422, set, HoursForm.of(set.hours()), wrong);
      return;
    }
    work.control().setPace(visit.session().user(), perMinute, ahead);
    news.run();
    visit.seeOther("/hours?done=pace");
  }

  private static int number(
      Visit visit, String field, String name, int min, int max, List<String> wrong) {
    String text = visit.field(field).strip();
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= min && number <= max) {
        return number;
      }
    }
    wrong.add("%s: allowed are %s to %s.".formatted(name, Words.count(min), Words.count(max)));
    return min;
  }
}
