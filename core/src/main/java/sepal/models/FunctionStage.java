package sepal.models;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.activations.Glu;
import sepal.activations.LogSoftmax;
import sepal.activations.Softmax;
import sepal.activations.Sparsemax;
import sepal.kernels.Clamp;
import sepal.kernels.ParallelElementwise;
import sepal.layers.Layer;
import sepal.shape.Shape;

/** An activation that kernels do not apply as they store. */
final class FunctionStage extends Stage {
  private final Activation function;
  private final int rank;

  FunctionStage(Layer layer, Activation function, int[] inputs, int[] outputs, int rank) {
    super(layer, inputs, outputs);
    this.function = function;
    this.rank = rank;
  }

  @Override
  boolean isSamplewise() {
    if (function instanceof Softmax softmax) {
      return Stages.neverTheFirst(softmax.axes(), rank);
    }
    return !(function instanceof LogSoftmax)
        && !(function instanceof Sparsemax)
        && !(function instanceof Glu)
        && function.getClass().getPackage() == Activations.class.getPackage();
  }

  @Override
  int[] replaceable() {
    return new int[] {0};
  }

  @Override
  List<Shape> outputShapes(List<Shape> shapes) {
    return shapes;
  }

  private boolean isLastAxis(List<Integer> axes) {
    return axes.size() == 1 && (axes.get(0) == -1 || axes.get(0) == rank - 1);
  }

  @Override
  Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
    Place x = in[0];
    Place y = out[0];
    int count = to.get(0).size();
    if (function instanceof Softmax softmax && isLastAxis(softmax.axes())) {
      return new SoftmaxRun(x, y, count, to.get(0).get(-1));
    }
    return (f, p) -> {
      int at = y.at(f);
      ParallelElementwise.clamp(x.array(f), x.at(f), Clamp.NONE, y.array(f), at, count);
      if (!function.applyInPlace(y.array(f), at, at + count)) {
        Stages.write(f, layer, function.apply(Stages.read(f, y, from.get(0))), to.get(0), y);
      }
    };
  }

  private record SoftmaxRun(Place x, Place y, int count, int group) implements Run {
    @Override
    public void run(Frame f, @Nullable Object prepared) {
      for (int i = 0; i < count; i += group) {
        softmax(x.array(f), x.at(f) + i, y.array(f), y.at(f) + i, group);
      }
    }
  }

  /** The same bits as {@link Softmax}, without memory of its own. */
  private static void softmax(float[] x, int xAt, float[] y, int yAt, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = xAt; i < xAt + count; i++) {
      max = Math.max(max, x[i]);
    }
    double sum = 0;
    for (int i = xAt; i < xAt + count; i++) {
      sum += Math.exp(x[i] - max);
    }
    for (int i = 0; i < count; i++) {
      y[yAt + i] = (float) (Math.exp(x[xAt + i] - max) / sum);
    }
  }
}
