package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.layers.Layer;
import sepal.layers.Layers;

/** The Javadoc of every layer has an example that compiles and prints what it says. */
class LayerExamplesTest {
  private static final Path SOURCES =
      Path.of(System.getProperty("sepal.root", ".."), "core/src/main/java/sepal/layers");

  private static final String HOW =
      """
      the comment of the class ends with an example, before @see, such as
       * <pre>{@code
       * Layer layer = new Flatten();
       * System.out.println(layer.apply(Tensor.zeros(4, 7, 7, 8)).shape()); // (4, 392)
       * }</pre>""";

  private static final Pattern COMMENT =
      Pattern.compile("\\n/\\*\\*\\n((?: \\*.*\\n)+?) \\*/\\npublic (?:final )?class (\\w+)");
  private static final Pattern BLOCK =
      Pattern.compile(" \\* <pre>\\{@code\\n((?: \\*.*\\n)+?) \\* }</pre>\\n");
  private static final Pattern PRINTED = Pattern.compile("System\\.out\\.println\\(.*\\); // (.+)");

  @TempDir static Path classes;

  /** The class names of layers that can be made, with the code of their examples. */
  static Map<String, String> examples() throws IOException, ClassNotFoundException {
    Map<String, String> examples = new TreeMap<>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        if (isLayer(name)) {
          examples.put(name, code(Files.readString(file), name));
        }
      }
    }
    return examples;
  }

  private static boolean isLayer(String name) throws ClassNotFoundException {
    if (name.endsWith("-info")) {
      return false;
    }
    Class<?> type = Class.forName("sepal.layers." + name);
    return Layer.class.isAssignableFrom(type)
        && java.lang.reflect.Modifier.isPublic(type.getModifiers())
        && type != Layer.class;
  }

  private static String code(String source, String name) {
    Matcher comment = COMMENT.matcher(source);
    StringBuilder code = new StringBuilder();
    while (comment.find()) {
      if (comment.group(2).equals(name)) {
        BLOCK
            .matcher(comment.group(1))
            .results()
            .forEach(block -> code.append(block.group(1).replaceAll("(?m)^ \\* ?", "")));
      }
    }
    return code.toString();
  }

  static Stream<String> names() throws IOException, ClassNotFoundException {
    return examples().keySet().stream();
  }

  @BeforeAll
  static void compile() throws IOException, ClassNotFoundException {
    List<JavaFileObject> sources = new ArrayList<>();
    examples().forEach((name, code) -> sources.add(source(name, code)));
    StringWriter errors = new StringWriter();
    boolean compiled =
        ToolProvider.getSystemJavaCompiler()
            .getTask(
                errors,
                null,
                null,
                List.of("-d", classes.toString(), "-classpath", classPath()),
                null,
                sources)
            .call();
    assertThat(compiled).as("%s", errors).isTrue();
  }

  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  private static JavaFileObject source(String name, String code) {
    String text =
        """
        import java.util.*;
        import sepal.layers.*;
        import sepal.models.*;
        import sepal.ops.Ops;
        import sepal.shape.*;
        import sepal.tensor.*;

        public class %sExample {
          public static void run() throws Exception {
        %s
          }
        }
        """
            .formatted(name, code);
    URI uri = URI.create("string:///" + name + "Example.java");
    return new SimpleJavaFileObject(uri, JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }

  @ParameterizedTest
  @MethodSource("names")
  void the_example_prints_what_it_says(String name) throws Exception {
    String code = examples().get(name);
    List<String> said = PRINTED.matcher(code).results().map(line -> line.group(1)).toList();
    assertThat(said).as("%s: %s", name, HOW).isNotEmpty();
    assertThat(code).as("%s: %s", name, HOW).contains("new " + name + "(");
    assertThat(run(name)).isEqualTo(said);
  }

  private static List<String> run(String name) throws Exception {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader loader =
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, LayerExamplesTest.class.getClassLoader())) {
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      loader.loadClass(name + "Example").getMethod("run").invoke(null);
    } finally {
      System.setOut(out);
    }
    return printed.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void every_layer_class_in_files_has_an_example() throws Exception {
    List<String> own =
        Layers.classNames().stream()
            .filter(name -> Files.exists(SOURCES.resolve(name + ".java")))
            .toList();
    assertThat(own).hasSizeGreaterThan(35);
    assertThat(examples().keySet()).containsAll(own);
  }
}
