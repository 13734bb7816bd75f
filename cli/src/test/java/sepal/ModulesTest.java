package sepal;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** The rules of the house across the modules. Those within core are its own test's. */
class ModulesTest {
  private static final JavaClasses HOUSE =
      new ClassFileImporter()
          .withImportOption(location -> !location.contains("/test-classes/"))
          .importPackages("sepal");

  @Test
  void only_kernels_name_the_vector_module() {
    onlyIn(
        "sepal.kernels..",
        "jdk.incubator.vector..",
        "the module may be missing at run time, and one room can see to that");
  }

  @Test
  void only_keras_names_the_libraries_that_read_files() {
    onlyIn("sepal.keras..", "tools.jackson..", "core comes without any library");
  }

  @Test
  void only_cli_names_the_libraries_of_the_command_line() {
    onlyIn("sepal.cli..", "picocli..", "the others are used without a command line");
    onlyIn("sepal.cli..", "me.tongfei..", "the others are used without a command line");
  }

  @Test
  void only_cli_prints_or_exits() {
    check(
        resideOutsideOfPackages("sepal.cli.."),
        250,
        noClasses()
            .that()
            .resideOutsideOfPackage("sepal.cli..")
            .should(ACCESS_STANDARD_STREAMS)
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "exit", int.class)
            .orShould()
            .callMethod(Runtime.class, "halt", int.class)
            .because("a library must leave the console and the process to the program it is in"));
    assertThat(HOUSE.that(resideInAnyPackage("sepal.cli.."))).anyMatch(ModulesTest::exits);
  }

  private static boolean exits(JavaClass type) {
    return type.getMethodCallsFromSelf().stream()
        .anyMatch(call -> call.getTarget().getFullName().equals("java.lang.System.exit(int)"));
  }

  @Test
  void modules_build_on_each_other_in_one_direction() {
    neverSees("sepal.keras..", 20, "sepal.testkit..", "sepal.cli..", "sepal.spark..");
    neverSees("sepal.testkit..", 5, "sepal.cli..", "sepal.spark..");
    neverSees("sepal.cli..", 10, "sepal.spark..");
    check(
        resideOutsideOfPackages("sepal.keras..", "sepal.testkit..", "sepal.cli..", "sepal.spark.."),
        200,
        noClasses()
            .that()
            .resideOutsideOfPackages(
                "sepal.keras..", "sepal.testkit..", "sepal.cli..", "sepal.spark..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("sepal.keras..", "sepal.testkit..", "sepal.cli..", "sepal.spark..")
            .because("who embeds layers gets core alone"));
  }

  @Test
  void rooms_have_no_cycles_across_modules() {
    check(
        resideInAnyPackage("sepal.."),
        250,
        slices()
            .matching("sepal.(*)..")
            .should()
            .beFreeOfCycles()
            .because("rooms in a cycle can only be understood together"));
  }

  private static void neverSees(String module, int floor, String... others) {
    check(
        resideInAnyPackage(module),
        floor,
        noClasses()
            .that()
            .resideInAPackage(module)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(others)
            .because("a module can be used without those that build on it"));
  }

  /** Checks also that the one room names the library: if not, the rule would guard nothing. */
  private static void onlyIn(String room, String library, String reason) {
    check(
        resideOutsideOfPackages(room),
        20,
        noClasses()
            .that()
            .resideOutsideOfPackage(room)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(library)
            .because(reason));
    assertThat(HOUSE.that(resideInAnyPackage(room)))
        .as("classes of %s that name %s", room, library)
        .anyMatch(
            type ->
                type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(it -> resideInAnyPackage(library).test(it.getTargetClass())));
  }

  /** Checks the rule, and that it saw no fewer than {@code floor} classes of its subject. */
  private static void check(DescribedPredicate<JavaClass> subject, int floor, ArchRule rule) {
    assertThat(HOUSE.that(subject).size())
        .as("classes seen by: %s", rule.getDescription())
        .isGreaterThanOrEqualTo(floor);
    rule.check(HOUSE);
  }
}
