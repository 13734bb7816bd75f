package sepal.activations;

import sepal.tensor.Tensor;

/** An activation that looks at each element alone. */
interface Elementwise extends BuiltIn {

  /** The function of one element; NaN gives NaN. */
  double valueAt(double x);

  /** float32 elements are computed in double and rounded once. */
  @Override
  default Tensor apply(Tensor x) {
    checkFloating(x);
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
}
