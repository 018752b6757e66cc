package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitStatusTest {
  @ParameterizedTest
  @CsvSource({
    "1,exit status 1",
    "128,exit status 128",
    "129,killed by SIGHUP (exit status 129)",
    "144,killed by SIGSTKFLT (exit status 144)",
    "145,exit status 145",
    "159,killed by SIGSYS (exit status 159)",
    "160,exit status 160",
    "161,exit status 161",
    "162,killed by SIGRTMIN (exit status 162)",
    "163,killed by SIGRTMIN+1 (exit status 163)",
    "177,killed by SIGRTMIN+15 (exit status 177)",
    "178,killed by SIGRTMAX-14 (exit status 178)",
    "191,killed by SIGRTMAX-1 (exit status 191)",
    "192,killed by SIGRTMAX (exit status 192)",
    "193,exit status 193",
    "255,exit status 255"
  })
  void signals_have_the_names_that_bash_gives_them(int status, String words) {
    assertEquals(words, ExitStatus.inWords(status));
  }
}
