package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.Outlook;
import com.amazonaws.jobprocessor.stats.Snapshot;

/**
 * The page, section by section. It works without its script, which fetches it again every two
 * seconds and puts what is marked {@code data-live} in place of the old: nothing that ends or sends
 * something belongs there.
 */
public final class Page {
  private Page() {}

  /** The whole page without buttons, as it is at the moment of the snapshot. */
  public static String of(Snapshot now, Assets assets) {
    return of(now, assets, false);
  }

  /** The whole page, as it is at the moment of the snapshot, with buttons or without. */
  public static String of(Snapshot now, Assets assets, boolean buttons) {
    Outlook outlook = Outlook.of(now);
    return Html.of(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{}</title>
            <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 8 8'%3E%3Crect \
            width='8' height='8' rx='2' fill='%23205ea8'/%3E%3Cpath d='M2 6V4M4 6V2M6 6V3' stroke='%23fff'/%3E%3C/svg%3E">
            <link rel="stylesheet" href="{}">
            <script src="{}"></script>
            </head>
            <body>
            <header><a class="brand" href="/">job-processor</a>
            <p id="live" role="status"></p>
            <nav aria-label="This page"><a href="/" id="refresh">Refresh</a>\
            <button type="button" id="pause" aria-pressed="false" hidden>Pause</button>\
            <button type="button" id="theme" hidden>Theme</button>\
            <button type="button" id="zone" hidden>Local time</button>\
            <button type="button" id="keys" hidden>Keys</button></nav></header>
            <main>
            {}{}<div class="columns"><div>
            {}{}{}{}</div><div>
            {}</div></div>
            {}{}</main>
            <footer><p>The same for programs: <a href="/status.json">status.json</a>, <a href="/metrics">metrics</a>, \
            <a href="/livez">livez</a>, <a href="/healthz">healthz</a>. Looking costs nothing but a request to SQS every ten seconds.</p></footer>
            <dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2>
            <dl><div><dt><kbd>r</kbd></dt><dd>refresh now</dd></div><div><dt><kbd>p</kbd></dt><dd>pause, go on</dd></div>\
            <div><dt><kbd>t</kbd></dt><dd>theme: as the system, dark, light</dd></div><div><dt><kbd>l</kbd></dt><dd>local time, UTC</dd></div>\
            <div><dt><kbd>?</kbd></dt><dd>this list</dd></div></dl>
            <form method="dialog"><button>Close</button></form></dialog>
            </body>
            </html>
            """,
            title(now),
            assets.stylePath(),
            assets.scriptPath(),
            HeadSection.of(now, outlook),
            TroubleSection.of(now),
            QueueSection.of(now, outlook),
            BoxesSection.of(now),
            ButtonsSection.of(buttons),
            CostSection.of(now),
            BoxSection.of(now),
            FailureSection.of(now),
            SettingsSection.of(now))
        .toString();
  }

  /** Short, since tabs are; the state comes first, to be seen from other tabs. */
  private static String title(Snapshot now) {
    return State.of(now).text()
        + " \u2013 "
        + now.queues().backlog().name()
        + " \u2013 job-processor";
  }
}
