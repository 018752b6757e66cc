package com.amazonaws.jobprocessor.boss.page;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/** The templates of {@code src/main/jte}, which the build compiles into this package. */
final class Templates {
  private final TemplateEngine engine =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, null, Templates.class.getPackageName());

  /** The HTML of a template with these parameters. */
  String render(String template, Map<String, Object> parameters) {
    StringOutput html = new StringOutput();
    engine.render(template, parameters, html);
    return html.toString();
  }
}
