package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The table of the reference page names nothing that does not exist. */
class ReferenceTest {
  private static final Path ROOT = Path.of(System.getProperty("sepal.root", ".."));
  private static final List<String> PACKAGES = List.of("sepal.layers.", "sepal.models.");
  private static final Pattern ROW =
      Pattern.compile("\\| (.+?) \\| `([^`]+)` \\| (.*?) ?\\| `([^`]+)` \\|");
  private static final Pattern CONSTRUCTOR = Pattern.compile("new (\\w+)\\((.*)\\)");

  private record Row(String there, String here, String test) {}

  @TestFactory
  Stream<DynamicTest> every_row_has_a_member_and_a_test() throws IOException {
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs/reference.md"))) {
      if (line.startsWith("| ") && !line.startsWith("| there")) {
        Matcher row = ROW.matcher(line);
        assertThat(row.matches()).as(line).isTrue();
        rows.add(new Row(row.group(1), row.group(2), row.group(4)));
      }
    }
    assertThat(rows).hasSizeGreaterThan(170);
    Map<String, String> tests = tests();
    return rows.stream()
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.there + ": " + row.here,
                    () -> {
                      assertThat(memberExists(row.here)).as(row.here).isTrue();
                      assertThat(testExists(tests, row.test)).as(row.test).isTrue();
                    }));
  }

  private static boolean memberExists(String name) {
    Matcher constructor = CONSTRUCTOR.matcher(name);
    if (constructor.matches()) {
      return Arrays.stream(type(constructor.group(1)).getConstructors())
          .map(
              each ->
                  Arrays.stream(each.getParameterTypes())
                      .map(Class::getSimpleName)
                      .collect(Collectors.joining(", ")))
          .anyMatch(constructor.group(2)::equals);
    }
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return type(name) != null;
    }
    String method = name.substring(dot + 1);
    Class<?> type = type(name.substring(0, dot).replace('.', '$'));
    return Stream.concat(Arrays.stream(type.getMethods()), overridable(type))
        .anyMatch(each -> each.getName().equals(method));
  }

  private static Stream<Method> overridable(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> java.lang.reflect.Modifier.isProtected(method.getModifiers()));
  }

  private static Class<?> type(String name) {
    for (String room : PACKAGES) {
      try {
        return Class.forName(room + name);
      } catch (ClassNotFoundException elsewhere) {
        // the next room
      }
    }
    throw new AssertionError("no class " + name);
  }

  /** The sources of all test classes, whatever module they are in. */
  private static Map<String, String> tests() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("core", "keras", "testkit", "examples")) {
      try (Stream<Path> files = Files.walk(ROOT.resolve(module + "/src/test/java"))) {
        for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
          sources.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return sources;
  }

  private static boolean testExists(Map<String, String> sources, String name) {
    int dot = name.lastIndexOf('.');
    String source = sources.getOrDefault(name.substring(0, dot) + ".java", "");
    return Pattern.compile("@Test(Factory)?\\s+[\\w<>]+ " + name.substring(dot + 1) + "\\(\\)")
        .matcher(source)
        .find();
  }
}
