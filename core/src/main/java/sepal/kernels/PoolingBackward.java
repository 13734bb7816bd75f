package sepal.kernels;

import java.util.Arrays;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/** The gradients of pooling, in either data format; an image's or a plane's is one task. */
final class PoolingBackward {
  /** Channels of a task: enough to use whole cache lines. */
  private static final int BLOCK = 64;

  private PoolingBackward() {}

  /** To the first of the greatest values under each window. */
  static void max(float[] x, float[] g, float[] dx, ConvGeometry geometry) {
    forEachWindow(
        geometry,
        (taps, from, to, channels, best) -> {
          Arrays.fill(best, 0, channels, from + taps.inputs[0]);
          for (int t = 1; t < taps.count; t++) {
            greater(x, from + taps.inputs[t], channels, best);
          }
          for (int c = 0; c < channels; c++) {
            dx[best[c] + c] += g[to + c];
          }
        });
  }

  /** Places, less the channel, of the greater of what was found and what lies at {@code at}. */
  private static void greater(float[] x, int at, int channels, int[] best) {
    for (int c = 0; c < channels; c++) {
      best[c] = x[at + c] > x[best[c] + c] ? at : best[c];
    }
  }

  /** In equal parts to all values under each window. */
  static void average(float[] g, float[] dx, ConvGeometry geometry) {
    forEachWindow(
        geometry,
        (taps, from, to, channels, best) -> {
          for (int t = 0; t < taps.count; t++) {
            addPart(g, to, taps.count, dx, from + taps.inputs[t], channels);
          }
        });
  }

  private static void addPart(float[] g, int at, int count, float[] dx, int to, int channels) {
    for (int c = 0; c < channels; c++) {
      dx[to + c] += g[at + c] / count;
    }
  }

  private interface Visit {
    /**
     * @param from where the image's first value of the first channel lies
     * @param to where the window's first output lies
     * @param channels how many neighbouring channels to visit
     * @param best room for as many numbers
     */
    void window(Taps taps, int from, int to, int channels, int[] best);
  }

  private static void forEachWindow(ConvGeometry geometry, Visit visit) {
    assert geometry.filters() == geometry.channels();
    Strides in = Strides.ofInput(geometry);
    Strides out = Strides.ofOutput(geometry);
    boolean last = geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    int block = last ? BLOCK : 1;
    int blocks = (geometry.channels() + block - 1) / block;
    Parallel.run(
        geometry.batch() * blocks,
        8L * geometry.output().size() * geometry.window().size().product(),
        task -> {
          int first = task % blocks * block;
          int channels = Math.min(block, geometry.channels() - first);
          int from = task / blocks * in.image() + first * in.channel();
          int to = task / blocks * out.image() + first * out.channel();
          int[] best = new int[channels];
          Taps taps = new Taps();
          for (int oy = 0; oy < geometry.outputSize().get(0); oy++) {
            for (int ox = 0; ox < geometry.outputSize().get(1); ox++) {
              taps.collect(geometry, oy, ox, in, 0);
              int at = to + oy * out.row() + ox * out.column();
              visit.window(taps, from, at, channels, best);
            }
          }
        });
  }
}
