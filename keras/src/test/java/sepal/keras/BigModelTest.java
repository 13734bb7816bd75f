package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.layers.Dense;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.tensor.Tensor;

/** Models that nearly fill the memory are saved and loaded. */
class BigModelTest {
  private static final int UNITS = 2000;

  @TempDir private Path directory;

  @Test
  void saving_and_loading_take_little_more_memory_than_the_weights() throws Exception {
    int megabytes = 128; // 8 layers of 16 MB
    for (String extension : new String[] {".keras", ".h5"}) {
      Path file = directory.resolve("big" + extension);
      for (String step : new String[] {"save", "load"}) {
        Process process =
            new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx" + (megabytes * 13 / 10 + 12) + "m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    BigModelTest.class.getName(),
                    step,
                    file.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as(step + " " + extension).isZero();
      }
    }
  }

  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    if (args[0].equals("save")) {
      Model model = new Sequential("big");
      ((Sequential) model).add(new Dense(UNITS, o -> o.inputShape(UNITS)));
      for (int i = 1; i < 8; i++) {
        ((Sequential) model).add(new Dense(UNITS));
      }
      Keras.saveModel(model, file);
    } else {
      Model model = Keras.loadModel(file);
      for (Weight weight : model.weights()) {
        Tensor value = weight.value();
        if (weight.name().equals("kernel") && value.floats()[7] == 0) {
          throw new IllegalStateException(weight + " is blank");
        }
      }
    }
  }
}
