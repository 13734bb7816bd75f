package sepal.kernels;

import sepal.shape.ConvGeometry;

/** The taps of a window that do not lie on padding: where each reads the input and the weights. */
final class Taps {
  int[] inputs = new int[9];
  int[] weights = new int[9];
  int count;

  /**
   * Collects the taps of output (oy, ox).
   *
   * @param strides of the input; positions count from the image's first value
   * @param weightStep how far apart the weights of neighbouring taps lie
   */
  void collect(ConvGeometry geometry, int oy, int ox, Strides strides, int weightStep) {
    clear(geometry);
    int width = geometry.window().size().get(1);
    for (int a = 0; a < geometry.window().size().get(0); a++) {
      int iy = geometry.source(0, oy, a);
      if (iy < 0 || iy >= geometry.inputSize().get(0)) {
        continue;
      }
      for (int b = 0; b < width; b++) {
        int ix = geometry.source(1, ox, b);
        if (ix >= 0 && ix < geometry.inputSize().get(1)) {
          add(iy * strides.row() + ix * strides.column(), (a * width + b) * weightStep);
        }
      }
    }
  }

  void clear(ConvGeometry geometry) {
    clear(geometry.window().size().product());
  }

  /** Empties the list and makes room for {@code most} taps. */
  void clear(int most) {
    if (inputs.length < most) {
      inputs = new int[most];
      weights = new int[most];
    }
    count = 0;
  }

  void add(int input, int weight) {
    inputs[count] = input;
    weights[count] = weight;
    count++;
  }

  /** The first output of a row whose window begins inside the input. */
  static int firstInside(ConvGeometry geometry) {
    int ox = 0;
    while (ox < geometry.outputSize().get(1) && geometry.source(1, ox, 0) < 0) {
      ox++;
    }
    return ox;
  }

  /** One past the last output of a row whose window ends inside the input. */
  static int endInside(ConvGeometry geometry) {
    int last = geometry.window().size().get(1) - 1;
    int end = geometry.outputSize().get(1);
    while (end > 0 && geometry.source(1, end - 1, last) >= geometry.inputSize().get(1)) {
      end--;
    }
    return end;
  }
}
