package com.amazonaws.jobprocessor.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.amazonaws.jobprocessor.work.call.Backoff;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What the library for applications and the command line may import. */
class ClientArchitectureTest {
  private static final String ROOT = "com.amazonaws.jobprocessor";
  private static final String CLIENT = ROOT + ".client..";
  private static final String CLI = ROOT + ".cli..";
  private static final String JDK = "java..";
  private static final String NULLNESS = "org.jspecify..";
  private static final String JSON = "com.fasterxml.jackson.core..";

  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains(tests()))
          .importPackages(ROOT + ".client", ROOT + ".cli");

  /** Where this class is, and other tests. */
  private static String tests() {
    return ClientArchitectureTest.class
        .getProtectionDomain()
        .getCodeSource()
        .getLocation()
        .getPath();
  }

  @Test
  void the_library_stands_on_messages_ports_and_their_aws_classes() {
    classes()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    JDK, NULLNESS, JSON, CLIENT, ROOT + ".message", ROOT + ".port", ROOT + ".aws")
                .or(type(Backoff.class)))
        .check(CODE);
  }

  @Test
  void what_is_shared_with_the_command_line_knows_nothing_of_what_is_for_applications() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".client.send")
        .should()
        .dependOnClassesThat(resideInAPackage(ROOT + ".client"))
        .check(CODE);
  }

  @Test
  void the_library_has_no_static_state() {
    fields()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage(CLIENT)
        .and()
        .areStatic()
        .should()
        .beFinal()
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .check(CODE);
  }

  @Test
  void the_command_line_is_on_top_and_knows_neither_the_daemon_nor_the_sdk() {
    noClasses()
        .that()
        .resideInAPackage(CLI)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "software.amazon..",
                ROOT + ".daemon..",
                ROOT + ".status..",
                ROOT + ".stats..",
                ROOT + ".machine..",
                ROOT + ".systemd..",
                ROOT + ".logging.."))
        .check(CODE);
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .dependOnClassesThat(resideInAPackage(CLI))
        .check(CODE);
  }
}
