package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * SIMD kernels on {@code jdk.incubator.vector}; loaded only where that module is present.
 *
 * <p>Every convolution is a walk over tiles of outputs. For each tile, one factor of a matrix
 * multiplication is made in memory that stays in the cache (the depthwise step, or a copy of the
 * inputs) and multiplied at once with the packed kernel by {@link Gemm}. Layers on channels_first
 * are computed the same way, see {@link ChannelsFirst}.
 */
final class VectorKernels implements Kernels {
  static final VectorKernels INSTANCE = new VectorKernels();

  /** Floats of a tile that share the second-level cache with a panel: 128 KB. */
  private static final int TILE = 32 * 1024;

  /** The most columns of a tile of some rows of outputs: whole micro-kernels. */
  private static final int PIECE = 2 * Gemm.ROWS;

  /** Panels of a dense layer that one task multiplies with the rows that it has copied. */
  private static final int DENSE_PANELS = 8;

  /** How much longer a multiply-add of a depthwise convolution takes than one of a product. */
  private static final int SLOWER = 4;

  /** Values of a tile of the depthwise convolution on channels_first. */
  private static final int PLANES = 4096;

  private final ScalarKernels scalar = ScalarKernels.INSTANCE;

  private VectorKernels() {}

  /** The width of the widest vectors. */
  static int bits() {
    return Gemm.SPECIES.vectorBitSize();
  }

  @Override
  public String description() {
    return "vector, " + bits() + " bits, FMA";
  }

  /** A matrix with infinite values or NaN stays plain: the scalar kernels skip taps on padding. */
  @Override
  public PackedKernel pack(float[] matrix, int rows, int columns, int groups) {
    assert matrix.length == rows * columns && columns % groups == 0;
    return isFinite(matrix)
        ? Panels.pack(matrix, rows, columns, groups)
        : scalar.pack(matrix, rows, columns, groups);
  }

  static boolean isFinite(float[] values) {
    int whole = Gemm.SPECIES.loopBound(values.length);
    return isFinite(values, whole)
        && PlainForward.isFinite(Arrays.copyOfRange(values, whole, values.length));
  }

  /** Infinity and NaN times zero are NaN, and so is every sum with it. */
  private static boolean isFinite(float[] values, int count) {
    FloatVector zero = FloatVector.zero(Gemm.SPECIES);
    FloatVector sum = zero;
    for (int i = 0; i < count; i += Gemm.LANES) {
      sum = FloatVector.fromArray(Gemm.SPECIES, values, i).fma(zero, sum);
    }
    return sum.reduceLanes(VectorOperators.ADD) == 0;
  }

  @Override
  public void separableConv2d(
      float[] x,
      int xOffset,
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    plannedSeparable(depthwise, multiplier, pointwise, bias, clamp, geometry)
        .run(x, xOffset, y, yOffset);
  }

  @Override
  public Forward plannedSeparable(
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    assert pointwise.rows == geometry.channels() * multiplier;
    assert pointwise.columns == geometry.filters() && pointwise.groups == 1;
    if (pointwise.plain) {
      return scalar.plannedSeparable(depthwise, multiplier, pointwise, bias, clamp, geometry);
    }
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      return ChannelsFirst.planned(
          geometry,
          pointwise,
          (band, threads) ->
              separableLast(depthwise, multiplier, pointwise, bias, clamp, band, threads));
    }
    int threads = Parallel.threads();
    return separableLast(depthwise, multiplier, pointwise, bias, clamp, geometry, threads);
  }

  private static Forward separableLast(
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry,
      int threads) {
    DepthwiseLast step = new DepthwiseLast(depthwise, multiplier, null, geometry);
    PackedKernel kernel =
        multiplier == 1 ? pointwise : Panels.multiplierMajor(pointwise, multiplier);
    if (step.rowsTogether() > 1 && geometry.outputSize().get(1) >= 2 * PIECE) {
      return separableByRows(step, new PixelProduct(kernel, bias, clamp), kernel, geometry);
    }
    int stride = Gemm.stride(kernel.rows);
    PixelProduct product = new PixelProduct(kernel, bias, clamp);
    return OutputTiles.planned(
        geometry,
        step.unit(),
        SLOWER * geometry.window().size().product(),
        kernel,
        threads,
        (x, xOffset, y, yOffset, from, to, first, end) -> {
          Scratch scratch = Scratch.get();
          LineMemory tile = scratch.tile((to - from) * stride);
          step.compute(x, xOffset, from, to, scratch, tile.data(), tile.start(), stride);
          int at = yOffset + from * kernel.columns;
          product.multiply(tile.data(), tile.start(), stride, to - from, 0, first, end, y, at);
        });
  }

  /** Tiles of a part of some rows of outputs, which share inputs. */
  private static Forward separableByRows(
      DepthwiseLast first, PixelProduct product, PackedKernel kernel, ConvGeometry geometry) {
    int step = Gemm.stride(kernel.rows);
    int height = geometry.outputSize().get(0);
    int width = geometry.outputSize().get(1);
    int together = first.rowsTogether();
    int down = (height + together - 1) / together;
    int across = (width + PIECE - 1) / PIECE;
    return new Shared(
        geometry.batch() * down * across,
        (long) geometry.batch() * height * width * kernel.rows * kernel.columns,
        (task, x, xOffset, y, yOffset) -> {
          int image = task / (down * across);
          int oy = task / across % down * together;
          int rows = Math.min(together, height - oy);
          int from = task % across * PIECE;
          int to = Math.min(width, from + PIECE);
          int pixels = to - from;
          Scratch scratch = Scratch.get();
          LineMemory tile = scratch.tile(rows * pixels * step);
          float[] data = tile.data();
          int start = tile.start();
          first.rows(x, xOffset, image, oy, rows, from, to, scratch, data, start, step);
          for (int r = 0; r < rows; r++) {
            int at = yOffset + ((image * height + oy + r) * width + from) * kernel.columns;
            product.multiply(data, start + r * pixels * step, step, pixels, 0, y, at);
          }
        });
  }

  @Override
  public void conv2d(
      float[] x,
      int xOffset,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    plannedConv(kernel, bias, clamp, geometry).run(x, xOffset, y, yOffset);
  }

  @Override
  public Forward plannedConv(
      PackedKernel kernel, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    assert kernel.columns == geometry.filters() && geometry.channels() % kernel.groups == 0;
    if (kernel.plain) {
      return scalar.plannedConv(kernel, bias, clamp, geometry);
    }
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      return ChannelsFirst.planned(
          geometry, kernel, (band, threads) -> convLast(kernel, bias, clamp, band, threads));
    }
    return convLast(kernel, bias, clamp, geometry, Parallel.threads());
  }

  private static Forward convLast(
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry,
      int threads) {
    if (ConvNarrow.fits(geometry, kernel)) {
      return new ConvNarrow(kernel, bias, clamp, geometry).planned();
    }
    Gather[] gathers = new Gather[kernel.groups];
    Arrays.setAll(gathers, group -> gather(geometry, kernel, group));
    int filters = geometry.filters();
    int step = Gemm.stride(kernel.rows);
    PixelProduct product = new PixelProduct(kernel, bias, clamp);
    return OutputTiles.planned(
        geometry,
        Gemm.ROWS,
        0,
        kernel,
        threads,
        (x, xOffset, y, yOffset, from, to, first, end) -> {
          LineMemory tile = Scratch.get().tile((to - from) * step);
          float[] data = tile.data();
          int start = tile.start();
          int at = yOffset + from * filters;
          for (int group = 0; group < gathers.length; group++) {
            gathers[group].rows(x, xOffset, from, to, data, start, step);
            product.multiply(data, start, step, to - from, group, first, end, y, at);
          }
        });
  }

  private static Gather gather(ConvGeometry geometry, PackedKernel kernel, int group) {
    int channels = geometry.channels() / kernel.groups;
    return new Gather(geometry, Strides.ofInput(geometry), group * channels, channels);
  }

  @Override
  public void dense(
      float[] x,
      int xOffset,
      int count,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset) {
    plannedDense(count, kernel, bias, clamp).run(x, xOffset, y, yOffset);
  }

  @Override
  public Forward plannedDense(
      int count, PackedKernel kernel, float @Nullable [] bias, Clamp clamp) {
    assert kernel.groups == 1;
    if (kernel.plain) {
      return scalar.plannedDense(count, kernel, bias, clamp);
    }
    PixelProduct product = new PixelProduct(kernel, bias, clamp);
    int depth = kernel.rows;
    int size = 4 * Gemm.ROWS;
    int tiles = (count + size - 1) / size;
    int parts = (product.panels.count() + DENSE_PANELS - 1) / DENSE_PANELS;
    return new Shared(
        parts * tiles,
        (long) count * depth * kernel.columns,
        (task, x, xOffset, y, yOffset) -> {
          int from = task % tiles * size;
          int rows = Math.min(size, count - from);
          int first = task / tiles * DENSE_PANELS;
          int end = Math.min(product.panels.count(), first + DENSE_PANELS);
          int at = xOffset + from * depth;
          int to = yOffset + from * kernel.columns;
          if (rows < Gemm.ROWS || depth > Gemm.STRIDE) {
            product.multiply(x, at, depth, rows, 0, first, end, y, to);
            return;
          }
          LineMemory tile = Scratch.get().tile(rows * Gemm.STRIDE);
          float[] data = tile.data();
          int start = tile.start();
          for (int row = 0; row < rows; row++) {
            System.arraycopy(x, at + row * depth, data, start + row * Gemm.STRIDE, depth);
          }
          product.multiply(data, start, Gemm.STRIDE, rows, 0, first, end, y, to);
        });
  }

  @Override
  public void depthwiseConv2d(
      float[] x,
      int xOffset,
      float[] kernel,
      int multiplier,
      float @Nullable [] bias,
      Clamp clamp,
      float[] y,
      int yOffset,
      ConvGeometry geometry) {
    plannedDepthwise(kernel, multiplier, bias, clamp, geometry).run(x, xOffset, y, yOffset);
  }

  @Override
  public Forward plannedDepthwise(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    assert geometry.filters() == geometry.channels() * multiplier;
    return geometry.dataFormat() == DataFormat.CHANNELS_LAST
        ? depthwiseLast(kernel, multiplier, bias, clamp, geometry)
        : depthwiseFirst(kernel, multiplier, bias, clamp, geometry);
  }

  private static Forward depthwiseLast(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    int channels = geometry.channels();
    int filters = geometry.filters();
    float[] moved =
        bias == null || multiplier == 1
            ? bias
            : DepthwiseLast.multiplierMajor(bias, channels, multiplier);
    DepthwiseLast step = new DepthwiseLast(kernel, multiplier, moved, geometry);
    int total = geometry.batch() * geometry.outputSize().product();
    int fitting = Math.max(1, TILE / 4 / filters);
    int size =
        step.unit() <= 2 * fitting ? Math.max(1, fitting / step.unit()) * step.unit() : fitting;
    return new Shared(
        (total + size - 1) / size,
        (long) total * filters * geometry.window().size().product(),
        (task, x, xOffset, y, yOffset) -> {
          int from = task * size;
          int to = Math.min(total, from + size);
          int at = yOffset + from * filters;
          Scratch scratch = Scratch.get();
          if (multiplier == 1) {
            step.compute(x, xOffset, from, to, scratch, y, at, filters);
          } else {
            LineMemory tile = scratch.tile((to - from) * filters);
            step.compute(x, xOffset, from, to, scratch, tile.data(), tile.start(), filters);
            interleave(tile, to - from, channels, multiplier, y, at);
          }
          clamp(y, at, (to - from) * filters, clamp);
        });
  }

  /** (pixels, multiplier, channels) to (pixels, channels, multiplier). */
  private static void interleave(
      LineMemory tile, int pixels, int channels, int multiplier, float[] y, int yAt) {
    int filters = channels * multiplier;
    for (int i = 0; i < pixels * multiplier; i++) {
      int m = i % multiplier;
      int to = yAt + i / multiplier * filters + m;
      for (int c = 0; c < channels; c++) {
        y[to + c * multiplier] = tile.data()[tile.start() + i * channels + c];
      }
    }
  }

  private static Forward depthwiseFirst(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    DepthwisePlanes step = new DepthwisePlanes(kernel, multiplier, bias, clamp, geometry);
    int pixels = geometry.outputSize().product();
    int pixelsPerTile = Math.min(pixels, PLANES);
    int channelsPerTile =
        Math.max(1, Math.min(geometry.channels(), PLANES / Math.max(1, pixels * multiplier)));
    int across = pixels == 0 ? 0 : (pixels + pixelsPerTile - 1) / pixelsPerTile;
    int down = (geometry.channels() + channelsPerTile - 1) / channelsPerTile;
    return new Shared(
        geometry.batch() * down * across,
        (long) geometry.batch() * pixels * geometry.filters() * geometry.window().size().product(),
        (task, x, xOffset, y, yOffset) -> {
          int image = task / (down * across);
          int first = task / across % down * channelsPerTile;
          int end = Math.min(geometry.channels(), first + channelsPerTile);
          int from = task % across * pixelsPerTile;
          int count = Math.min(pixels - from, pixelsPerTile);
          Scratch scratch = Scratch.get();
          int filters = (end - first) * multiplier;
          LineMemory tile = scratch.tile(filters * count + Gemm.LANES);
          float[] rows = tile.data();
          int start = tile.start();
          step.compute(
              x, xOffset, image, first, end, from, from + count, scratch, rows, start, count);
          clamp(rows, start, filters * count, clamp);
          int at = yOffset + (image * geometry.filters() + first * multiplier) * pixels + from;
          for (int k = 0; k < filters; k++) {
            System.arraycopy(rows, start + k * count, y, at + k * pixels, count);
          }
        });
  }

  private static void clamp(float[] values, int at, int count, Clamp clamp) {
    if (clamp == Clamp.NONE) {
      return;
    }
    if (count >= Gemm.LANES) {
      Gemm.clamp(values, at, count, clamp.low, clamp.high);
      return;
    }
    for (int i = at; i < at + count; i++) {
      values[i] = ScalarKernels.clamp(values[i], clamp);
    }
  }

  @Override
  public void maxPool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    plannedPool(true, geometry).run(x, xOffset, y, yOffset);
  }

  @Override
  public void averagePool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    plannedPool(false, geometry).run(x, xOffset, y, yOffset);
  }

  @Override
  public Forward plannedPool(boolean greatest, ConvGeometry geometry) {
    assert geometry.filters() == geometry.channels();
    Pooling pooling = new Pooling(geometry, greatest, Strides.ofInput(geometry));
    long work =
        (long) geometry.batch()
            * geometry.outputSize().product()
            * geometry.channels()
            * geometry.window().size().product();
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      return new Shared(
          geometry.batch() * geometry.channels(),
          work,
          (plane, x, xOffset, y, yOffset) ->
              pooling.planeFirst(plane, x, xOffset, y, yOffset, Scratch.get().taps));
    }
    if (geometry.channels() >= Gemm.LANES) {
      return new Shared(
          geometry.batch() * geometry.outputSize().get(0),
          work,
          (row, x, xOffset, y, yOffset) ->
              pooling.rowLast(row, x, xOffset, y, yOffset, Scratch.get().taps));
    }
    return scalar.plannedPool(greatest, geometry);
  }

  @Override
  public void scaleShift(
      float[] x,
      int xOffset,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yOffset,
      int outer,
      int channels,
      int inner) {
    ScaleShift.run(x, xOffset, scale, shift, clamp, y, yOffset, outer, channels, inner);
  }

  /** With vectors, as the compiler makes branches of Math.max where it finds them predictable. */
  @Override
  public void clamp(float[] x, int xOffset, Clamp clamp, float[] y, int yOffset, int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector v = FloatVector.fromArray(Gemm.SPECIES, x, xOffset + i);
      v.max(low).min(high).intoArray(y, yOffset + i);
    }
    scalar.clamp(x, xOffset + vectors, clamp, y, yOffset + vectors, count - vectors);
  }

  @Override
  public void add(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      Clamp clamp,
      float[] y,
      int yOffset,
      int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector v =
          FloatVector.fromArray(Gemm.SPECIES, a, aOffset + i)
              .add(FloatVector.fromArray(Gemm.SPECIES, b, bOffset + i));
      v.max(low).min(high).intoArray(y, yOffset + i);
    }
    int rest = count - vectors;
    scalar.add(a, aOffset + vectors, b, bOffset + vectors, clamp, y, yOffset + vectors, rest);
  }

  @Override
  public PackedKernel packForGradient(float[] matrix, int rows, int columns, int groups) {
    return isFinite(matrix)
        ? Panels.packTransposed(matrix, rows, columns, groups)
        : scalar.packForGradient(matrix, rows, columns, groups);
  }

  @Override
  public void separableConv2dBackward(
      float[] x,
      float[] depthwise,
      int multiplier,
      float[] pointwise,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dDepthwise,
      float @Nullable [] dPointwise,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    VectorBackward.separable(
        x,
        depthwise,
        multiplier,
        pointwise,
        y,
        clamp,
        g,
        dx,
        dDepthwise,
        dPointwise,
        dBias,
        geometry);
  }

  @Override
  public void depthwiseConv2dBackward(
      float[] x,
      float[] kernel,
      int multiplier,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    VectorBackward.depthwise(x, kernel, multiplier, y, clamp, g, dx, dKernel, dBias, geometry);
  }

  @Override
  public void conv2dBackward(
      float[] x,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias,
      ConvGeometry geometry) {
    VectorBackward.conv(x, kernel, y, clamp, g, dx, dKernel, dBias, geometry);
  }

  @Override
  public void denseBackward(
      float[] x,
      int count,
      PackedKernel kernel,
      float @Nullable [] y,
      Clamp clamp,
      float[] g,
      float @Nullable [] dx,
      float @Nullable [] dKernel,
      float @Nullable [] dBias) {
    VectorBackward.dense(x, count, kernel, y, clamp, g, dx, dKernel, dBias);
  }

  @Override
  public void maxPool2dBackward(float[] x, float[] g, float[] dx, ConvGeometry geometry) {
    PoolingBackward.max(x, g, dx, geometry);
  }

  @Override
  public void clampBackward(float[] y, Clamp clamp, float[] g, float[] dx) {
    Parallel.run(
        (dx.length + PLANES - 1) / PLANES,
        ParallelElementwise.COST * dx.length,
        task -> {
          int from = task * PLANES;
          Upstream.copy(g, y, clamp, from, Math.min(PLANES, dx.length - from), 1, dx, from, PLANES);
        });
  }

  @Override
  public void averagePool2dBackward(float[] g, float[] dx, ConvGeometry geometry) {
    PoolingBackward.average(g, dx, geometry);
  }
}
