package sepal.kernels;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;

/**
 * The vector kernels, preceded by {@link PlainForward} as long as a process is young: until they
 * are compiled, vector kernels take a hundred times longer than plain loops, and compiling them
 * takes half a second and much memory, which a process that computes little never gets back. Both
 * give the same bits, so nobody sees the switch.
 *
 * <p>Plain loops compute until they have done some work. Then a thread in the background runs the
 * vector kernels, on zeros, for all geometries that were seen, until they are faster. From then on
 * the vector kernels compute. Gradients have no plain loops: whoever trains gets vectors at once.
 */
final class WarmingKernels implements Kernels {
  /** Multiply-adds of the plain loops after which vectors will pay: about 50 ms. */
  private static final long ENOUGH = 300_000_000;

  /** What a call counts at least, so that many small ones are enough, too. */
  private static final long CALL = 300_000;

  /** How long one geometry may take to become fast, in nanoseconds. */
  private static final long PATIENCE = 3_000_000_000L;

  private final Supplier<Kernels> chosen;
  private final long enough;
  private final AtomicLong work = new AtomicLong();
  private final AtomicBoolean started = new AtomicBoolean();
  private final Map<Call, Seen> calls = new ConcurrentHashMap<>();
  private volatile @Nullable Kernels vector;
  private volatile boolean warm;

  /** What decides which code of the vector kernels runs. */
  private record Call(String method, @Nullable ConvGeometry geometry, int a, int b, int c) {}

  /** A call that was computed by plain loops. */
  private static final class Seen {
    final Runnable vectors;
    volatile long plainNanos = Long.MAX_VALUE;
    boolean fast;

    Seen(Runnable vectors) {
      this.vectors = vectors;
    }
  }

  /**
   * @param chosen makes the kernels that follow; loading their classes takes long, too, so they are
   *     asked for late
   */
  WarmingKernels(Supplier<Kernels> chosen) {
    this(chosen, ENOUGH);
  }

  /**
   * @param enough multiply-adds after which the vector kernels are warmed up
   */
  WarmingKernels(Supplier<Kernels> chosen, long enough) {
    this.chosen = chosen;
    this.enough = enough;
  }

  @Override
  public String description() {
    return vector().description();
  }

  /** The kernels that follow. */
  private Kernels vector() {
    Kernels kernels = vector;
    return kernels != null ? kernels : makeVector();
  }

  private synchronized Kernels makeVector() {
    Kernels kernels = vector;
    if (kernels == null) {
      kernels = chosen.get();
      vector = kernels;
    }
    return kernels;
  }

  /** Lets the kernels that follow compute from now on, and returns them. */
  Kernels skip() {
    Kernels kernels = vector();
    if (!warm && kernels instanceof VectorKernels) {
      warm = true;
      calls.clear();
    }
    return kernels;
  }

  boolean isWarm() {
    return warm;
  }

  /** Keeps the matrix as it is; laid out when the vector kernels need it. */
  @Override
  public PackedKernel pack(float[] matrix, int rows, int columns, int groups) {
    if (warm || !PlainForward.isFinite(matrix)) {
      return vector().pack(matrix, rows, columns, groups);
    }
    PackedKernel packed = new PackedKernel(new float[0], rows, columns, groups, true);
    packed.matrix = matrix.clone();
    return packed;
  }

  private PackedKernel laidOut(PackedKernel packed) {
    PackedKernel laidOut = packed.laidOut;
    if (laidOut != null && !(warm && packed.matrix != null)) {
      return laidOut;
    }
    synchronized (packed) {
      float[] matrix = packed.matrix;
      laidOut = packed.laidOut;
      if (laidOut == null) {
        if (matrix == null) {
          return packed;
        }
        laidOut = vector().pack(matrix, packed.rows, packed.columns, packed.groups);
        packed.laidOut = laidOut;
      }
      if (warm) {
        packed.matrix = null;
      }
      return laidOut;
    }
  }

  /** Whether the plain loops, with this call, have done enough to note it. */
  private boolean isEnough(long multiplyAdds) {
    return work.addAndGet(Math.max(CALL, multiplyAdds)) >= enough;
  }

  /** Notes a call that the plain loops have computed. */
  private void note(Call call, Runnable vectors, long begin) {
    long nanos = System.nanoTime() - begin;
    Seen seen = calls.computeIfAbsent(call, c -> new Seen(vectors));
    seen.plainNanos = Math.min(seen.plainNanos, nanos);
    if (started.compareAndSet(false, true)) {
      Thread thread = new Thread(() -> Parallel.alone(this::warmUp), "sepal-warm-up");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void warmUp() {
    if (!(vector() instanceof VectorKernels)) {
      return; // others are not faster, and round otherwise
    }
    try {
      boolean more = true;
      while (more && !warm) {
        more = false;
        for (Seen seen : calls.values()) {
          if (!seen.fast) {
            becomeFast(seen);
            seen.fast = true;
            more = true;
          }
        }
      }
    } finally {
      warm = true;
      calls.clear();
    }
  }

  /** Until vectors are faster than plain loops and get no faster any more. */
  private void becomeFast(Seen seen) {
    long begin = System.nanoTime();
    long best = Long.MAX_VALUE;
    int steady = 0;
    while (!warm && steady < 20 && System.nanoTime() - begin < PATIENCE) {
      long from = System.nanoTime();
      seen.vectors.run();
      long nanos = System.nanoTime() - from;
      boolean faster = nanos < seen.plainNanos && nanos > best - best / 4;
      steady = faster ? steady + (nanos < seen.plainNanos / 2 ? 5 : 1) : 0;
      best = Math.min(best, nanos);
    }
  }

  /** Plans for the vector kernels once they are warm. */
  private abstract class Planned implements Forward {
    private volatile @Nullable Forward known;

    abstract void plain(float[] x, int xOffset, float[] y, int yOffset);

    abstract Forward vectors();

    @Override
    public final void run(float[] x, int xOffset, float[] y, int yOffset) {
      if (!warm) {
        plain(x, xOffset, y, yOffset);
        return;
      }
      Forward forward = known;
      if (forward == null) {
        forward = vectors();
        known = forward;
      }
      forward.run(x, xOffset, y, yOffset);
    }
  }

  @Override
  public Forward plannedSeparable(
      float[] depthwise,
      int multiplier,
      PackedKernel pointwise,
      float @Nullable [] bias,
      Clamp clamp,
      ConvGeometry geometry) {
    return new Planned() {
      @Override
      void plain(float[] x, int xOffset, float[] y, int yOffset) {
        separableConv2d(
            x, xOffset, depthwise, multiplier, pointwise, bias, clamp, y, yOffset, geometry);
      }

      @Override
      Forward vectors() {
        return vector()
            .plannedSeparable(depthwise, multiplier, laidOut(pointwise), bias, clamp, geometry);
      }
    };
  }

  @Override
  public Forward plannedDepthwise(
      float[] kernel, int multiplier, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    return new Planned() {
      @Override
      void plain(float[] x, int xOffset, float[] y, int yOffset) {
        depthwiseConv2d(x, xOffset, kernel, multiplier, bias, clamp, y, yOffset, geometry);
      }

      @Override
      Forward vectors() {
        return vector().plannedDepthwise(kernel, multiplier, bias, clamp, geometry);
      }
    };
  }

  @Override
  public Forward plannedConv(
      PackedKernel kernel, float @Nullable [] bias, Clamp clamp, ConvGeometry geometry) {
    return new Planned() {
      @Override
      void plain(float[] x, int xOffset, float[] y, int yOffset) {
        conv2d(x, xOffset, kernel, bias, clamp, y, yOffset, geometry);
      }

      @Override
      Forward vectors() {
        return vector().plannedConv(laidOut(kernel), bias, clamp, geometry);
      }
    };
  }

  @Override
  public Forward plannedDense(
      int count, PackedKernel kernel, float @Nullable [] bias, Clamp clamp) {
    return new Planned() {
      @Override
      void plain(float[] x, int xOffset, float[] y, int yOffset) {
        dense(x, xOffset, count, kernel, bias, clamp, y, yOffset);
      }

      @Override
      Forward vectors() {
        return vector().plannedDense(count, laidOut(kernel), bias, clamp);
      }
    };
  }

  @Override
  public Forward plannedPool(boolean greatest, ConvGeometry geometry) {
    return new Planned() {
      @Override
      void plain(float[] x, int xOffset, float[] y, int yOffset) {
        if (greatest) {
          maxPool2d(x, xOffset, y, yOffset, geometry);
        } else {
          averagePool2d(x, xOffset, y, yOffset, geometry);
        }
      }

      @Override
      Forward vectors() {
        return vector().plannedPool(greatest, geometry);
      }
    };
  }

  private static long multiplyAdds(ConvGeometry geometry, int depth) {
    return (long) geometry.batch() * geometry.outputSize().product() * geometry.filters() * depth;
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
    float[] matrix = pointwise.matrix;
    if (warm || matrix == null || !PlainForward.isFinite(depthwise)) {
      PackedKernel laidOut = laidOut(pointwise);
      vector()
          .separableConv2d(
              x, xOffset, depthwise, multiplier, laidOut, bias, clamp, y, yOffset, geometry);
      return;
    }
    long begin = System.nanoTime();
    PlainForward.separable(
        x, xOffset, depthwise, multiplier, matrix, bias, clamp, y, yOffset, geometry);
    if (isEnough(multiplyAdds(geometry, pointwise.rows))) {
      ConvGeometry one = geometry.withBatch(Math.min(1, geometry.batch()));
      note(
          new Call("separableConv2d", geometry, multiplier, 1, clamp.ordinal()),
          () ->
              vector()
                  .separableConv2d(
                      new float[one.input().size()],
                      0,
                      depthwise,
                      multiplier,
                      laidOut(pointwise),
                      bias,
                      clamp,
                      new float[one.output().size()],
                      0,
                      one),
          begin);
    }
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
    if (warm || !PlainForward.isFinite(kernel)) {
      vector().depthwiseConv2d(x, xOffset, kernel, multiplier, bias, clamp, y, yOffset, geometry);
      return;
    }
    long begin = System.nanoTime();
    PlainForward.depthwise(x, xOffset, kernel, multiplier, bias, clamp, y, yOffset, geometry);
    if (isEnough(multiplyAdds(geometry, geometry.window().size().product()))) {
      ConvGeometry one = geometry.withBatch(Math.min(1, geometry.batch()));
      note(
          new Call("depthwiseConv2d", geometry, multiplier, 1, clamp.ordinal()),
          () ->
              vector()
                  .depthwiseConv2d(
                      new float[one.input().size()],
                      0,
                      kernel,
                      multiplier,
                      bias,
                      clamp,
                      new float[one.output().size()],
                      0,
                      one),
          begin);
    }
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
    float[] matrix = kernel.matrix;
    if (warm || matrix == null) {
      vector().conv2d(x, xOffset, laidOut(kernel), bias, clamp, y, yOffset, geometry);
      return;
    }
    long begin = System.nanoTime();
    PlainForward.conv(x, xOffset, matrix, kernel.groups, bias, clamp, y, yOffset, geometry);
    if (isEnough(multiplyAdds(geometry, kernel.rows))) {
      ConvGeometry one = geometry.withBatch(Math.min(1, geometry.batch()));
      note(
          new Call("conv2d", geometry, 1, kernel.groups, clamp.ordinal()),
          () ->
              vector()
                  .conv2d(
                      new float[one.input().size()],
                      0,
                      laidOut(kernel),
                      bias,
                      clamp,
                      new float[one.output().size()],
                      0,
                      one),
          begin);
    }
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
    float[] matrix = kernel.matrix;
    if (warm || matrix == null) {
      vector().dense(x, xOffset, count, laidOut(kernel), bias, clamp, y, yOffset);
      return;
    }
    long begin = System.nanoTime();
    PlainForward.dense(
        x, xOffset, count, matrix, kernel.rows, kernel.columns, bias, clamp, y, yOffset);
    if (isEnough((long) count * kernel.rows * kernel.columns)) {
      note(
          new Call("dense", null, count, kernel.rows, kernel.columns),
          () ->
              vector()
                  .dense(
                      new float[count * kernel.rows],
                      0,
                      count,
                      laidOut(kernel),
                      bias,
                      clamp,
                      new float[count * kernel.columns],
                      0),
          begin);
    }
  }

  @Override
  public void maxPool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    if (warm) {
      vector().maxPool2d(x, xOffset, y, yOffset, geometry);
      return;
    }
    long begin = System.nanoTime();
    if (geometry.dataFormat() == DataFormat.CHANNELS_LAST) {
      PlainForward.pool(x, xOffset, y, yOffset, geometry, true);
    } else {
      ScalarKernels.INSTANCE.maxPool2d(x, xOffset, y, yOffset, geometry);
    }
    if (isEnough(multiplyAdds(geometry, geometry.window().size().product()))) {
      ConvGeometry one = geometry.withBatch(Math.min(1, geometry.batch()));
      note(
          new Call("maxPool2d", geometry, 1, 1, 1),
          () ->
              vector()
                  .maxPool2d(
                      new float[one.input().size()], 0, new float[one.output().size()], 0, one),
          begin);
    }
  }

  @Override
  public void averagePool2d(float[] x, int xOffset, float[] y, int yOffset, ConvGeometry geometry) {
    if (warm) {
      vector().averagePool2d(x, xOffset, y, yOffset, geometry);
      return;
    }
    long begin = System.nanoTime();
    if (geometry.dataFormat() == DataFormat.CHANNELS_LAST) {
      PlainForward.pool(x, xOffset, y, yOffset, geometry, false);
    } else {
      ScalarKernels.INSTANCE.averagePool2d(x, xOffset, y, yOffset, geometry);
    }
    if (isEnough(multiplyAdds(geometry, geometry.window().size().product()))) {
      ConvGeometry one = geometry.withBatch(Math.min(1, geometry.batch()));
      note(
          new Call("averagePool2d", geometry, 1, 1, 1),
          () ->
              vector()
                  .averagePool2d(
                      new float[one.input().size()], 0, new float[one.output().size()], 0, one),
          begin);
    }
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
    if (warm) {
      vector().scaleShift(x, xOffset, scale, shift, clamp, y, yOffset, outer, channels, inner);
      return;
    }
    long begin = System.nanoTime();
    PlainForward.scaleShift(x, xOffset, scale, shift, clamp, y, yOffset, outer, channels, inner);
    int size = outer * channels * inner;
    if (isEnough(size)) {
      note(
          new Call("scaleShift", null, outer, channels, inner),
          () -> {
            float[] z = new float[size];
            vector().scaleShift(z, 0, scale, shift, clamp, z, 0, outer, channels, inner);
          },
          begin);
    }
  }

  @Override
  public void clamp(float[] x, int xOffset, Clamp clamp, float[] y, int yOffset, int count) {
    (warm ? vector() : KernelChoice.scalar()).clamp(x, xOffset, clamp, y, yOffset, count);
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
    (warm ? vector() : KernelChoice.scalar()).add(a, aOffset, b, bOffset, clamp, y, yOffset, count);
  }

  @Override
  public PackedKernel packForGradient(float[] matrix, int rows, int columns, int groups) {
    return skip().packForGradient(matrix, rows, columns, groups);
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
    skip()
        .separableConv2dBackward(
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
    skip()
        .depthwiseConv2dBackward(x, kernel, multiplier, y, clamp, g, dx, dKernel, dBias, geometry);
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
    skip().conv2dBackward(x, kernel, y, clamp, g, dx, dKernel, dBias, geometry);
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
    skip().denseBackward(x, count, kernel, y, clamp, g, dx, dKernel, dBias);
  }

  @Override
  public void maxPool2dBackward(float[] x, float[] g, float[] dx, ConvGeometry geometry) {
    skip().maxPool2dBackward(x, g, dx, geometry);
  }

  @Override
  public void clampBackward(float[] y, Clamp clamp, float[] g, float[] dx) {
    skip().clampBackward(y, clamp, g, dx);
  }

  @Override
  public void averagePool2dBackward(float[] g, float[] dx, ConvGeometry geometry) {
    skip().averagePool2dBackward(g, dx, geometry);
  }
}
