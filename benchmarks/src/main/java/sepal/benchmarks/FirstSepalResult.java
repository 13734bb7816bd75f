package sepal.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import sepal.initializers.GlorotUniform;
import sepal.keras.Keras;
import sepal.layers.SeparableConv2D;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** A fresh process up to Sepal's first result. */
public final class FirstSepalResult {
  private FirstSepalResult() {}

  /**
   * @param arguments when the process was started, in seconds since 1970, and maybe a file that
   *     Keras can read; without it a layer is made here
   */
  public static void main(String[] arguments) throws IOException {
    Model model = arguments.length == 1 ? layer() : Keras.loadModel(Path.of(arguments[1]));
    Shape shape = model.inputShape().with(0, 1);
    Tensor x = Tensor.wrap(FirstResult.input(shape.size()), shape);
    FirstResult.report(arguments[0], model.predict(x).floats());
  }

  /** The workload S4 as a model. */
  public static Model layer() {
    return new Sequential(
        new SeparableConv2D(
            256,
            3,
            o ->
                o.padding("same")
                    .activation("relu")
                    .depthwiseInitializer(new GlorotUniform(1))
                    .pointwiseInitializer(new GlorotUniform(2))
                    .inputShape(28, 28, 256)));
  }
}
