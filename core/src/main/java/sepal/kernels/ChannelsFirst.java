package sepal.kernels;

import java.util.Arrays;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * A convolution on channels_first, computed as on channels_last: the inputs of a band, some rows of
 * outputs or some images, are transposed to memory that stays in the cache, and its outputs back.
 * Bands are as large as fits, since memory is quickest where each channel is read and written in
 * long runs.
 */
final class ChannelsFirst {
  /** Inputs and outputs of a band: 768 KB. */
  private static final int FITTING = 192 * 1024;

  /** With fewer outputs threads share the kernel of a band instead. */
  private static final int FEW = 4 * Gemm.ROWS;

  /** How a band is computed on channels_last. */
  interface Last {
    /**
     * @param threads that may share the work
     */
    Forward planned(ConvGeometry band, int threads);
  }

  /**
   * What is computed together.
   *
   * @param input the first pixel that is read
   * @param inputs pixels of each image that are read
   * @param output the first pixel that is computed
   * @param outputs pixels of each image that are computed
   */
  private record Band(int input, int inputs, int output, int outputs, Forward last) {}

  private final ConvGeometry geometry;

  /** Images of a band. */
  private final int images;

  /** Rows of outputs of a band. */
  private final int rows;

  /** The bands of an image, or of {@code images} images. */
  private final Band[] bands;

  /** The band of the last images, which may be fewer. */
  private final Band rest;

  /**
   * @param outputs with which a thread makes good use of the kernel
   */
  private ChannelsFirst(ConvGeometry geometry, int outputs, Last last) {
    this.geometry = geometry;
    int threads = Parallel.threads();
    int batch = geometry.batch();
    int height = geometry.outputSize().get(0);
    int pixels = geometry.outputSize().product();
    int row = (geometry.input().size() + geometry.output().size()) / (batch * height);
    int fitting = Math.max(1, Math.max(FITTING / row, outputs * height / pixels));
    int parts = (height + fitting - 1) / fitting;
    if (batch % threads > 0 && (parts > 1 || batch * pixels >= threads * FEW)) {
      parts = OutputTiles.roundUp(parts, threads);
    }
    rows = (height + parts - 1) / parts;
    bands = new Band[(height + rows - 1) / rows];
    int together = Math.max(1, fitting / height);
    int groups = OutputTiles.roundUp((batch + together - 1) / together, threads);
    images = bands.length > 1 ? 1 : (batch + groups - 1) / groups;
    int inside = tasks() == 1 ? threads : 1;
    Arrays.setAll(bands, i -> band(i, images, inside, last));
    rest = batch % images == 0 ? bands[0] : band(0, batch % images, inside, last);
  }

  /** Plans a convolution with what {@code kernel} packs. */
  static Forward planned(ConvGeometry geometry, PackedKernel kernel, Last last) {
    if (geometry.output().size() == 0) {
      return (x, xOffset, y, yOffset) -> {};
    }
    ChannelsFirst plan = new ChannelsFirst(geometry, OutputTiles.fittingRows(kernel), last);
    long pixels = (long) geometry.batch() * geometry.outputSize().product();
    return new Shared(plan.tasks(), pixels * kernel.rows * kernel.columns, plan::compute);
  }

  private int tasks() {
    return (geometry.batch() + images - 1) / images * bands.length;
  }

  private Band band(int index, int images, int threads, Last last) {
    int from = index * rows;
    int to = Math.min(geometry.outputSize().get(0), from + rows);
    ConvGeometry band = geometry.rows(from, to).withBatch(images).with(DataFormat.CHANNELS_LAST);
    return new Band(
        geometry.firstRow(from) * geometry.inputSize().get(1),
        band.inputSize().product(),
        from * geometry.outputSize().get(1),
        band.outputSize().product(),
        last.planned(band, threads));
  }

  private void compute(int task, float[] x, int xOffset, float[] y, int yOffset) {
    int first = task / bands.length * images;
    int count = Math.min(images, geometry.batch() - first);
    Band band = count < images ? rest : bands[task % bands.length];
    int channels = geometry.channels();
    int plane = geometry.inputSize().product();
    int inputs = band.inputs * channels;
    int filters = geometry.filters();
    int newPlane = geometry.outputSize().product();
    int outputs = band.outputs * filters;
    int size = Panels.wholeVectors(count * inputs);
    LineMemory memory = Scratch.get().band(size + count * outputs);
    float[] values = memory.data();
    int in = memory.start();
    int out = in + size;
    for (int i = 0; i < count; i++) {
      int from = xOffset + (first + i) * channels * plane + band.input;
      Transpose.toPixels(x, from, plane, channels, band.inputs, values, in + i * inputs);
    }
    band.last.run(values, in, values, out);
    for (int i = 0; i < count; i++) {
      int to = yOffset + (first + i) * filters * newPlane + band.output;
      Transpose.toPlanes(values, out + i * outputs, band.outputs, filters, y, to, newPlane);
    }
  }
}
