package sepal.ops;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Parallel;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * What normalization computes for each channel of tensors of one shape, seen as (outer, channels,
 * inner). All in double, a few thousand elements at a time, in an order that does not depend on the
 * number of threads.
 *
 * <p>Loops run over rows of {@link #width} elements, the channels of some neighbouring places or
 * places of one channel, so that the compiler turns them into SIMD for any number of channels.
 */
final class ChannelSums {
  /** Elements that are worked on at a time, so that they stay in the first-level cache. */
  private static final int PIECE = 1024;

  /** Elements that one task works on, at least. */
  private static final int TASK = 8 * PIECE;

  /** What an element costs, in multiply-adds of a product. */
  private static final long COST = 16;

  private static final int LEAST_WIDTH = 64;

  private final int channels;
  private final int inner;
  private final int width;
  private final int piece;
  private final int unit; // elements of one task
  private final int size;

  ChannelSums(Shape shape, int axis) {
    channels = shape.get(axis);
    inner = shape.slice(axis + 1, shape.rank()).size();
    size = shape.size();
    width =
        inner > 1 ? LEAST_WIDTH : (LEAST_WIDTH + channels - 1) / Math.max(1, channels) * channels;
    piece = Math.max(1, PIECE / Math.max(1, width)) * width;
    unit = inner > 1 ? inner : Math.max(1, TASK / Math.max(1, piece)) * piece;
  }

  /** Elements of one channel. */
  double count() {
    return (double) size / channels;
  }

  /**
   * @param first for each channel the sum of {@code a - shiftA}
   * @param products for each channel the sum of {@code (a - shiftA) * (b - shiftB)}
   */
  record Sums(double[] first, double[] products) {}

  Sums sums(Tensor a, double[] shiftA, Tensor b, double[] shiftB) {
    int tasks = (size + unit - 1) / unit;
    double[][] first = new double[tasks][];
    double[][] products = new double[tasks][];
    Parallel.run(
        tasks,
        COST * size,
        task -> {
          double[] as = new double[piece];
          double[] bs = a == b ? as : new double[piece];
          double[] s = new double[width];
          double[] p = new double[width];
          double[] sa = repeated(shiftA, task);
          double[] sb = repeated(shiftB, task);
          int end = Math.min(size, (task + 1) * unit);
          for (int at = task * unit; at < end; at += piece) {
            int count = Math.min(piece, end - at);
            read(a, at, count, as);
            if (a != b) {
              read(b, at, count, bs);
            }
            for (int row = 0; row < count; row += width) {
              add(as, sa, bs, sb, row, Math.min(width, count - row), s, p);
            }
          }
          first[task] = s;
          products[task] = p;
        });
    return new Sums(folded(first), folded(products));
  }

  private static void add(
      double[] a, double[] sa, double[] b, double[] sb, int at, int count, double[] s, double[] p) {
    for (int j = 0; j < count; j++) {
      double deviation = a[at + j] - sa[j];
      s[j] += deviation;
      p[j] += deviation * (b[at + j] - sb[j]);
    }
  }

  /**
   * {@code g * factorG + (x - middle) * factorX + offset}, of x's type; without g if it is null.
   */
  Tensor affine(
      @Nullable Tensor g,
      double[] factorG,
      Tensor x,
      double[] middle,
      double[] factorX,
      double[] offset) {
    Object y = x.dtype().newArray(size);
    Parallel.run(
        (size + unit - 1) / unit,
        COST * size,
        task -> {
          double[] gs = new double[piece];
          double[] xs = new double[piece];
          double[] fg = repeated(factorG, task);
          double[] m = repeated(middle, task);
          double[] fx = repeated(factorX, task);
          double[] o = repeated(offset, task);
          int end = Math.min(size, (task + 1) * unit);
          for (int at = task * unit; at < end; at += piece) {
            int count = Math.min(piece, end - at);
            if (g != null) {
              read(g, at, count, gs);
            }
            read(x, at, count, xs);
            for (int row = 0; row < count; row += width) {
              affine(gs, fg, xs, m, fx, o, row, Math.min(width, count - row));
            }
            write(xs, count, y, at);
          }
        });
    return y instanceof float[] floats
        ? Tensor.wrap(floats, x.shape())
        : Tensor.wrap((double[]) y, x.shape());
  }

  /** The result takes the place of x. */
  private static void affine(
      double[] g, double[] fg, double[] x, double[] m, double[] fx, double[] o, int at, int count) {
    for (int j = 0; j < count; j++) {
      x[at + j] = g[at + j] * fg[j] + (x[at + j] - m[j]) * fx[j] + o[j];
    }
  }

  /** What holds for the elements of a row of {@code task}. */
  private double[] repeated(double[] ofChannels, int task) {
    double[] row = new double[width];
    if (inner > 1) {
      Arrays.fill(row, ofChannels[task % channels]);
    } else {
      for (int j = 0; j < width; j += channels) {
        System.arraycopy(ofChannels, 0, row, j, channels);
      }
    }
    return row;
  }

  private double[] folded(double[][] rows) {
    double[] sums = new double[channels];
    for (int task = 0; task < rows.length; task++) {
      for (int j = 0; j < width; j++) {
        sums[inner > 1 ? task % channels : j % channels] += rows[task][j];
      }
    }
    return sums;
  }

  private static void read(Tensor from, int at, int count, double[] to) {
    if (from.dtype() == DType.FLOAT64) {
      System.arraycopy(from.doubles(), at, to, 0, count);
      return;
    }
    float[] floats = from.floats();
    for (int i = 0; i < count; i++) {
      to[i] = floats[at + i];
    }
  }

  private static void write(double[] from, int count, Object to, int at) {
    if (to instanceof float[] floats) {
      for (int i = 0; i < count; i++) {
        floats[at + i] = (float) from[i];
      }
    } else {
      System.arraycopy(from, 0, to, at, count);
    }
  }
}
