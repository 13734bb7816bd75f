package sepal.benchmarks;

import java.util.List;
import java.util.Random;
import sepal.config.KerasConfig;
import sepal.kernels.Workload;
import sepal.layers.SeparableConv2D;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A model and its input, the same numbers in every process.
 *
 * @param x (batch, h, w, channels)
 */
public record ModelData(Model model, Tensor x) {
  /**
   * How far an output may be off, in shares of the greatest output: layers hand on and amplify each
   * other's rounding.
   */
  static final double TOLERANCE = 1e-4;

  /**
   * One of {@link Applications} on random numbers from -1 to 1.
   *
   * @param name one of {@link Applications#NAMES}
   */
  public static ModelData of(String name, int batch) {
    Model model = Applications.of(name);
    Shape shape = model.inputShape().with(0, batch);
    float[] x = LayerData.values(new Random(name.hashCode()), shape.size());
    return new ModelData(model, Tensor.wrap(x, shape));
  }

  /** The layer alone. */
  public static ModelData of(LayerData data) {
    Workload layer = data.workload();
    int height = layer.window().size().get(0);
    int width = layer.window().size().get(1);
    List<Tensor> weights =
        List.of(
            Tensor.of(data.depthwise(), height, width, layer.channels(), layer.multiplier()),
            Tensor.of(data.pointwise(), 1, 1, layer.between(), layer.filters()),
            Tensor.of(data.bias(), layer.filters()));
    Model model =
        new Sequential(
            new SeparableConv2D(
                layer.filters(),
                layer.window().size(),
                o ->
                    o.strides(layer.window().strides())
                        .padding(layer.window().padding())
                        .dilationRate(layer.window().dilation())
                        .depthMultiplier(layer.multiplier())
                        .activation("relu")
                        .weights(weights)
                        .inputShape(layer.height(), layer.width(), layer.channels())));
    return new ModelData(model, Tensor.wrap(data.x(), data.geometry().input()));
  }

  /** The shape of the output, channels last. */
  public Shape outputShape() {
    return model.outputShape().with(0, x.shape().get(0));
  }

  /** The greatest error of all outputs, in shares of the greatest output. */
  double error(float[] y) {
    double[] expected = exact();
    double worst = y.length == expected.length ? 0 : Double.POSITIVE_INFINITY;
    double greatest = 0;
    for (int i = 0; i < Math.min(y.length, expected.length); i++) {
      worst = Math.max(worst, Math.abs(y[i] - expected[i]));
      greatest = Math.max(greatest, Math.abs(expected[i]));
    }
    return worst / greatest;
  }

  /** The output in float64: layer by layer, in the plainest way. */
  private double[] exact() {
    KerasConfig.setFloatx("float64");
    try {
      return Applications.of(model.name()).predict(x).toDoubleArray();
    } finally {
      KerasConfig.setFloatx(null);
    }
  }
}
