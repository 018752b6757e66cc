package com.amazonaws.jobprocessor.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.Backoff;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
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

  /** Jackson's factory keeps buffers and names to use them again, which nobody can tell. */
  private static final Pattern IMMUTABLE =
      Pattern.compile(
          "java\\.lang\\.(String|Boolean|Byte|Character|Short|Integer|Long|Float|Double|Class)"
              + "|java\\.util\\.regex\\.Pattern|java\\.time\\..+|java\\.net\\.URI"
              + "|com\\.fasterxml\\.jackson\\.core\\.JsonFactory");

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
  void the_library_has_no_static_state() throws Exception {
    Set<String> states = new TreeSet<>();
    int seen = 0;
    for (JavaClass each : linked()) {
      for (Field field : Class.forName(each.getName()).getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()) {
          seen++;
          if (!isConstant(field, null)) {
            states.add(field.toString());
          }
        }
      }
    }
    assertEquals(Set.of(), states);
    assertTrue(seen > 100, "" + seen);
    noClasses()
        .that()
        .resideInAPackage(CLIENT)
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(System.class, "setProperty", String.class, String.class)
        .check(CODE);
  }

  /** The library, and what it needs of the daemon's jar. */
  private static Set<JavaClass> linked() {
    Set<JavaClass> linked = new HashSet<>();
    CODE.that(resideInAPackage(CLIENT)).forEach(linked::add);
    for (Queue<JavaClass> left = new ArrayDeque<>(linked); !left.isEmpty(); ) {
      for (Dependency needed : left.remove().getDirectDependenciesFromSelf()) {
        JavaClass type = needed.getTargetClass().getBaseComponentType();
        if (type.getName().startsWith(ROOT) && linked.add(type)) {
          left.add(type);
        }
      }
    }
    return linked;
  }

  @Test
  void what_can_change_is_state_wherever_it_is() throws Exception {
    for (Object constant :
        List.of("", 1, Duration.ZERO, Pattern.compile("x"), List.of(1), Map.of("x", Set.of("y")))) {
      assertTrue(isImmutable(constant), constant.toString());
    }
    AtomicLong count = new AtomicLong();
    Runnable stateless = () -> {};
    Runnable counts = count::incrementAndGet;
    assertTrue(isImmutable(stateless));
    for (Object state : List.of(count, List.of(count), Map.of(1, count), new int[1], counts)) {
      assertFalse(isImmutable(state), state.getClass().toString());
    }
    assertFalse(isImmutable(new ArrayList<>()));
    assertFalse(isImmutable(new Backoff()));
  }

  private static boolean isConstant(Field field, @Nullable Object of)
      throws IllegalAccessException {
    field.setAccessible(true);
    return Modifier.isFinal(field.getModifiers()) && isImmutable(field.get(of));
  }

  private static boolean isImmutable(@Nullable Object value) throws IllegalAccessException {
    if (value == null || IMMUTABLE.matcher(value.getClass().getName()).matches()) {
      return true;
    }
    String type = value.getClass().getName();
    if (type.startsWith("java.util.ImmutableCollections$")) {
      return value instanceof Map<?, ?> map
          ? areImmutable(map.keySet()) && areImmutable(map.values())
          : areImmutable((Collection<?>) value);
    }
    if (!type.startsWith(ROOT)) {
      return false;
    }
    for (Field field : value.getClass().getDeclaredFields()) {
      if (!Modifier.isStatic(field.getModifiers()) && !isConstant(field, value)) {
        return false;
      }
    }
    Class<?> parent = value.getClass().getSuperclass();
    return parent == Object.class || parent == Record.class || parent == Enum.class;
  }

  private static boolean areImmutable(Collection<?> values) throws IllegalAccessException {
    for (Object value : values) {
      if (!isImmutable(value)) {
        return false;
      }
    }
    return true;
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
