package com.amazonaws.jobprocessor;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** The packages and what they may import. */
class ArchitectureTest {
  private static final String ROOT = "com.amazonaws.jobprocessor";
  private static final String JDK = "java..";
  private static final String NULLNESS = "org.jspecify..";
  private static final String LOG = "org.slf4j..";
  private static final String JSON = "com.fasterxml.jackson.core..";
  private static final String SDK = "software.amazon..";
  private static final String HTTP = "org.apache.hc..";
  private static final String LEAN = ROOT + ".aws.lean..";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/testkit/"))
          .importPackages(ROOT);

  private static String pkg(String name) {
    return ROOT + "." + name + "..";
  }

  private static ArchRule mayImport(String name, String... others) {
    return classes()
        .that()
        .resideInAPackage(name)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(others).or(resideInAPackage(name)));
  }

  @Test
  void the_executors_api_needs_nothing_but_the_jdk() {
    mayImport(ROOT, JDK).check(CODE);
  }

  @Test
  void settings_are_arithmetic_on_text() {
    mayImport(pkg("config"), JDK, NULLNESS).check(CODE);
    noClasses()
        .that()
        .resideInAPackage(pkg("config"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio.file..", "java.net..", "java.lang.reflect.."))
        .check(CODE);
  }

  @Test
  void cost_is_arithmetic_on_numbers_and_text() {
    mayImport(pkg("cost"), JDK, NULLNESS).check(CODE);
    noClasses()
        .that()
        .resideInAPackage(pkg("cost"))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("java.io..", "java.nio..", "java.net..", "java.lang.reflect.."))
        .check(CODE);
  }

  @Test
  void executors_and_plugin_see_only_the_api() {
    // The JSON of PersistentCommand's lines, beside what any executor sees.
    mayImport(pkg("executors"), JDK, "javax.net.ssl..", NULLNESS, LOG, JSON, ROOT).check(CODE);
    mayImport(pkg("plugin"), JDK, NULLNESS, LOG, ROOT).check(CODE);
  }

  @Test
  void messages_are_arithmetic_on_text() {
    mayImport(pkg("message"), JDK, NULLNESS, JSON).check(CODE);
  }

  @Test
  void ports_speak_of_messages() {
    mayImport(pkg("port"), JDK, NULLNESS, pkg("message")).check(CODE);
  }

  @Test
  void the_work_knows_neither_aws_nor_settings() {
    mayImport(pkg("work"), JDK, NULLNESS, LOG, ROOT, pkg("port"), pkg("message")).check(CODE);
  }

  @Test
  void within_the_work_imports_go_downwards() {
    String job = pkg("work.job");
    String call = pkg("work.call");
    String room = pkg("work.room");
    mayImport(job, JDK, NULLNESS, ROOT, pkg("port"), pkg("message")).check(CODE);
    mayImport(call, JDK, NULLNESS, LOG, pkg("port"), pkg("message")).check(CODE);
    mayImport(room, JDK, NULLNESS, LOG, pkg("port"), pkg("message"), job, call).check(CODE);
    mayImport(pkg("work.settle"), JDK, NULLNESS, LOG, pkg("port"), pkg("message"), job, call, room)
        .check(CODE);
    slices().matching(ROOT + ".work.(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void the_stats_count_what_the_work_tells() {
    mayImport(
            pkg("stats"), JDK, NULLNESS, LOG, pkg("work"), pkg("port"), pkg("message"), pkg("cost"))
        .check(CODE);
  }

  /** Prometheus' formats are known here only. */
  @Test
  void the_page_is_drawn_from_the_stats() {
    String formats = "io.prometheus..";
    mayImport(
            pkg("status"),
            JDK,
            NULLNESS,
            LOG,
            pkg("stats"),
            pkg("fleet"),
            pkg("work"),
            pkg("port"),
            pkg("cost"),
            formats)
        .check(CODE);
    noClasses()
        .that(not(resideInAPackage(pkg("status"))))
        .should()
        .dependOnClassesThat(resideInAPackage(formats))
        .check(CODE);
    mayImport(pkg("status.http"), JDK, NULLNESS, pkg("port")).check(CODE);
  }

  @Test
  void pages_know_no_requests_and_buttons_are_on_top() {
    noClasses()
        .that()
        .resideInAPackage(pkg("status.page"))
        .should()
        .dependOnClassesThat(resideInAnyPackage(ROOT + ".status", pkg("status.button")))
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".status")
        .should()
        .dependOnClassesThat(resideInAPackage(pkg("status.button")))
        .check(CODE);
  }

  @Test
  void the_end_of_a_box_knows_the_worker_and_ports_but_no_aws() {
    mayImport(pkg("fleet"), JDK, NULLNESS, LOG, pkg("work"), pkg("port"), pkg("message"))
        .check(CODE);
  }

  @Test
  void the_machine_knows_no_worker() {
    mayImport(pkg("machine"), JDK, "jdk.management..", NULLNESS, LOG, pkg("config")).check(CODE);
  }

  @Test
  void log_and_systemd_are_drawn_from_the_stats() {
    mayImport(pkg("logging"), JDK, NULLNESS, LOG, "ch.qos.logback..", pkg("message"), pkg("stats"))
        .check(CODE);
    mayImport(pkg("systemd"), JDK, NULLNESS, LOG, pkg("stats"), pkg("work")).check(CODE);
    noClasses()
        .that(not(resideInAPackage(pkg("logging"))))
        .should()
        .dependOnClassesThat(resideInAPackage("ch.qos.logback.."))
        .check(CODE);
  }

  @Test
  void the_sdk_is_known_to_one_package_and_to_the_wiring() {
    // Below the SDK only to set up TLS, and in the lean calls.
    mayImport(
            pkg("aws"),
            JDK,
            NULLNESS,
            LOG,
            SDK,
            pkg("port"),
            pkg("fleet"),
            pkg("message"),
            "javax.net.ssl..",
            HTTP,
            JSON)
        .check(CODE);
    noClasses()
        .that(not(simpleName("Tls").or(simpleName("NoConnection"))))
        .should()
        .dependOnClassesThat(resideInAPackage("javax.net.ssl.."))
        .check(CODE);
    noClasses()
        .that(
            not(
                simpleName("Tls")
                    .or(nameMatching(".*\\.aws\\.Proxies(\\$.*)?"))
                    .or(resideInAPackage(LEAN))))
        .should()
        .dependOnClassesThat(resideInAnyPackage(HTTP))
        .check(CODE);
    noClasses()
        .that(not(resideInAnyPackage(LEAN, pkg("message"), ROOT + ".executors..")))
        .should()
        .dependOnClassesThat(resideInAnyPackage(JSON))
        .check(CODE);
    noClasses()
        .that(not(resideInAnyPackage(pkg("aws"), pkg("daemon"))))
        .should()
        .dependOnClassesThat(resideInAPackage(SDK))
        .check(CODE);
  }

  /** What is made of the SDK's parts and of libraries below it stays within one package. */
  @Test
  void the_lean_calls_are_behind_a_fence_that_only_the_wiring_opens() {
    mayImport(LEAN, JDK, NULLNESS, LOG, SDK, HTTP, JSON, pkg("port"), pkg("message"), ROOT + ".aws")
        .check(CODE);
    noClasses()
        .that(not(resideInAnyPackage(LEAN, pkg("daemon"))))
        .should()
        .dependOnClassesThat(resideInAPackage(LEAN))
        .check(CODE);
  }

  @Test
  void nobody_imports_the_daemon_and_nothing_goes_round() {
    noClasses()
        .that(not(resideInAPackage(pkg("daemon"))))
        .should()
        .dependOnClassesThat(resideInAPackage(pkg("daemon")))
        .check(CODE);
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CODE);
  }

  @Test
  void only_the_daemon_ends_the_process() {
    noClasses()
        .that(not(resideInAPackage(pkg("daemon"))))
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "halt", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .check(CODE);
  }

  /**
   * The executor that sleeps, and the one that reads an HTTP date, have no other way; and whoever
   * waits for a time waits by the one clock that a test can move.
   */
  @Test
  void no_wall_clock_and_no_sleep_outside_the_daemon_and_the_machine() {
    noClasses()
        .that(not(resideInAnyPackage(pkg("daemon"), pkg("machine"), pkg("executors"))))
        .and(not(simpleName("MonotonicClock")))
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", Duration.class)
        .check(CODE);
  }
}
