package sepal.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Margins;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

class KernelsAgreeTest {
  private static final int CASES = 300;
  private static final DataFormat LAST = DataFormat.CHANNELS_LAST;
  private final int threads = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  @ParameterizedTest
  @EnumSource
  void scalar_kernels_agree_with_float64(Agreement.Method method) {
    for (long seed = 0; seed < CASES; seed++) {
      method.check(KernelChoice.scalar(), seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void vector_kernels_agree_with_float64(Agreement.Method method) {
    Kernels kernels = VectorPath.require("comparing " + method + " with float64");
    for (long seed = 0; seed < CASES; seed++) {
      method.check(kernels, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:MaxVectorSize=16", "-XX:MaxVectorSize=32", "-XX:UseAVX=2"})
  void vector_kernels_of_other_widths_agree_with_float64(String flag) throws Exception {
    VectorPath.require("comparing with float64 under " + flag);
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "-XX:+IgnoreUnrecognizedVMOptions",
                flag,
                "-Xmx400m",
                "-ea",
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                Agreement.class.getName(),
                "150")
            .redirectErrorStream(true)
            .start();
    assertThat(output(process)).contains("150 cases agree");
    assertThat(process.waitFor()).isZero();
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  static Stream<Workload> workloads() {
    return Workload.all().stream();
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void every_workload_agrees_with_float64_in_both_data_formats(Workload workload) {
    for (DataFormat format : DataFormat.values()) {
      ConvGeometry geometry = workload.shrunk(1_500_000).geometry(1, format);
      float[] bias = random(new Random(1), geometry.filters());
      for (Kernels kernels : all()) {
        Agreement.separable(kernels, geometry, workload.multiplier(), bias, Clamp.RELU, 2);
      }
    }
  }

  @Test
  void products_deeper_than_the_rows_of_a_tile_agree_with_float64() {
    for (DataFormat format : DataFormat.values()) {
      ConvGeometry geometry = square(format, Gemm.STRIDE + 5, 5, 1, 35);
      float[] bias = random(new Random(1), geometry.filters());
      for (Kernels kernels : all()) {
        Agreement.conv(kernels, geometry, 1, bias, Clamp.RELU, 2);
        Agreement.separable(kernels, geometry, 1, bias, Clamp.RELU, 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {515, 528, 599, 1600})
  void products_of_few_pixels_with_a_large_kernel_agree_with_float64(int channels) {
    for (int threads = 1; threads <= 2; threads++) {
      Parallel.setThreads(threads);
      ConvGeometry geometry = square(LAST, channels, 6, 1, channels);
      float[] bias = random(new Random(channels), channels);
      for (Kernels kernels : all()) {
        Agreement.conv(kernels, geometry, 1, bias, Clamp.RELU, 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8, 13})
  void convolutions_with_few_filters_agree_with_float64_and_plain_loops(int channels) {
    Kernels vector = VectorPath.require("convolutions with few filters");
    Kernels plain = new WarmingKernels(() -> vector, Long.MAX_VALUE);
    Random random = new Random(channels);
    for (int filters : new int[] {1, 5, 8, 9}) {
      for (Clamp clamp : Clamp.values()) {
        for (ConvGeometry geometry : fewFilters(random, channels, filters)) {
          float[] bias = clamp == Clamp.NONE ? null : random(random, filters);
          float[] expected = Agreement.conv(plain, geometry, 1, bias, clamp, 2);
          for (int threads = 1; threads <= 2; threads++) {
            Parallel.setThreads(threads);
            assertThat(Agreement.conv(vector, geometry, 1, bias, clamp, 2))
                .as("%s, %s, %d threads", geometry, clamp, threads)
                .containsExactly(expected);
          }
        }
      }
    }
  }

  /** With padding, dilation, several bands of rows, and margins wider than the window. */
  private static List<ConvGeometry> fewFilters(Random random, int channels, int filters) {
    Shape input = Shape.of(2, 13 + random.nextInt(5), 21 + random.nextInt(30), channels);
    Shape large = Shape.of(1, 60, 100, channels);
    Dims one = Dims.of(1, 1);
    Window same = new Window(Dims.of(3, 5), one, one, Padding.SAME);
    Window dilated = new Window(Dims.of(2, 3), one, Dims.of(3, 2), Padding.VALID);
    Margins margins = new Margins(Dims.of(2, 4), Dims.of(3, 1));
    ConvGeometry valid = ConvGeometry.of("test", input, dilated, LAST, filters);
    return List.of(
        valid,
        valid.without(margins),
        ConvGeometry.of("test", input, same, LAST, filters),
        ConvGeometry.of("test", large, same, LAST, filters));
  }

  @ParameterizedTest
  @EnumSource
  void any_number_of_threads_gives_the_same_bits(DataFormat format) {
    for (Kernels kernels : all()) {
      for (Workload workload : Workload.all()) {
        ConvGeometry geometry = workload.shrunk(4_000_000).geometry(3, format);
        float[] expected = separable(kernels, workload, geometry, 1);
        for (int count : new int[] {2, 3, 8}) {
          assertThat(Arrays.equals(separable(kernels, workload, geometry, count), expected))
              .as("%s on %s with %d threads", workload, kernels.description(), count)
              .isTrue();
        }
      }
    }
  }

  private static float[] separable(
      Kernels kernels, Workload workload, ConvGeometry geometry, int threads) {
    Parallel.setThreads(threads);
    Random random = new Random(3);
    int between = geometry.channels() * workload.multiplier();
    float[] x = random(random, geometry.input().size());
    float[] depthwise = random(random, geometry.window().size().product() * between);
    PackedKernel pointwise =
        kernels.pack(random(random, between * geometry.filters()), between, geometry.filters(), 1);
    float[] y = new float[geometry.output().size()];
    kernels.separableConv2d(
        x, 0, depthwise, workload.multiplier(), pointwise, null, Clamp.NONE, y, 0, geometry);
    return y;
  }

  @ParameterizedTest
  @EnumSource
  void sums_and_limits_are_the_same_bits_in_place_or_not(Clamp clamp) {
    float[] some = {-1, -0f, 0, 2, 7, Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE};
    for (int count : new int[] {0, 1, 15, 16, 40, 1000}) {
      float[] a = new float[count + 2];
      float[] b = new float[count + 2];
      float[] limited = a.clone();
      float[] sums = a.clone();
      for (int i = 0; i < count + 2; i++) {
        a[i] = some[i % 8];
        b[i] = some[i / 8 % 8];
      }
      for (int i = 0; i < count; i++) {
        limited[i + 2] = Math.min(Math.max(a[i + 1], clamp.low), clamp.high);
        sums[i + 1] = Math.min(Math.max(a[i + 1] + b[i + 2], clamp.low), clamp.high);
      }
      for (Kernels kernels : all()) {
        float[] y = new float[count + 2];
        kernels.clamp(a, 1, clamp, y, 2, count);
        assertThat(y).as("%d on %s", count, kernels.description()).isEqualTo(limited);
        y = new float[count + 2];
        System.arraycopy(a, 1, y, 1, count);
        kernels.add(y, 1, b, 2, clamp, y, 1, count);
        assertThat(y).as("%d on %s", count, kernels.description()).isEqualTo(sums);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nan_in_the_input_passes_every_clamp(Clamp clamp) {
    for (Kernels kernels : all()) {
      for (DataFormat format : DataFormat.values()) {
        ConvGeometry geometry = square(format, 20, 6, 3, 20);
        float[] x = random(new Random(4), geometry.input().size());
        int pixel = 2 * 6 + 3;
        x[format == DataFormat.CHANNELS_LAST ? pixel * 20 + 7 : 7 * 36 + pixel] = Float.NaN;
        float[] weights = random(new Random(5), 9 * 20);
        float[] matrix = random(new Random(6), 9 * 20 * 20);
        float[] y = new float[geometry.output().size()];
        PackedKernel pointwise = kernels.pack(Arrays.copyOf(matrix, 20 * 20), 20, 20, 1);
        kernels.separableConv2d(x, 0, weights, 1, pointwise, null, clamp, y, 0, geometry);
        assertThat(countNaN(y)).isEqualTo(9 * 20);
        kernels.conv2d(x, 0, kernels.pack(matrix, 180, 20, 1), null, clamp, y, 0, geometry);
        assertThat(countNaN(y)).isEqualTo(9 * 20);
        kernels.depthwiseConv2d(x, 0, weights, 1, null, clamp, y, 0, geometry);
        assertThat(countNaN(y)).isEqualTo(9);
        kernels.maxPool2d(x, 0, y, 0, geometry);
        assertThat(countNaN(y)).isEqualTo(9);
        kernels.averagePool2d(x, 0, y, 0, geometry);
        assertThat(countNaN(y)).isEqualTo(9);
        kernels.scaleShift(x, 0, weights, weights, clamp, y, 0, 1, 20, 36);
        assertThat(countNaN(y)).isEqualTo(1);
      }
    }
  }

  @Test
  void infinite_weights_on_padding_do_no_harm() {
    for (Kernels kernels : all()) {
      for (DataFormat format : DataFormat.values()) {
        ConvGeometry geometry = square(format, 20, 1, 3, 20);
        float[] x = random(new Random(7), geometry.input().size());
        float[] weights = random(new Random(8), 9 * 20);
        Arrays.fill(weights, 0, 80, Float.POSITIVE_INFINITY);
        float[] matrix = random(new Random(9), 9 * 20 * 20);
        Arrays.fill(matrix, 0, 4 * 400, Float.NaN);
        float[] y = new float[geometry.output().size()];
        kernels.depthwiseConv2d(x, 0, weights, 1, null, Clamp.NONE, y, 0, geometry);
        assertThat(countNaN(y)).isZero();
        kernels.conv2d(x, 0, kernels.pack(matrix, 180, 20, 1), null, Clamp.NONE, y, 0, geometry);
        assertThat(countNaN(y)).isZero();
      }
    }
  }

  @Test
  void scaling_works_in_place() {
    for (Kernels kernels : all()) {
      for (int inner : new int[] {1, 5, 33}) {
        float[] x = random(new Random(10), 3 * 37 * inner);
        float[] scale = random(new Random(11), 37);
        float[] y = new float[x.length];
        kernels.scaleShift(x, 0, scale, scale, Clamp.RELU6, y, 0, 3, 37, inner);
        kernels.scaleShift(x, 0, scale, scale, Clamp.RELU6, x, 0, 3, 37, inner);
        assertThat(x).containsExactly(y);
      }
    }
  }

  private static List<Kernels> all() {
    return KernelChoice.vector()
        .map(vector -> List.of(KernelChoice.scalar(), vector))
        .orElse(List.of(KernelChoice.scalar()));
  }

  private static ConvGeometry square(
      DataFormat format, int channels, int size, int kernel, int filters) {
    Window window = new Window(Dims.of(kernel, kernel), Dims.of(1, 1), Dims.of(1, 1), Padding.SAME);
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(1, size, size, channels)
            : Shape.of(1, channels, size, size);
    return ConvGeometry.of("test", input, window, format, filters);
  }

  private static int countNaN(float[] values) {
    int count = 0;
    for (float value : values) {
      count += Float.isNaN(value) ? 1 : 0;
    }
    return count;
  }

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
