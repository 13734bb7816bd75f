package sepal.activations;

import org.jspecify.annotations.Nullable;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** An activation that looks at each element alone. */
interface Elementwise extends BuiltIn {

  /** The function of one element; NaN gives NaN. */
  double valueAt(double x);

  /** The derivative; at a kink the one that Keras takes. */
  double slopeAt(double x);

  /** float32 elements are computed in double and rounded once. */
  @Override
  default Tensor apply(Tensor x) {
    checkFloating(x);
    return record(values(x), x);
  }

  @Override
  default boolean applyInPlace(float[] elements, int from, int to) {
    for (int i = from; i < to; i++) {
      elements[i] = (float) valueAt(elements[i]);
    }
    return true;
  }

  private Tensor values(Tensor x) {
    return switch (x.dtype()) {
      case FLOAT32 -> {
        float[] in = x.floats();
        float[] out = new float[in.length];
        for (int i = 0; i < in.length; i++) {
          out[i] = (float) valueAt(in[i]);
        }
        yield Tensor.wrap(out, x.shape());
      }
      default -> {
        double[] in = x.doubles();
        double[] out = new double[in.length];
        for (int i = 0; i < in.length; i++) {
          out[i] = valueAt(in[i]);
        }
        yield Tensor.wrap(out, x.shape());
      }
    };
  }

  /** Tells the tape that {@code y} are the values at {@code x}. */
  default Tensor record(Tensor y, Tensor x) {
    return Tape.record(y, (g, needed) -> new @Nullable Tensor[] {gradient(g, x)}, x);
  }

  /** {@code upstream} times the derivatives at {@code x}. */
  default Tensor gradient(Tensor upstream, Tensor x) {
    if (x.dtype() == DType.FLOAT32) {
      float[] in = x.floats();
      float[] out = upstream.floats().clone();
      for (int i = 0; i < in.length; i++) {
        out[i] = (float) (out[i] * slopeAt(in[i]));
      }
      return Tensor.wrap(out, x.shape());
    }
    double[] in = x.doubles();
    double[] out = upstream.doubles().clone();
    for (int i = 0; i < in.length; i++) {
      out[i] *= slopeAt(in[i]);
    }
    return Tensor.wrap(out, x.shape());
  }
}
