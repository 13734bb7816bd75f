package sepal.ops;

import java.util.Arrays;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/** Images of another size: first the rows are mixed, then the pixels of the mixed row. */
final class ResizeOp {
  private ResizeOp() {}

  static Tensor forward(
      Tensor x, Shape output, DataFormat dataFormat, Interpolation interpolation) {
    if (x.shape().rank() == 5) {
      return Volumes.resize(x, output, dataFormat, interpolation);
    }
    return Tape.record(
        compute(x, output, dataFormat, interpolation),
        (g, needed) -> new Tensor[] {backward(x, g, dataFormat, interpolation)},
        x);
  }

  /** Gives every pixel back what it was mixed into, in the reverse order. */
  private static Tensor backward(
      Tensor x, Tensor upstream, DataFormat dataFormat, Interpolation interpolation) {
    Images from = Images.of(x.shape(), dataFormat);
    Images to = Images.of(upstream.shape(), dataFormat);
    Taps rows = Taps.of(interpolation, from.height(), to.height());
    Taps columns = Taps.of(interpolation, from.width(), to.width());
    double[] g = upstream.toDoubleArray();
    double[] dx = new double[x.size()];
    double[] mixed = new double[from.rowLength()];
    for (int row = 0; row < to.planes() * to.height(); row++) {
      int plane = row / to.height();
      Arrays.fill(mixed, 0);
      for (int column = 0; column < to.width(); column++) {
        int at = row * to.rowLength() + column * to.depth();
        for (int tap = 0; tap < columns.count; tap++) {
          int place = columns.place(column, tap);
          int start = columns.index[place] * from.depth();
          add(columns.weight[place], g, at, mixed, start, to.depth());
        }
      }
      for (int tap = 0; tap < rows.count; tap++) {
        int place = rows.place(row % to.height(), tap);
        int start = (plane * from.height() + rows.index[place]) * from.rowLength();
        add(rows.weight[place], mixed, 0, dx, start, mixed.length);
      }
    }
    return Tensor.wrap(dx, x.shape()).cast(x.dtype());
  }

  private static Tensor compute(
      Tensor x, Shape output, DataFormat dataFormat, Interpolation interpolation) {
    Images from = Images.of(x.shape(), dataFormat);
    Images to = Images.of(output, dataFormat);
    Taps rows = Taps.of(interpolation, from.height(), to.height());
    Taps columns = Taps.of(interpolation, from.width(), to.width());
    if (x.dtype() == DType.FLOAT32) {
      float[] y = new float[output.size()];
      float[] mixed = new float[from.rowLength()];
      for (int row = 0; row < to.planes() * to.height(); row++) {
        int plane = row / to.height();
        Arrays.fill(mixed, 0);
        for (int tap = 0; tap < rows.count; tap++) {
          int place = rows.place(row % to.height(), tap);
          int start = (plane * from.height() + rows.index[place]) * from.rowLength();
          add((float) rows.weight[place], x.floats(), start, mixed, 0, mixed.length);
        }
        for (int column = 0; column < to.width(); column++) {
          int at = row * to.rowLength() + column * to.depth();
          for (int tap = 0; tap < columns.count; tap++) {
            int place = columns.place(column, tap);
            int start = columns.index[place] * from.depth();
            add((float) columns.weight[place], mixed, start, y, at, to.depth());
          }
        }
      }
      return Tensor.wrap(y, output);
    }
    double[] y = new double[output.size()];
    double[] mixed = new double[from.rowLength()];
    for (int row = 0; row < to.planes() * to.height(); row++) {
      int plane = row / to.height();
      Arrays.fill(mixed, 0);
      for (int tap = 0; tap < rows.count; tap++) {
        int place = rows.place(row % to.height(), tap);
        int start = (plane * from.height() + rows.index[place]) * from.rowLength();
        add(rows.weight[place], x.doubles(), start, mixed, 0, mixed.length);
      }
      for (int column = 0; column < to.width(); column++) {
        int at = row * to.rowLength() + column * to.depth();
        for (int tap = 0; tap < columns.count; tap++) {
          int place = columns.place(column, tap);
          int start = columns.index[place] * from.depth();
          add(columns.weight[place], mixed, start, y, at, to.depth());
        }
      }
    }
    return Tensor.wrap(y, output);
  }

  private static void add(float weight, float[] x, int from, float[] y, int at, int n) {
    if (weight == 0) {
      return; // so that 0 times infinity does not matter
    }
    for (int i = 0; i < n; i++) {
      y[at + i] += weight * x[from + i];
    }
  }

  private static void add(double weight, double[] x, int from, double[] y, int at, int n) {
    if (weight == 0) {
      return;
    }
    for (int i = 0; i < n; i++) {
      y[at + i] += weight * x[from + i];
    }
  }

  /**
   * For each place of a line of pixels, the pixels it comes from and their weights, which sum to 1.
   */
  private static final class Taps {
    final int count;
    final int[] index;
    final double[] weight;

    private Taps(int count, int length) {
      this.count = count;
      this.index = new int[count * length];
      this.weight = new double[count * length];
    }

    int place(int pixel, int tap) {
      return pixel * count + tap;
    }

    static Taps of(Interpolation interpolation, int from, int to) {
      Taps taps = new Taps(interpolation.taps, to);
      for (int pixel = 0; pixel < to; pixel++) {
        double centre = (pixel + 0.5) * from / to - 0.5;
        int first = (int) Math.floor(centre - taps.count / 2.0) + 1;
        double sum = 0;
        for (int tap = 0; tap < taps.count; tap++) {
          int place = taps.place(pixel, tap);
          int at = first + tap;
          taps.index[place] = Math.min(Math.max(at, 0), from - 1);
          if (at == taps.index[place] || interpolation == Interpolation.BICUBIC) {
            taps.weight[place] = interpolation.weight(Math.abs(centre - at));
            sum += taps.weight[place];
          }
        }
        for (int tap = 0; tap < taps.count; tap++) {
          taps.weight[taps.place(pixel, tap)] /= sum;
        }
      }
      return taps;
    }
  }
}
