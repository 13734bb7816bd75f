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
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

class GradientsAgreeTest {
  private static final int CASES = 100;
  private final int threads = Parallel.threads();

  @AfterEach
  void restoreThreads() {
    Parallel.setThreads(threads);
  }

  @ParameterizedTest
  @EnumSource
  void scalar_gradients_agree_with_float64(GradientAgreement.Method method) {
    for (long seed = 0; seed < CASES; seed++) {
      method.check(KernelChoice.scalar(), seed);
    }
  }

  @ParameterizedTest
  @EnumSource
  void vector_gradients_agree_with_float64(GradientAgreement.Method method) {
    Kernels kernels = VectorPath.require("comparing gradients of " + method + " with float64");
    for (long seed = 0; seed < CASES; seed++) {
      method.check(kernels, seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:MaxVectorSize=16", "-XX:MaxVectorSize=32", "-XX:UseAVX=2"})
  void vector_gradients_of_other_widths_agree_with_float64(String flag) throws Exception {
    VectorPath.require("comparing gradients with float64 under " + flag);
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
                GradientAgreement.class.getName(),
                "150")
            .redirectErrorStream(true)
            .start();
    assertThat(output(process)).contains("gradients of 150 cases agree");
    assertThat(process.waitFor()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void clamps_pass_the_gradient_between_their_limits(Clamp clamp) {
    float[] some = {-1, -0f, 0, 1e-30f, 5.9f, 6, 7, Float.NaN, Float.POSITIVE_INFINITY};
    for (int size : new int[] {0, 1, 15, 16, 40, 100_000}) {
      float[] y = new float[size];
      float[] g = new float[size];
      float[] expected = new float[size];
      for (int i = 0; i < size; i++) {
        y[i] = some[i % some.length];
        g[i] = i + 1;
        boolean passes =
            switch (clamp) {
              case NONE -> true;
              case RELU -> y[i] > 0;
              case RELU6 -> y[i] > 0 && y[i] < 6;
            };
        expected[i] = passes ? g[i] : 0;
      }
      for (Kernels kernels : List.of(KernelChoice.scalar(), KernelChoice.kernels())) {
        float[] dx = new float[size];
        kernels.clampBackward(y, clamp, g, dx);
        assertThat(dx).as("%s, %d values", kernels.description(), size).isEqualTo(expected);
      }
    }
  }

  private static String output(Process process) throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Those whose weights float64 gets through in reasonable time. */
  static Stream<Workload> workloads() {
    return workloads(1 << 20);
  }

  private static Stream<Workload> workloads(int pointwiseWeights) {
    return Workload.all().stream()
        .filter(w -> (long) w.channels() * w.multiplier() * w.filters() <= pointwiseWeights);
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void gradients_of_every_workload_agree_with_float64(Workload workload) {
    for (DataFormat format : DataFormat.values()) {
      ConvGeometry geometry = workload.shrunk(1_500_000).geometry(2, format);
      for (Kernels kernels : all()) {
        GradientAgreement.separable(kernels, geometry, workload.multiplier(), 2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void any_number_of_threads_gives_the_same_bits(DataFormat format) {
    for (Kernels kernels : all()) {
      for (Workload workload : workloads(1 << 19).toList()) {
        ConvGeometry geometry = workload.shrunk(800_000).geometry(3, format);
        Parallel.setThreads(1);
        float[] expected = separable(kernels, workload, geometry);
        for (int count : new int[] {2, 3, 8}) {
          Parallel.setThreads(count);
          assertThat(Arrays.equals(separable(kernels, workload, geometry), expected))
              .as("%s on %s with %d threads", workload, kernels.description(), count)
              .isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void any_number_of_threads_gives_the_same_bits_of_all_gradients(DataFormat format) {
    for (Kernels kernels : all()) {
      Parallel.setThreads(1);
      List<float[]> expected = others(kernels, format);
      for (int count : new int[] {2, 3, 8}) {
        Parallel.setThreads(count);
        List<float[]> found = others(kernels, format);
        for (int i = 0; i < found.size(); i++) {
          assertThat(Arrays.equals(found.get(i), expected.get(i)))
              .as("gradients %d on %s with %d threads", i, kernels.description(), count)
              .isTrue();
        }
      }
    }
  }

  /** Gradients of everything but separable convolutions. */
  private static List<float[]> others(Kernels kernels, DataFormat format) {
    Random random = new Random(5);
    Window window = new Window(Dims.of(3, 3), Dims.of(1, 2), Dims.of(2, 1), Padding.SAME);
    Shape input =
        format == DataFormat.CHANNELS_LAST ? Shape.of(20, 24, 23, 34) : Shape.of(20, 34, 24, 23);
    ConvGeometry geometry = ConvGeometry.of("test", input, window, format, 68);
    ConvGeometry pooling = geometry.withFilters(34);
    float[] x = random(random, input.size());
    float[] g = random(random, geometry.output().size());
    float[] stored = random(random, g.length);
    float[] small = Arrays.copyOf(g, pooling.output().size());
    float[][] found = new float[7][];
    for (int groups = 1; groups <= 2; groups++) {
      float[] kernel = random(random, 9 * 34 / groups * 68);
      float[][] conv = {new float[x.length], new float[kernel.length], new float[68]};
      kernels.conv2dBackward(
          x,
          kernels.packForGradient(kernel, 9 * 34 / groups, 68, groups),
          stored,
          Clamp.RELU,
          g,
          conv[0],
          conv[1],
          conv[2],
          geometry);
      found[groups] = join(conv);
    }
    float[] kernel = random(random, 9 * 68);
    float[][] depthwise = {new float[x.length], new float[kernel.length], new float[68]};
    kernels.depthwiseConv2dBackward(
        x, kernel, 2, null, Clamp.NONE, g, depthwise[0], depthwise[1], depthwise[2], geometry);
    for (int count : new int[] {32, 700}) {
      float[] matrix = random(random, 134 * 68);
      float[][] dense = {new float[count * 134], new float[matrix.length], new float[68]};
      kernels.denseBackward(
          x,
          count,
          kernels.packForGradient(matrix, 134, 68, 1),
          null,
          Clamp.NONE,
          g,
          dense[0],
          dense[1],
          dense[2]);
      found[count == 32 ? 3 : 4] = join(dense);
    }
    found[5] = new float[x.length];
    kernels.maxPool2dBackward(x, small, found[5], pooling);
    found[6] = new float[x.length];
    kernels.averagePool2dBackward(small, found[6], pooling);
    return List.of(found[1], found[2], join(depthwise), found[3], found[4], found[5], found[6]);
  }

  /** All gradients, one after the other. */
  private static float[] separable(Kernels kernels, Workload workload, ConvGeometry geometry) {
    Random random = new Random(3);
    int between = geometry.channels() * workload.multiplier();
    float[] x = random(random, geometry.input().size());
    float[] depthwise = random(random, geometry.window().size().product() * between);
    float[] pointwise = random(random, between * geometry.filters());
    float[][] gradients = {
      new float[x.length],
      new float[depthwise.length],
      new float[pointwise.length],
      new float[geometry.filters()]
    };
    kernels.separableConv2dBackward(
        x,
        depthwise,
        workload.multiplier(),
        pointwise,
        null,
        Clamp.NONE,
        random(random, geometry.output().size()),
        gradients[0],
        gradients[1],
        gradients[2],
        gradients[3],
        geometry);
    return join(gradients);
  }

  private static float[] join(float[][] parts) {
    float[] all = new float[Stream.of(parts).mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource
  void infinite_weights_on_padding_do_no_harm_to_gradients(DataFormat format) {
    for (Kernels kernels : all()) {
      ConvGeometry geometry = pixel(format, 20, 20);
      float[] depthwise = random(new Random(8), 9 * 20);
      Arrays.fill(depthwise, 0, 80, Float.POSITIVE_INFINITY);
      float[] dx = new float[20];
      float[] dDepthwise = new float[9 * 20];
      Arrays.fill(dx, Float.NaN);
      Arrays.fill(dDepthwise, Float.NaN);
      kernels.separableConv2dBackward(
          random(new Random(7), 20),
          depthwise,
          1,
          random(new Random(9), 400),
          null,
          Clamp.NONE,
          random(new Random(10), 20),
          dx,
          dDepthwise,
          null,
          null,
          geometry);
      assertThat(dx).doesNotContain(Float.NaN).doesNotContain(0);
      assertThat(dDepthwise).doesNotContain(Float.NaN);
    }
  }

  @Test
  void a_large_matrix_is_taken_up_in_several_passes() {
    VectorPath.require("comparing gradients of a large pointwise kernel with float64");
    Window window = new Window(Dims.of(1, 1), Dims.of(1, 1), Dims.of(1, 1), Padding.SAME);
    ConvGeometry geometry =
        ConvGeometry.of("test", Shape.of(1, 1800, 1, 370), window, DataFormat.CHANNELS_LAST, 371);
    GradientAgreement.separable(KernelChoice.vector().orElseThrow(), geometry, 1, 6);
  }

  private static List<Kernels> all() {
    return KernelChoice.vector()
        .map(vector -> List.of(KernelChoice.scalar(), vector))
        .orElse(List.of(KernelChoice.scalar()));
  }

  /** An image of one pixel under a 3 x 3 window. */
  private static ConvGeometry pixel(DataFormat format, int channels, int filters) {
    Window window = new Window(Dims.of(3, 3), Dims.of(1, 1), Dims.of(1, 1), Padding.SAME);
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(1, 1, 1, channels)
            : Shape.of(1, channels, 1, 1);
    return ConvGeometry.of("test", input, window, format, filters);
  }

  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return values;
  }
}
