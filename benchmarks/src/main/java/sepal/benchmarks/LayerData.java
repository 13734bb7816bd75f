package sepal.benchmarks;

import java.util.Random;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * A layer and its input, the same numbers in every process.
 *
 * @param x (batch, h, w, channels)
 * @param depthwise (kh, kw, channels, multiplier)
 * @param pointwise (channels * multiplier, filters)
 * @param bias (filters)
 * @param g the gradient by the output, for a training step: (batch, newH, newW, filters)
 */
public record LayerData(
    Workload workload,
    int batch,
    float[] x,
    float[] depthwise,
    float[] pointwise,
    float[] bias,
    float[] g) {

  /**
   * A workload that comes along.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  static Workload workload(String name) {
    return Workload.all().stream()
        .filter(known -> known.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload " + name));
  }

  /** Random numbers from -1 to 1, decided by the workload's name. */
  public static LayerData of(Workload workload, int batch) {
    Random random = new Random(workload.name().hashCode());
    ConvGeometry geometry = workload.geometry(batch, DataFormat.CHANNELS_LAST);
    int between = workload.between();
    float[] depthwise = values(random, workload.window().size().product() * between);
    float[] pointwise = values(random, between * workload.filters());
    float[] bias = values(random, workload.filters());
    float[] x = values(random, geometry.input().size());
    float[] g = values(random, geometry.output().size());
    return new LayerData(workload, batch, x, depthwise, pointwise, bias, g);
  }

  /** The same with another gradient by the output. */
  LayerData withG(float[] other) {
    return new LayerData(workload, batch, x, depthwise, pointwise, bias, other);
  }

  /** The geometry, channels last. */
  public ConvGeometry geometry() {
    return workload.geometry(batch, DataFormat.CHANNELS_LAST);
  }

  /** Random numbers from -1 to 1. */
  static float[] values(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = 2 * random.nextFloat() - 1;
    }
    return values;
  }

  /** Zeros of padding before the first row or column. */
  public int padBefore(int axis) {
    return geometry().padBefore().get(axis);
  }

  /** Zeros of padding after the last row or column; none where the last window ends earlier. */
  public int padAfter(int axis) {
    return padAfter(geometry(), axis);
  }

  /** Zeros of padding after the last row or column of a geometry. */
  public static int padAfter(ConvGeometry geometry, int axis) {
    int last = geometry.outputSize().get(axis) - 1;
    int end = geometry.source(axis, last, geometry.window().size().get(axis) - 1);
    return Math.max(0, end - geometry.inputSize().get(axis) + 1);
  }

  // ---- other layouts

  /** The input with channels first: (batch, channels, h, w). */
  public float[] xChannelsFirst() {
    return transpose(x, batch, workload.height() * workload.width(), workload.channels());
  }

  /** The depthwise kernel as most libraries want it: (channels * multiplier, 1, kh, kw). */
  public float[] depthwiseChannelsFirst() {
    return transpose(depthwise, 1, workload.window().size().product(), workload.between());
  }

  /** The pointwise kernel as most libraries want it: (filters, channels * multiplier, 1, 1). */
  public float[] pointwiseChannelsFirst() {
    return transpose(pointwise, 1, workload.between(), workload.filters());
  }

  /** The gradient by the output with channels first: (batch, filters, newH, newW). */
  public float[] gChannelsFirst() {
    return transpose(g, batch, geometry().outputSize().product(), workload.filters());
  }

  /** An input's gradient (batch, channels, h, w) with its channels last. */
  public float[] inputChannelsLast(float[] dx) {
    return transpose(dx, batch, workload.channels(), workload.height() * workload.width());
  }

  /** An output (batch, filters, newH, newW) with its channels last. */
  public float[] outputChannelsLast(float[] y) {
    return transpose(y, batch, workload.filters(), geometry().outputSize().product());
  }

  /** (count, rows, columns) to (count, columns, rows). */
  private static float[] transpose(float[] from, int count, int rows, int columns) {
    float[] to = new float[from.length];
    for (int n = 0; n < count; n++) {
      int at = n * rows * columns;
      for (int r = 0; r < rows; r++) {
        for (int c = 0; c < columns; c++) {
          to[at + c * rows + r] = from[at + r * columns + c];
        }
      }
    }
    return to;
  }
}
