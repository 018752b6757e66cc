package com.amazonaws.jobprocessor.boss;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** The boss's packages and what they may import. */
class BossArchitectureTest {
  private static final String ROOT = "com.amazonaws.jobprocessor.";
  private static final String BOSS = ROOT + "boss";
  private static final String HOURS = BOSS + ".hours..";
  private static final String STORE = BOSS + ".store..";
  private static final String DISPATCH = BOSS + ".dispatch..";
  private static final String REPORT = BOSS + ".report..";
  private static final String API = BOSS + ".api..";
  private static final String PLAN = BOSS + ".plan..";
  private static final String NIGHT = BOSS + ".night..";
  private static final String BOXES = BOSS + ".boxes..";
  private static final String HOOK = BOSS + ".hook..";
  private static final String FLEET = ROOT + "fleet..";
  private static final String PAGE = BOSS + ".page..";
  private static final String MESSAGE = ROOT + "message..";
  private static final String NULLNESS = "org.jspecify..";
  private static final String LOG = "org.slf4j..";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(BOSS);

  private static void mayImport(String name, String... others) {
    classes()
        .that()
        .resideInAPackage(name)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(others)
                .or(resideInAnyPackage(name, "java..", NULLNESS))
                .or(resideInAPackage("")))
        .check(CODE);
  }

  @Test
  void hours_and_reports_are_arithmetic() {
    mayImport(HOURS);
    mayImport(REPORT);
    noClasses()
        .that()
        .resideInAnyPackage(HOURS, REPORT)
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."))
        .check(CODE);
  }

  @Test
  void the_store_knows_the_database_and_nothing_else_does() {
    mayImport(
        STORE,
        HOURS,
        REPORT,
        MESSAGE,
        LOG,
        "org.jdbi..",
        "com.zaxxer.hikari..",
        "org.h2.mvstore..");
    noClasses()
        .that()
        .resideOutsideOfPackage(STORE)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("org.jdbi..", "com.zaxxer..", "java.sql..", "org.h2.."))
        .check(CODE);
  }

  @Test
  void the_dispatch_knows_ports_and_no_aws() {
    mayImport(DISPATCH, STORE, HOURS, PLAN, MESSAGE, ROOT + "port..", ROOT + "work.call..", LOG);
  }

  @Test
  void a_plan_is_arithmetic() {
    mayImport(PLAN, HOURS, ROOT + "cost..");
    noClasses()
        .that()
        .resideInAPackage(PLAN)
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.io..", "java.nio..", "java.net.."))
        .check(CODE);
  }

  @Test
  void nights_know_the_store_and_plans_and_no_aws() {
    mayImport(NIGHT, STORE, HOURS, PLAN, ROOT + "cost..", FLEET, LOG);
    mayImport(BOXES, NIGHT, FLEET, ROOT + "port..");
  }

  @Test
  void webhooks_know_the_store() {
    mayImport(HOOK, STORE, "javax.crypto..", "com.fasterxml.jackson..", LOG);
  }

  @Test
  void the_api_knows_the_store_and_no_queues() {
    mayImport(
        API,
        STORE,
        HOURS,
        REPORT,
        PLAN,
        ROOT + "cost..",
        MESSAGE,
        LOG,
        "io.javalin..",
        "jakarta.servlet..",
        "kotlin..",
        "org.eclipse.jetty..",
        "com.fasterxml.jackson..",
        "de.siegmar.fastcsv..");
  }

  @Test
  void the_pages_know_the_store_and_no_queues() {
    mayImport(
        PAGE,
        STORE,
        HOURS,
        REPORT,
        API,
        PLAN,
        ROOT + "cost..",
        MESSAGE,
        LOG,
        "io.javalin..",
        "jakarta.servlet..",
        "kotlin..",
        "gg.jte..",
        "com.password4j..");
    noClasses()
        .that()
        .resideInAPackage(API)
        .should()
        .dependOnClassesThat(resideInAPackage(PAGE))
        .check(CODE);
  }

  @Test
  void the_time_is_asked_of_a_clock_that_a_test_can_set() {
    noClasses()
        .that()
        .resideInAnyPackage(HOURS, STORE, DISPATCH, API, PAGE, PLAN, NIGHT, BOXES, HOOK)
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .check(CODE);
  }
}
