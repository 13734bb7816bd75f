package sepal.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/** A separable convolution with bias and ReLU, computed in three ways. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp
public class LayerBenchmark {
  /** {@link Main} sets all names of the list. */
  @Param("S1")
  public String workload = "";

  /** Images at once. */
  @Param("1")
  public int batch;

  /** Threads that compute. */
  @Param("1")
  public int threads;

  /** Keras' name of the layout. */
  @Param("channels_last")
  public String dataFormat = "";

  private LayerData data;
  private DataFormat format;
  private ConvGeometry first;
  private ConvGeometry second;
  private ConvGeometry whole;
  private Kernels vector;
  private PackedKernel vectorPointwise;
  private Kernels scalar;
  private PackedKernel scalarPointwise;
  private float[] between;
  private float[] y;

  /** Makes the layer and its input. */
  @Setup
  public void setUp() {
    Parallel.setThreads(threads);
    Workload layer = LayerData.workload(workload);
    format = DataFormat.of("dataFormat", dataFormat);
    data = LayerData.of(layer, batch);
    whole = layer.geometry(batch, format);
    first = whole.withFilters(layer.between());
    Dims one = Dims.fill(2, 1);
    Shape middle = first.output();
    second =
        ConvGeometry.of(
            "pointwise", middle, new Window(one, one, one, Padding.VALID), format, layer.filters());
    vector =
        KernelChoice.vector()
            .orElseThrow(() -> new IllegalStateException("the vector module is missing"));
    scalar = KernelChoice.scalar();
    vectorPointwise = pack(vector);
    scalarPointwise = pack(scalar);
    between = new float[middle.size()];
    y = new float[whole.output().size()];
  }

  private PackedKernel pack(Kernels kernels) {
    int rows = data.workload().between();
    return kernels.pack(data.pointwise(), rows, data.workload().filters(), 1);
  }

  /** What the layer does: what lies between the two steps stays in the cache. */
  @Benchmark
  public float[] fusedVector() {
    return fused(vector, vectorPointwise);
  }

  /** Depthwise to memory, then pointwise from there. */
  @Benchmark
  public float[] unfusedVector() {
    vector.depthwiseConv2d(
        data.x(),
        0,
        data.depthwise(),
        data.workload().multiplier(),
        null,
        Clamp.NONE,
        between,
        0,
        first);
    vector.conv2d(between, 0, vectorPointwise, data.bias(), Clamp.RELU, y, 0, second);
    return y;
  }

  /** The executable specification. */
  @Benchmark
  public float[] scalar() {
    return fused(scalar, scalarPointwise);
  }

  private float[] fused(Kernels kernels, PackedKernel pointwise) {
    kernels.separableConv2d(
        data.x(),
        0,
        data.depthwise(),
        data.workload().multiplier(),
        pointwise,
        data.bias(),
        Clamp.RELU,
        y,
        0,
        whole);
    return y;
  }
}
