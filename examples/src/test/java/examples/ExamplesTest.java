package examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import sepal.layers.Layers;

/** Each program prints the text beside this test. */
class ExamplesTest {

  @Test
  void keras_for_r() throws IOException {
    check("KerasForR", KerasForR::main);
  }

  @Test
  void tf_keras() throws IOException {
    check("TfKeras", TfKeras::main);
  }

  @Test
  void keras_3() throws IOException {
    check("Keras3", Keras3::main);
  }

  @Test
  void tensorflow_1_4() throws IOException {
    check("TensorFlow14", TensorFlow14::main);
  }

  @Test
  void tensorflow_2_9() throws IOException {
    check("TensorFlow29", TensorFlow29::main);
  }

  private static void check(String name, Consumer<String[]> program) throws IOException {
    Layers.clearSession();
    PrintStream console = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      program.accept(new String[0]);
    } finally {
      System.setOut(console);
    }
    try (InputStream expected = ExamplesTest.class.getResourceAsStream(name + ".txt")) {
      assertThat(printed.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"))
          .isEqualTo(
              expected == null ? "" : new String(expected.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
