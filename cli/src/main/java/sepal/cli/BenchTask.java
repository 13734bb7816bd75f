package sepal.cli;

import java.util.List;
import java.util.Random;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.kernels.Workload;
import sepal.models.Model;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What is timed. */
final class BenchTask {
  private static final long SEED = 1;

  private BenchTask() {}

  /** A layer with bias and ReLU, weights packed, from one array to another: no allocation. */
  static Runnable of(Workload workload, int batch, DataFormat dataFormat) {
    KernelChoice.skipFirstCalls();
    Kernels kernels = KernelChoice.kernels();
    ConvGeometry geometry = workload.geometry(batch, dataFormat);
    Random random = new Random(SEED);
    float[] x = values(random, geometry.input().size());
    float[] y = new float[geometry.output().size()];
    int between = workload.between();
    float[] depthwise = values(random, geometry.window().size().product() * between);
    PackedKernel pointwise =
        kernels.pack(values(random, between * workload.filters()), between, workload.filters(), 1);
    float[] bias = values(random, workload.filters());
    int multiplier = workload.multiplier();
    return () ->
        kernels.separableConv2d(
            x, 0, depthwise, multiplier, pointwise, bias, Clamp.RELU, y, 0, geometry);
  }

  /** A prediction for inputs of random numbers. */
  static Runnable of(Model model, int batch) {
    KernelChoice.skipFirstCalls();
    Random random = new Random(SEED);
    List<Tensor> inputs =
        model.inputs().stream()
            .map(
                input -> {
                  Shape shape = input.shape().with(0, batch);
                  return Tensor.wrap(values(random, shape.size()), shape).cast(input.dtype());
                })
            .toList();
    return () -> model.predict(inputs, batch);
  }

  private static float[] values(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }
}
