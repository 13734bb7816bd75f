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
 * inputs) and multiplied at once with the packed kernel by {@link Gemm}. channels_last multiplies
 * pixels with the kernel, channels_first the kernel with pixels, and so does {@link ConvNarrow}.
 */
final class VectorKernels implements Kernels {
  static final VectorKernels INSTANCE = new VectorKernels();

  /** Floats of a tile that share the second-level cache with a panel: 128 KB. */
  private static final int TILE = 32 * 1024;

  /** Floats of a kernel that leaves no room for much else in the second-level cache: 1 MB. */
  private static final int LARGE_KERNEL = 256 * 1024;

  /** Floats of a tile that such a kernel is multiplied with: 640 KB. */
  private static final int LARGE_TILE = 160 * 1024;

  /** Channels of channels_first whose depthwise results stay in the first-level cache. */
  private static final int CHANNELS = 8;

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
  public PackedKernel pack(
      float[] matrix, int rows, int columns, int groups, DataFormat dataFormat) {
    assert matrix.length == rows * columns && columns % groups == 0;
    return isFinite(matrix)
        ? Panels.pack(matrix, rows, columns, groups, dataFormat)
        : scalar.pack(matrix, rows, columns, groups, dataFormat);
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
    assert pointwise.plain || pointwise.dataFormat == geometry.dataFormat();
    if (pointwise.plain) {
      return scalar.plannedSeparable(depthwise, multiplier, pointwise, bias, clamp, geometry);
    }
    if (geometry.dataFormat() == DataFormat.CHANNELS_FIRST) {
      return separableFirst(depthwise, multiplier, pointwise, bias, clamp, geometry);
    }
    DepthwiseLast step = new DepthwiseLast(depthwise, multiplier, null, geometry);
    PackedKernel kernel =
        multiplier == 1 ? pointwise : Panels.multiplierMajor(pointwise, multiplier);
    if (step.rowsTogether() > 1 && geometry.outputSize().get(1) >= 2 * PIECE) {
      return separableByRows(step, new ProductLast(kernel, bias, clamp), kernel, geometry);
    }
    int stride = Gemm.stride(kernel.rows);
    ProductLast product = new ProductLast(kernel, bias, clamp);
    return tilesLast(
        geometry,
        step.unit(),
        SLOWER * geometry.window().size().product(),
        kernel,
        (x, xOffset, y, yOffset, from, to, first, end) -> {
          Scratch scratch = Scratch.get();
          LineMemory tile = scratch.tile((to - from) * stride);
          step.compute(x, xOffset, from, to, scratch, tile.data(), tile.start(), stride);
          int at = yOffset + from * kernel.columns;
          product.multiply(tile.data(), tile.start(), stride, to - from, 0, first, end, y, at);
        });
  }

  private static Forward separableFirst(
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    DepthwisePlanes first = new DepthwisePlanes(depthwise, multiplier, null, Clamp.NONE, geometry);
    ProductFirst product = new ProductFirst(pointwise, bias, clamp, geometry);
    return tilesFirst(
        geometry,
        first.unit(),
        pointwise,
        (x, xOffset, y, yOffset, image, from, to) -> {
          Scratch scratch = Scratch.get();
          int step = Math.max(to - from, Gemm.LANES);
          LineMemory tile = scratch.tile(pointwise.rows * (step + Gemm.LANES));
          float[] rows = scratch.edge((CHANNELS * multiplier + 1) * step + Gemm.LANES);
          for (int c = 0; c < geometry.channels(); c += CHANNELS) {
            int end = Math.min(geometry.channels(), c + CHANNELS);
            first.compute(x, xOffset, image, c, end, from, to, scratch, rows, 0, step);
            int count = (end - c) * multiplier;
            PixelPanels.copy(rows, step, count, tile, c * multiplier, pointwise.rows);
          }
          product.multiply(tile, image, from, to, 0, y, yOffset);
        });
  }

  /** Tiles of a part of some rows of outputs, which share inputs. */
  private static Forward separableByRows(
      DepthwiseLast first, ProductLast product, PackedKernel kernel, ConvGeometry geometry) {
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
    assert kernel.plain || kernel.dataFormat == geometry.dataFormat();
    if (kernel.plain) {
      return scalar.plannedConv(kernel, bias, clamp, geometry);
    }
    if (ConvNarrow.fits(geometry, kernel)) {
      return new ConvNarrow(kernel, bias, clamp, geometry).planned();
    }
    Gather[] gathers = new Gather[kernel.groups];
    Arrays.setAll(gathers, group -> gather(geometry, kernel, group));
    return geometry.dataFormat() == DataFormat.CHANNELS_LAST
        ? convLast(gathers, kernel, bias, clamp, geometry)
        : convFirst(gathers, kernel, bias, clamp, geometry);
  }

  private static Forward convLast(
      Gather[] gathers,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    int filters = geometry.filters();
    int step = Gemm.stride(kernel.rows);
    ProductLast product = new ProductLast(kernel, bias, clamp);
    return tilesLast(
        geometry,
        Gemm.ROWS,
        0,
        kernel,
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

  /**
   * Gathers even for a 1x1 window: rows of pixels as far apart as a channel would fall into few
   * lines of the cache, and each is read many times.
   */
  private static Forward convFirst(
      Gather[] gathers,
      PackedKernel kernel,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    ProductFirst product = new ProductFirst(kernel, bias, clamp, geometry);
    return tilesFirst(
        geometry,
        1,
        kernel,
        (x, xOffset, y, yOffset, image, from, to) -> {
          int step = Math.max(to - from, Gemm.LANES);
          LineMemory tile = Scratch.get().tile(kernel.rows * (step + Gemm.LANES));
          for (int group = 0; group < gathers.length; group++) {
            PixelPanels.gather(gathers[group], x, xOffset, image, from, to, tile, kernel.rows);
            product.multiply(tile, image, from, to, group, y, yOffset);
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
    assert kernel.plain || kernel.dataFormat == DataFormat.CHANNELS_LAST;
    if (kernel.plain) {
      return scalar.plannedDense(count, kernel, bias, clamp);
    }
    ProductLast product = new ProductLast(kernel, bias, clamp);
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
    int row = channels * inner;
    int rows = Math.max(1, PLANES / Math.max(1, row));
    Parallel.run(
        (outer + rows - 1) / rows,
        Elementwise.COST * outer * row,
        task -> {
          int end = Math.min(outer, (task + 1) * rows);
          for (int o = task * rows; o < end; o++) {
            int from = xOffset + o * row;
            int to = yOffset + o * row;
            if (inner == 1) {
              scaleRow(x, from, scale, shift, clamp, y, to, channels);
            } else {
              for (int c = 0; c < channels; c++) {
                int at = c * inner;
                scalePlane(x, from + at, scale[c], shift[c], clamp, y, to + at, inner);
              }
            }
          }
        });
  }

  /** The tail by itself, not by overlapping: y may be x. */
  private static void scaleRow(
      float[] x,
      int xAt,
      float[] scale,
      float[] shift,
      Clamp clamp,
      float[] y,
      int yAt,
      int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector s = FloatVector.fromArray(Gemm.SPECIES, scale, i);
      FloatVector t = FloatVector.fromArray(Gemm.SPECIES, shift, i);
      FloatVector v = FloatVector.fromArray(Gemm.SPECIES, x, xAt + i).fma(s, t);
      FloatVector w = v.blend(low, v.compare(VectorOperators.LT, low));
      w.blend(high, w.compare(VectorOperators.GT, high)).intoArray(y, yAt + i);
    }
    for (int i = vectors; i < count; i++) {
      y[yAt + i] = ScalarKernels.clamp(Math.fma(x[xAt + i], scale[i], shift[i]), clamp);
    }
  }

  private static void scalePlane(
      float[] x, int xAt, float scale, float shift, Clamp clamp, float[] y, int yAt, int count) {
    int vectors = Gemm.SPECIES.loopBound(count);
    FloatVector s = FloatVector.broadcast(Gemm.SPECIES, scale);
    FloatVector t = FloatVector.broadcast(Gemm.SPECIES, shift);
    FloatVector low = FloatVector.broadcast(Gemm.SPECIES, clamp.low);
    FloatVector high = FloatVector.broadcast(Gemm.SPECIES, clamp.high);
    for (int i = 0; i < vectors; i += Gemm.LANES) {
      FloatVector v = FloatVector.fromArray(Gemm.SPECIES, x, xAt + i).fma(s, t);
      FloatVector w = v.blend(low, v.compare(VectorOperators.LT, low));
      w.blend(high, w.compare(VectorOperators.GT, high)).intoArray(y, yAt + i);
    }
    for (int i = vectors; i < count; i++) {
      y[yAt + i] = ScalarKernels.clamp(Math.fma(x[xAt + i], scale, shift), clamp);
    }
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
        Elementwise.COST * dx.length,
        task -> {
          int from = task * PLANES;
          Upstream.copy(g, y, clamp, from, Math.min(PLANES, dx.length - from), 1, dx, from, PLANES);
        });
  }

  @Override
  public void averagePool2dBackward(float[] g, float[] dx, ConvGeometry geometry) {
    PoolingBackward.average(g, dx, geometry);
  }

  private interface TileLast {
    /**
     * Outputs {@code from} to {@code to}, of them what panels {@code first} to {@code end} give.
     */
    void compute(
        float[] x, int xOffset, float[] y, int yOffset, int from, int to, int first, int end);
  }

  /**
   * Calls {@code tile} for ranges of outputs, counted over the whole batch. Where each thread would
   * get few outputs and need all of a large kernel for them, threads share the kernel instead, and
   * each repeats the first step.
   *
   * @param before what the first step costs for each of the product's inputs, in multiply-adds
   */
  private static Forward tilesLast(
      ConvGeometry geometry, int unit, int before, PackedKernel kernel, TileLast tile) {
    int total = geometry.batch() * geometry.outputSize().product();
    long work = (long) total * kernel.rows * (before + kernel.columns);
    int threads = Parallel.threads();
    boolean sharesKernel = isLarge(kernel) && total < threads * 4 * Gemm.ROWS;
    int size = tileRows(total, unit, kernel, sharesKernel ? 1 : threads);
    int tiles = (total + size - 1) / size;
    int panels = new Panels(kernel.columns / kernel.groups).count();
    int parts = sharesKernel ? Math.min(panels, (threads + tiles - 1) / tiles) : 1;
    return new Shared(
        tiles * parts,
        work,
        (task, x, xOffset, y, yOffset) -> {
          int from = task / parts * size;
          int to = Math.min(total, from + size);
          int part = task % parts;
          int first = part * panels / parts;
          int end = (part + 1) * panels / parts;
          tile.compute(x, xOffset, y, yOffset, from, to, first, end);
        });
  }

  private static boolean isLarge(PackedKernel kernel) {
    return (long) kernel.rows * kernel.columns > LARGE_KERNEL;
  }

  /**
   * Outputs of a tile: few, so that it stays in the first-level cache with what it becomes, but
   * more where the whole kernel would have to come from the third for each.
   */
  private static int fittingRows(PackedKernel kernel) {
    int few = (kernel.rows < 32 ? 8 : 4) * Gemm.ROWS;
    return isLarge(kernel) ? Math.max(few, LARGE_TILE / kernel.rows) : few;
  }

  /**
   * The same for {@code total} outputs: a multiple of {@code unit}, which the first step likes
   * best, and tiles enough for all threads.
   */
  private static int tileRows(int total, int unit, PackedKernel kernel, int threads) {
    int fitting = fittingRows(kernel);
    if (unit > 2 * fitting || total < 2 * unit * threads) {
      unit = Gemm.ROWS;
    }
    int tiles = Math.max(1, total / fitting);
    int size = sharedRows(total, tiles, unit, threads);
    int even = sharedRows(total, 1, Gemm.ROWS, threads);
    boolean isUneven = longest(total, even, threads) < longest(total, size, threads);
    return even <= 2 * fitting && isUneven ? even : size;
  }

  /** The same for {@code tiles} tiles, or as many more as the threads can share evenly. */
  private static int sharedRows(int total, int tiles, int unit, int threads) {
    int shared = roundUp(tiles, Math.min(threads, 4));
    return roundUp(Math.max(1, (total + shared - 1) / shared), unit);
  }

  /** Outputs of the thread that has most to do. */
  private static int longest(int total, int size, int threads) {
    int tiles = (total + size - 1) / size;
    return Math.min(total, (tiles + threads - 1) / threads * size);
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }

  private interface TileFirst {
    void compute(float[] x, int xOffset, float[] y, int yOffset, int image, int from, int to);
  }

  /** Calls {@code tile} for ranges of outputs of each image. */
  private static Forward tilesFirst(
      ConvGeometry geometry, int unit, PackedKernel kernel, TileFirst tile) {
    int pixels = geometry.outputSize().product();
    int size = tilePixels(pixels, unit, kernel.rows, geometry.batch());
    int rest = pixels % size;
    boolean restIsTile = rest >= Gemm.LANES || rest == pixels && rest > 0;
    int tiles = pixels / size + (restIsTile ? 1 : 0);
    return new Shared(
        geometry.batch() * tiles,
        (long) geometry.batch() * pixels * kernel.rows * kernel.columns,
        (task, x, xOffset, y, yOffset) -> {
          int from = task % tiles * size;
          int to = task % tiles == tiles - 1 ? pixels : from + size;
          tile.compute(x, xOffset, y, yOffset, task / tiles, from, to);
        });
  }

  /** Pixels of a tile on channels_first, a multiple of {@code unit} where that is not too many. */
  private static int tilePixels(int pixels, int unit, int depth, int batch) {
    int fitting = Math.max(64, Math.min(1024, 3 * TILE / depth));
    int tiles = Math.max(1, (pixels + fitting - 1) / fitting);
    if (batch % Parallel.threads() != 0) {
      tiles = roundUp(tiles, Parallel.threads());
    }
    int multiple = unit > 1 && unit <= 2 * fitting ? unit : 64;
    return roundUp(Math.max(1, (pixels + tiles - 1) / tiles), multiple);
  }

  /** Pixels times the kernel. */
  private static final class ProductLast {
    final Panels panels;
    private final PackedKernel kernel;
    private final int initColumn;
    private final boolean fetches;
    private final Gemm.Product product;

    ProductLast(PackedKernel kernel, float @Nullable [] bias, Clamp clamp) {
      this.kernel = kernel;
      panels = new Panels(kernel.columns / kernel.groups);
      fetches = isLarge(kernel);
      initColumn = bias == null ? 0 : 1;
      float[] init = bias == null ? Gemm.ZEROS : bias;
      if (bias != null && panels.columns() < Gemm.LANES) {
        init = Arrays.copyOf(bias, bias.length + Gemm.LANES);
      }
      product =
          new Gemm.Product(kernel.data, kernel.rows, init, initColumn, Gemm.low(clamp), clamp.high);
    }

    void multiply(float[] a, int aAt, int lda, int rows, int group, float[] y, int yAt) {
      multiply(a, aAt, lda, rows, group, 0, panels.count(), y, yAt);
    }

    /** Panels {@code first} to {@code end} alone. */
    void multiply(
        float[] a, int aAt, int lda, int rows, int group, int first, int end, float[] y, int yAt) {
      int wide = rows - spoiled();
      int columns = kernel.columns;
      for (int i = first; i < end; i++) {
        int bAt = kernel.start + (group * panels.totalWidth() + i * Gemm.PANEL) * kernel.rows;
        int nextAt = bAt + Gemm.PANEL * kernel.rows;
        int column = group * panels.columns() + panels.start(i);
        int initAt = column * initColumn;
        if (wide > 0) {
          int to = yAt + column;
          int width = panels.width(i);
          int next = fetches && i + 1 < end && panels.width(i + 1) > Gemm.LANES ? nextAt : -1;
          Gemm.multiply(product, wide, a, aAt, lda, bAt, initAt, y, to, columns, width, next);
        }
        if (wide < rows) {
          int narrow = Math.max(0, wide);
          int to = yAt + column + narrow * kernel.columns;
          last(a, aAt + narrow * lda, lda, rows - narrow, bAt, initAt, y, to);
        }
      }
    }

    /** Rows of a panel narrower than a vector, nothing behind which may be written. */
    private void last(
        float[] a, int aAt, int lda, int rows, int bAt, int initAt, float[] y, int yAt) {
      float[] c = Scratch.get().edge(rows * Gemm.LANES);
      Gemm.multiply(product, rows, a, aAt, lda, bAt, initAt, c, 0, Gemm.LANES, Gemm.LANES, -1);
      copyRows(c, Gemm.LANES, rows, panels.columns(), y, yAt, kernel.columns);
    }

    /**
     * How many rows at the end must not be written as whole vectors, since those would reach behind
     * the last one. What vectors of earlier rows write too much, later rows overwrite, unless there
     * are other groups' columns.
     */
    private int spoiled() {
      if (panels.columns() >= Gemm.LANES) {
        return 0;
      }
      return kernel.groups > 1 ? Integer.MAX_VALUE : (Gemm.LANES - 1) / panels.columns();
    }
  }

  /** The kernel times pixels. */
  private static final class ProductFirst {
    private final PackedKernel kernel;
    private final int pixels;
    private final Gemm.Product product;

    ProductFirst(PackedKernel kernel, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
      this.kernel = kernel;
      this.pixels = geometry.outputSize().product();
      float[] init = bias == null ? new float[kernel.columns] : bias;
      product = new Gemm.Product(kernel.data, kernel.rows, init, 0, Gemm.low(clamp), clamp.high);
    }

    void multiply(LineMemory b, int image, int from, int to, int group, float[] y, int yOffset) {
      int filters = kernel.columns / kernel.groups;
      int first = group * filters;
      int aAt = group * GemmFirst.packedRows(filters) * kernel.rows;
      boolean narrow = to - from < Gemm.LANES;
      float[] c = narrow ? Scratch.get().edge(filters * Gemm.LANES) : y;
      int ldc = narrow ? Gemm.LANES : pixels;
      int yAt = yOffset + (image * kernel.columns + first) * pixels + from;
      int count = Math.max(to - from, Gemm.LANES);
      int bAt = b.start();
      for (int at = 0; at < count; ) {
        int width = PixelPanels.width(count - at);
        int cAt = narrow ? 0 : yAt + Math.min(at, count - width);
        GemmFirst.multiply(product, filters, aAt, b.data(), bAt, first, c, cAt, ldc, width);
        bAt += kernel.rows * Panels.wholeVectors(width);
        at += width;
      }
      if (narrow) {
        copyRows(c, Gemm.LANES, filters, to - from, y, yAt, pixels);
      }
    }
  }

  private static void copyRows(
      float[] from, int fromStep, int rows, int count, float[] to, int toAt, int toStep) {
    for (int row = 0; row < rows; row++) {
      System.arraycopy(from, row * fromStep, to, toAt + row * toStep, count);
    }
  }
}
