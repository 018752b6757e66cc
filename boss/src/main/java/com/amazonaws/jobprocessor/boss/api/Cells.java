package com.amazonaws.jobprocessor.boss.api;

import java.util.regex.Pattern;

/**
 * Cells of a CSV that no spreadsheet takes for a formula: a text that begins as one does gets an
 * apostrophe before it, as OWASP's page "CSV Injection" has it. Numbers stay what they are.
 */
final class Cells {
  /** With the wide forms that spreadsheets know as well. */
  private static final String BEGINS = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,4})?");

  private Cells() {}

  /** A text as a cell. */
  static String of(String text) {
    boolean formula =
        !text.isEmpty() && BEGINS.indexOf(text.charAt(0)) >= 0 && !NUMBER.matcher(text).matches();
    return formula ? "'" + text : text;
  }
}
