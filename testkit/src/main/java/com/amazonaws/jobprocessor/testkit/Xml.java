package com.amazonaws.jobprocessor.testkit;

import java.util.List;
import java.util.function.Function;

/** Elements of XML, as text. */
final class Xml {
  private Xml() {}

  /** An element with a text. */
  static String text(String name, Object value) {
    return "<" + name + ">" + escape(String.valueOf(value)) + "</" + name + ">";
  }

  /** An element around others. */
  static String element(String name, String... children) {
    return "<" + name + ">" + String.join("", children) + "</" + name + ">";
  }

  /** A list, each part of which is within an element of its own. */
  static <T> String list(String name, String each, List<T> items, Function<T, String> children) {
    StringBuilder list = new StringBuilder();
    items.forEach(item -> list.append(element(each, children.apply(item))));
    return element(name, list.toString());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
