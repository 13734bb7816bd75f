package sepal.benchmarks.onnxruntime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sepal.benchmarks.Applications;
import sepal.benchmarks.FirstSepalResult;
import sepal.keras.Keras;
import sepal.models.Model;

/** Writes the models that {@code benchmarks/cold} loads in fresh processes. */
public final class FirstFiles {
  private FirstFiles() {}

  /**
   * @param arguments a folder
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    Files.write(folder.resolve("layer.onnx"), OnnxGraph.of(FirstSepalResult.layer(), 1));
    Model model = Applications.of("mini_xception");
    Files.write(folder.resolve("mini_xception.onnx"), OnnxGraph.of(model, 1));
    Keras.saveModel(model, folder.resolve("mini_xception.keras"));
  }
}
