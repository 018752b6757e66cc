package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.NewTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Accounts that do not exist, with payloads that the executors which come along can work on. */
final class TestData {
  private static final List<String> FIRST =
      List.of("Ada", "Björn", "Chen", "Daria", "Emeka", "Fatima", "Grace", "Hiro", "Inés", "João");
  private static final List<String> LAST =
      List.of("Abebe", "Brown", "Costa", "Dubois", "Ekström", "Fischer", "García", "Haddad", "Ito");
  private static final List<String> WORDS =
      List.of("river", "größe", "東京", "кирпич", "naïve", "harbour", "lantern", "meadow", "quartz");

  private TestData() {}

  /**
   * Tasks of accounts.
   *
   * @param percentBad of them have a payload with a blank, which the executor that reverses texts
   *     refuses
   */
  static List<NewTask> accounts(int count, int percentBad, RandomGenerator random) {
    List<NewTask> tasks = new ArrayList<>(count);
    for (int i = 1; i <= count; i++) {
      String name =
          String.format(
              Locale.ROOT, "account %06d %s %s", i, pick(FIRST, random), pick(LAST, random));
      boolean bad = random.nextInt(100) < percentBad;
      String payload = pick(WORDS, random) + (bad ? " " : "-") + i;
      tasks.add(new NewTask(name, payload, 0));
    }
    return tasks;
  }

  private static String pick(List<String> all, RandomGenerator random) {
    return all.get(random.nextInt(all.size()));
  }
}
