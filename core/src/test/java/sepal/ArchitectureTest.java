package sepal;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house within core. Those across the modules are cli's {@code ModulesTest}. */
class ArchitectureTest {
  /** From the roof down: a room may import those on the floors below it. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("models"),
          List.of("callbacks"),
          List.of("training"),
          List.of("losses", "metrics", "optimizers"),
          List.of("layers"),
          List.of("ops"),
          List.of("activations", "constraints", "initializers", "regularizers"),
          List.of("config"),
          List.of("tensor"),
          List.of("kernels"),
          List.of("shape"),
          List.of("check"));

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("sepal");

  @Test
  void every_room_has_a_floor() {
    Set<String> rooms =
        CORE.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    Set<String> known =
        FLOORS.stream()
            .flatMap(List::stream)
            .map(room -> "sepal." + room)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(rooms).isEqualTo(known);
  }

  @Test
  void no_room_imports_one_above_it() {
    List<String> above = new ArrayList<>();
    for (List<String> floor : FLOORS) {
      String[] rooms = floor.stream().map(room -> "sepal." + room + "..").toArray(String[]::new);
      if (!above.isEmpty()) {
        check(
            3,
            rooms,
            noClasses()
                .that()
                .resideInAnyPackage(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(above.toArray(String[]::new))
                .because("the floors follow the data: who reads a room needs only those below it"));
      }
      above.addAll(List.of(rooms));
    }
  }

  @Test
  void kernels_see_arrays_and_geometries_only() {
    check(
        8,
        new String[] {"sepal.kernels.."},
        classes()
            .that()
            .resideInAPackage("sepal.kernels..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                "sepal.kernels..",
                "sepal.shape..",
                "sepal.check..",
                "java..",
                "jdk.incubator.vector..",
                "org.jspecify..")
            .because("a kernel that knows no tensor can be read, tested and measured by itself"));
  }

  @Test
  void rooms_have_no_cycles() {
    check(
        250,
        new String[] {"sepal.."},
        slices()
            .matching("sepal.(*)..")
            .should()
            .beFreeOfCycles()
            .because("rooms in a cycle can only be understood together"));
  }

  @Test
  void every_room_is_null_marked() {
    Set<JavaPackage> rooms = CORE.stream().map(JavaClass::getPackage).collect(Collectors.toSet());

    assertThat(rooms)
        .as("rooms, because NullAway trusts only those whose package-info.java says so")
        .hasSizeGreaterThanOrEqualTo(9)
        .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
  }

  /** Checks the rule, and that it saw no fewer than {@code floor} classes of its subject. */
  private static void check(int floor, String[] subject, ArchRule rule) {
    assertThat(CORE.that(resideInAnyPackage(subject)).size())
        .as("classes seen by: %s", rule.getDescription())
        .isGreaterThanOrEqualTo(floor);
    rule.check(CORE);
  }
}
