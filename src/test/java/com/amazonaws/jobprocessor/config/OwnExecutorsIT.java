package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.amazonaws.jobprocessor.JobExecutor;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnExecutorsIT {
  private static final Pattern API_OR_EXECUTORS =
      Pattern.compile(".*/jobprocessor/(executors/)?[^/]*\\.class");

  @Test
  void the_list_has_each_executor_of_the_package_and_no_more() {
    Set<String> classes =
        new ClassFileImporter()
                .withImportOption(location -> location.matches(API_OR_EXECUTORS))
                .importPackages("com.amazonaws.jobprocessor")
                .stream()
                .filter(type -> type.getPackageName().endsWith(".executors"))
                .filter(type -> type.isAssignableTo(JobExecutor.class))
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(type -> !type.getName().contains("Test"))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toCollection(TreeSet::new));

    assertEquals(new TreeSet<>(OwnExecutors.SIMPLE_NAMES), classes);
  }

  @ParameterizedTest
  @CsvSource({
    "sleep, Sleep",
    "Slep, Sleep",
    "HTTPPost, HttpPost",
    "Shell, ShellCommand",
    "ReverseSpacelesString, ReverseSpacelessString",
    "com.amazonaws.jobprocessor.executor.Sleep, Sleep",
    "com.amazonaws.jobprocessor.executors.CountPrime, CountPrimes",
    "executors.Sleep, Sleep"
  })
  void near_miss_has_a_suggestion(String name, String expected) {
    assertEquals(expected, OwnExecutors.nearest(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "Thumbnails", "com.example.Sleeper", "com.example.Missing"})
  void other_class_has_none(String name) {
    assertNull(OwnExecutors.nearest(name));
  }
}
