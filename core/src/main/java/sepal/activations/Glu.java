package sepal.activations;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.AxisGroups;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * A gated linear unit: the first half along the axis times the sigmoid of the second. The output
 * has half the size on that axis.
 *
 * @param axis the axis that is halved, the last unless given
 */
public record Glu(int axis) implements BuiltIn {
  /** With Keras' defaults. */
  public Glu() {
    this(-1);
  }

  /**
   * @throws IllegalArgumentException if {@code x} lacks the axis or its size is odd
   */
  @Override
  public Tensor apply(Tensor x) {
    checkFloating(x);
    AxisGroups in = AxisGroups.of("activation glu", x.shape(), List.of(axis));
    if (in.length() % 2 != 0) {
      throw Problem.in("activation glu", "the axis cannot be halved")
          .got("size " + in.length() + " on axis " + axis + " of " + x.shape())
          .expected("an even size")
          .asInvalidArgument();
    }
    int half = in.length() / 2;
    Shape shape = x.shape().with(axis, half);
    AxisGroups out = AxisGroups.of("activation glu", shape, List.of(axis));
    double[] values = new double[shape.size()];
    for (int group = 0; group < out.count(); group++) {
      for (int i = 0; i < half; i++) {
        double gate = Smooth.sigmoid(x.get(in.index(group, i + half)));
        values[out.index(group, i)] = x.get(in.index(group, i)) * gate;
      }
    }
    return Tape.record(
        Tensor.wrap(values, shape).cast(x.dtype()),
        (g, needed) -> new @Nullable Tensor[] {gradient(g, x, in, out)},
        x);
  }

  private static Tensor gradient(Tensor upstream, Tensor x, AxisGroups in, AxisGroups out) {
    double[] gradient = new double[x.size()];
    for (int group = 0; group < out.count(); group++) {
      for (int i = 0; i < out.length(); i++) {
        int value = in.index(group, i);
        int gate = in.index(group, i + out.length());
        double g = upstream.get(out.index(group, i));
        gradient[value] = g * Smooth.sigmoid(x.get(gate));
        gradient[gate] = g * x.get(value) * Smooth.sigmoidSlope(x.get(gate));
      }
    }
    return Tensor.wrap(gradient, x.shape()).cast(x.dtype());
  }

  @Override
  public @Nullable String functionName() {
    return axis == -1 ? "glu" : null;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of("axis", axis);
  }
}
