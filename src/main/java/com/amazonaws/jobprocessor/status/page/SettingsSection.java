package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Snapshot.InForce;
import java.util.List;

/** The settings in force, with where each comes from. They do not change, so nor does this. */
final class SettingsSection {
  private static final String DEFAULT = "default";
  private static final int MAX_TEXT = 200;

  private SettingsSection() {}

  static Html of(Snapshot now) {
    List<InForce> settings = now.who().settings().get();
    long given = settings.stream().filter(setting -> !setting.origin().equals(DEFAULT)).count();
    return Html.of(
        """
        <section id="settings" aria-labelledby="settings-title">
        <h2 id="settings-title">Settings in force</h2>
        <details><summary>{}, {} of them given; secrets are masked</summary>
        <table>
        <thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">From</th></tr></thead>
        <tbody>{}</tbody></table>
        </details></section>
        """,
        Words.count(settings.size(), "setting"),
        given,
        Html.each(settings, SettingsSection::row));
  }

  private static Html row(InForce setting) {
    return Html.of(
        "<tr class=\"{}\"><th scope=\"row\"><code>{}</code></th><td>{}{}</td><td>{}</td></tr>\n",
        setting.origin().equals(DEFAULT) ? "default" : "given",
        setting.key(),
        Html.foreign(setting.value(), MAX_TEXT),
        setting.note().isEmpty()
            ? Html.NOTHING
            : Html.of(" <small>{}</small>", Html.foreign(setting.note(), MAX_TEXT)),
        Html.foreign(setting.origin(), MAX_TEXT));
  }
}
