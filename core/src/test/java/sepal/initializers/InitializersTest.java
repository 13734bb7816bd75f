package sepal.initializers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.shape.Fans;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Golden;

class InitializersTest {
  private static final Map<String, Object> GOLDEN = Golden.read("initializers.json");

  /** One initializer of one configuration, and one shape. */
  record Case(Map<String, Object> serialized, String name, Map<String, Object> expected) {
    String className() {
      return (String) serialized.get("class_name");
    }

    Shape shape() {
      return Golden.shape(expected.get("shape"));
    }

    Initializer initializer() {
      return Initializers.get("test", serialized);
    }

    /** The same with another seed. */
    Initializer seeded(long seed) {
      Map<String, Object> config = new HashMap<>(Golden.map(serialized.get("config")));
      config.put("seed", seed);
      return Initializers.get("test", Map.of("class_name", className(), "config", config));
    }

    @Override
    public String toString() {
      return className() + serialized.get("config") + " " + name;
    }
  }

  static Stream<Case> cases() {
    return Golden.maps(GOLDEN.get("cases")).stream()
        .flatMap(
            golden ->
                Golden.map(golden.get("shapes")).entrySet().stream()
                    .map(
                        shape ->
                            new Case(
                                Golden.map(golden.get("serialized")),
                                shape.getKey(),
                                Golden.map(shape.getValue()))));
  }

  static Stream<Case> deterministicCases() {
    return cases().filter(c -> c.expected.containsKey("values"));
  }

  static Stream<Case> randomCases() {
    return cases()
        .filter(c -> !c.expected.containsKey("values") && !c.expected.containsKey("error"))
        .filter(c -> !c.className().equals("Orthogonal"));
  }

  static Stream<Case> orthogonalCases() {
    return cases()
        .filter(c -> c.className().equals("Orthogonal") && !c.expected.containsKey("error"));
  }

  static Stream<Case> refusedCases() {
    return cases().filter(c -> c.expected.containsKey("error"));
  }

  private static double number(Map<String, Object> map, String key) {
    return ((Number) map.get(key)).doubleValue();
  }

  @Test
  void the_golden_file_has_cases_of_every_sort() {
    assertThat(deterministicCases()).hasSizeGreaterThan(30);
    assertThat(randomCases()).hasSizeGreaterThan(100);
    assertThat(orthogonalCases()).hasSize(12);
    assertThat(refusedCases()).hasSize(18);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void fans_match_keras(Case c) {
    Fans fans = Fans.of(c.shape());
    assertThat(fans.in()).isEqualTo(number(c.expected, "fan_in"));
    assertThat(fans.out()).isEqualTo(number(c.expected, "fan_out"));
  }

  @ParameterizedTest
  @MethodSource("deterministicCases")
  void values_without_chance_equal_those_of_keras(Case c) {
    Initializer initializer = initializerOf(c);
    Tensor expected = Golden.tensor(c.expected.get("values"));
    assertThat(initializer.apply(c.shape(), DType.FLOAT32).floats()).isEqualTo(expected.floats());
    assertThat(initializer.apply(c.shape(), DType.FLOAT64).doubles())
        .isEqualTo(expected.toDoubleArray());
  }

  /** Keras forgets to write the gain of Identity: the second case has 0.5. */
  private static Initializer initializerOf(Case c) {
    if (c.className().equals("Identity") && Golden.tensor(c.expected.get("values")).get(0) == 0.5) {
      return new Identity(0.5);
    }
    return c.initializer();
  }

  @ParameterizedTest
  @MethodSource("refusedCases")
  void shapes_that_keras_refuses_are_refused(Case c) {
    assertThatThrownBy(() -> c.initializer().apply(c.shape(), DType.FLOAT32))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(c.className() + ": ")
        .hasMessageContaining("rank " + c.shape().rank());
  }

  /**
   * The standard error of the mean of n values is stddev / sqrt(n), that of their standard
   * deviation at most stddev / sqrt(2 n), as for the normal distribution. Five of them are missed
   * once in a million times; the seeds are fixed.
   */
  @ParameterizedTest
  @MethodSource("randomCases")
  void random_values_have_the_documented_limits_mean_and_standard_deviation(Case c) {
    List<Double> values = new ArrayList<>();
    long seed = 0;
    while (values.size() < 5000) {
      Tensor drawn = c.seeded(seed++).apply(c.shape(), DType.FLOAT64);
      for (double value : drawn.doubles()) {
        values.add(value);
      }
    }
    int n = values.size();
    double mean = values.stream().mapToDouble(v -> v).sum() / n;
    double variance = values.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum() / n;
    double low = Double.NEGATIVE_INFINITY;
    double high = Double.POSITIVE_INFINITY;
    double expectedMean = 0;
    double expectedStddev;
    if (c.expected.containsKey("minval")) {
      low = number(c.expected, "minval");
      high = number(c.expected, "maxval");
      expectedMean = (low + high) / 2;
      expectedStddev = (high - low) / Math.sqrt(12);
    } else if (c.expected.containsKey("limit_low")) {
      low = number(c.expected, "limit_low");
      high = number(c.expected, "limit_high");
      expectedMean = number(c.expected, "mean");
      expectedStddev = number(c.expected, "std_of_result");
    } else if (c.expected.containsKey("mean")) {
      expectedMean = number(c.expected, "mean");
      expectedStddev = number(c.expected, "stddev");
    } else {
      if (c.expected.containsKey("limit")) {
        high = number(c.expected, "limit");
        low = -high;
      }
      expectedStddev = number(c.expected, "std_of_result");
    }
    assertThat(values)
        .as("seeds 0 to %d", seed - 1)
        .allMatch(new Interval(Math.nextDown(low), Math.nextUp(high))::contains);
    assertThat(mean).isCloseTo(expectedMean, within(5 * expectedStddev / Math.sqrt(n)));
    assertThat(Math.sqrt(variance))
        .isCloseTo(expectedStddev, within(5 * expectedStddev / Math.sqrt(2.0 * n)));
  }

  private record Interval(double low, double high) {
    boolean contains(double value) {
      return value >= low && value <= high;
    }
  }

  @Test
  void the_normal_distributions_have_their_shapes() {
    Shape shape = Shape.of(40_000);
    double[] normal = new RandomNormal(0, 1, 7).apply(shape, DType.FLOAT64).doubles();
    double[] truncated = new TruncatedNormal(0, 1, 7).apply(shape, DType.FLOAT64).doubles();
    // The share p of n values has the standard error sqrt(p (1 - p) / n) < 0.0025.
    assertThat(shareWithin(normal, 1)).isCloseTo(0.6827, within(0.0125));
    assertThat(shareWithin(normal, 2)).isCloseTo(0.9545, within(0.0125));
    assertThat(shareWithin(truncated, 1)).isCloseTo(0.6827 / 0.9545, within(0.0125));
    assertThat(shareWithin(truncated, 1.99)).isLessThan(1);
    assertThat(shareWithin(truncated, 2)).isEqualTo(1);
  }

  private static double shareWithin(double[] values, double limit) {
    long inside = Arrays.stream(values).filter(value -> Math.abs(value) <= limit).count();
    return (double) inside / values.length;
  }

  @ParameterizedTest
  @MethodSource("orthogonalCases")
  void orthogonal_values_have_orthonormal_rows_or_columns(Case c) {
    double gain = number(Golden.map(c.serialized.get("config")), "gain");
    Shape shape = c.shape();
    int columns = shape.get(-1);
    int rows = shape.size() / columns;
    double[] q = c.initializer().apply(shape, DType.FLOAT64).doubles();
    int count = Math.min(rows, columns);
    for (int i = 0; i < count; i++) {
      for (int j = 0; j <= i; j++) {
        double dot = 0;
        for (int k = 0; k < Math.max(rows, columns); k++) {
          dot +=
              rows < columns
                  ? q[i * columns + k] * q[j * columns + k]
                  : q[k * columns + i] * q[k * columns + j];
        }
        assertThat(dot).isCloseTo(i == j ? gain * gain : 0, within(1e-14 * gain * gain));
      }
    }
  }

  @Test
  void orthogonal_values_have_no_preferred_sign() {
    double sum = 0;
    for (int seed = 0; seed < 400; seed++) {
      sum += new Orthogonal(1, seed).apply(Shape.of(3, 3), DType.FLOAT64).get(0);
    }
    // An entry of a 3 by 3 rotation has the variance 1/3: five standard errors of 400.
    assertThat(sum / 400).isCloseTo(0, within(5 * Math.sqrt(1.0 / 3 / 400)));
  }

  @Test
  void the_stream_is_splitmix64() {
    for (long seed : new long[] {0, 1, 42, -1, Long.MAX_VALUE}) {
      RandomStream stream = new RandomStream(seed);
      SplittableRandom known = new SplittableRandom(seed);
      for (int i = 0; i < 100; i++) {
        assertThat(stream.uniform())
            .as("seed %d", seed)
            .isEqualTo((known.nextLong() >>> 11) * 0x1p-53);
      }
    }
  }

  /** Computed once outside Java, from the algorithm's description. */
  @Test
  void the_values_of_a_seed_are_fixed_for_ever() {
    Shape shape = Shape.of(4);
    assertThat(new RandomUniform(0, 1, 42).apply(shape, DType.FLOAT64).doubles())
        .containsExactly(
            0.7415648787718233, 0.1599103928769201, 0.27860113025513866, 0.34419071652363753);
    assertThat(new RandomNormal(0, 1, 42).apply(shape, DType.FLOAT64).doubles())
        .containsExactly(
            0.49295065581737485, -0.6940056672160174, -1.2810773478777024, -0.901557193497174);
  }

  @ParameterizedTest
  @MethodSource("randomCases")
  void float32_values_are_the_float64_values_rounded(Case c) {
    Initializer initializer = c.initializer();
    assertThat(initializer.apply(c.shape(), DType.FLOAT32).floats())
        .isEqualTo(initializer.apply(c.shape(), DType.FLOAT64).toFloatArray());
  }

  @Test
  void the_same_seed_gives_the_same_values_and_another_seed_others() {
    Shape shape = Shape.of(3, 3, 8, 2);
    float[] first = new GlorotUniform(1).apply(shape, DType.FLOAT32).floats();
    assertThat(new GlorotUniform(1).apply(shape, DType.FLOAT32).floats()).isEqualTo(first);
    assertThat(new GlorotUniform(2).apply(shape, DType.FLOAT32).floats()).isNotEqualTo(first);
  }

  @Test
  void without_a_seed_an_object_repeats_itself_and_differs_from_others_but_is_equal_to_them() {
    Shape shape = Shape.of(5, 5);
    for (String name : List.of("glorot_uniform", "normal", "orthogonal", "uniform")) {
      Initializer one = Initializers.get("test", name);
      Initializer two = Initializers.get("test", name);
      float[] first = one.apply(shape, DType.FLOAT32).floats();
      assertThat(one.apply(shape, DType.FLOAT32).floats()).isEqualTo(first);
      assertThat(two.apply(shape, DType.FLOAT32).floats()).isNotEqualTo(first);
      assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    }
    assertThat(new GlorotUniform(1)).isNotEqualTo(new GlorotUniform(2));
    assertThat(new GlorotUniform(1)).isNotEqualTo(new GlorotNormal(1));
    assertThat(new RandomNormal(0, 1, 1)).isNotEqualTo(new RandomNormal(0, 2, 1));
  }

  @Test
  void random_integers_are_refused() {
    assertThatThrownBy(() -> new HeNormal().apply(Shape.of(2), DType.INT32))
        .hasMessage(
            """
            HeNormal: random weights are floating-point numbers
              got:      dtype=int32
              expected: float32 or float64""");
  }

  @Test
  void given_axes_replace_the_usual_fans() {
    Shape shape = Shape.of(3, 4, 5, 6);
    assertThat(Fans.of("test", shape, List.of(0, -1), List.of(1))).isEqualTo(new Fans(18, 4));
    assertThat(Fans.of("test", shape, null, null)).isEqualTo(Fans.of(shape));
    double[] values =
        new LecunUniform(3L, List.of(0), List.of(1)).apply(shape, DType.FLOAT64).doubles();
    // 360 values come within 5 % of the limit sqrt(3 / 3).
    assertThat(Arrays.stream(values).max().getAsDouble()).isBetween(0.95, 1.0);
  }

  @Test
  void one_kind_of_axes_without_the_other_is_refused() {
    assertThatThrownBy(() -> new HeNormal(null, List.of(0), null))
        .hasMessage(
            """
            HeNormal: input_axes and output_axes belong together
              got:      input_axes=[0], output_axes=null
              expected: both, or neither""");
  }

  // Names and configurations

  /** The base class does nothing, and the Fourier transform's kernels are not there yet. */
  private static final Set<String> LEFT_OUT = Set.of("Initializer", "STFT");

  @Test
  void every_name_that_keras_accepts_is_accepted() {
    Map<String, Object> names = Golden.map(GOLDEN.get("string_identifiers"));
    assertThat(names).hasSize(41);
    names.forEach(
        (name, className) -> {
          if (!LEFT_OUT.contains(className)) {
            assertThat(Initializers.get("test", name).className()).as(name).isEqualTo(className);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("cases")
  void configurations_are_written_as_keras_writes_them(Case c) {
    Initializer initializer = c.initializer();
    Object written = initializer.serialize();
    assertThat(Golden.plain(written)).isEqualTo(Golden.plain(c.serialized));
    assertThat(written.toString().replace(".0", ""))
        .as("order")
        .isEqualTo(c.serialized.toString().replace(".0", ""));
    assertThat(Initializers.get("test", written)).isEqualTo(initializer);
  }

  @Test
  void every_default_survives_a_round_trip() {
    for (Object className : Set.copyOf(Golden.map(GOLDEN.get("string_identifiers")).values())) {
      if (!LEFT_OUT.contains(className)) {
        Initializer initializer = Initializers.get("test", className);
        assertThat(Initializers.get("test", initializer.serialize())).isEqualTo(initializer);
      }
    }
  }

  @Test
  void arguments_survive_a_round_trip() {
    for (Initializer initializer :
        List.of(
            new Constant(2.5),
            new Identity(0.5),
            new Orthogonal(2, 5),
            new HeUniform(1L << 40, List.of(0), List.of(1, 2)),
            new VarianceScaling(2, "fan_out", "Uniform", 3L, List.of(0), List.of(1)))) {
      assertThat(Initializers.get("test", initializer.serialize())).isEqualTo(initializer);
    }
  }

  @Test
  void null_is_null_and_an_object_or_its_class_is_accepted() {
    Initializer ones = new Ones();
    assertThat(Initializers.get("test", null)).isNull();
    assertThat(Initializers.get("test", ones)).isSameAs(ones);
    assertThat(Initializers.get("test", Zeros.class)).isEqualTo(new Zeros());
  }

  @Test
  void the_forms_of_keras_2_are_accepted() {
    Map<String, Object> config = new HashMap<>();
    config.put("scale", 1.0);
    config.put("mode", "fan_avg");
    config.put("distribution", "normal");
    config.put("seed", null);
    config.put("dtype", "float32");
    assertThat(Initializers.get("test", Map.of("class_name", "VarianceScaling", "config", config)))
        .isEqualTo(new VarianceScaling(1, "fan_avg", "truncated_normal"));
    assertThat(Initializers.get("test", Map.of("class_name", "Zeros"))).isEqualTo(new Zeros());
  }

  @Test
  void the_seed_of_a_seed_generator_is_taken() {
    Map<String, Object> generator =
        Map.of("class_name", "SeedGenerator", "config", Map.of("name", "seeds", "seed", 1337));
    assertThat(
            Initializers.get(
                "test", Map.of("class_name", "HeNormal", "config", Map.of("seed", generator))))
        .isEqualTo(new HeNormal(1337));
  }

  @Test
  void an_array_of_the_weights_shape_is_accepted() {
    Tensor values = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Initializer initializer = Initializers.get("SeparableConv2D \"sep\"", values);
    assertThat(initializer.apply(Shape.of(2, 2), DType.FLOAT64).doubles())
        .containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> initializer.apply(Shape.of(4), DType.FLOAT32))
        .hasMessage(
            """
            SeparableConv2D "sep": the given values have another shape than the weight
              got:      (2, 2)
              expected: (4,)""");
  }

  @Test
  void an_unknown_name_is_refused_with_the_nearest_known_one() {
    assertThatThrownBy(() -> Initializers.get("SeparableConv2D \"sep\"", "glorot_unifrom"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SeparableConv2D "sep": unknown initializer
              got:      "glorot_unifrom" (did you mean "glorot_uniform"?)
              expected: one of Constant, GlorotNormal, GlorotUniform, HeNormal, HeUniform, Identity, \
            LecunNormal, LecunUniform, Ones, Orthogonal, RandomNormal, RandomUniform, TruncatedNormal, \
            VarianceScaling, Zeros""");
  }

  @Test
  void a_number_is_no_initializer() {
    assertThatThrownBy(() -> Initializers.get("Dense", 3))
        .hasMessage(
            """
            Dense: not an initializer
              got:      3 (Integer)
              expected: a name, an object, a configuration, or null""");
  }

  @Test
  void wrong_arguments_are_refused() {
    assertThatThrownBy(() -> new VarianceScaling(0, "fan_in", "uniform"))
        .hasMessage(
            """
            VarianceScaling: scale must be positive
              got:      scale=0.0
              expected: a number above 0""");
    assertThatThrownBy(() -> new VarianceScaling(1, "fan_on", "uniform"))
        .hasMessage(
            """
            VarianceScaling: unknown mode
              got:      mode="fan_on" (did you mean "fan_in"?)
              expected: one of fan_in, fan_out, fan_avg""");
    assertThatThrownBy(() -> new VarianceScaling(1, "fan_in", "gamma"))
        .hasMessage(
            """
            VarianceScaling: unknown distribution
              got:      distribution="gamma"
              expected: one of truncated_normal, untruncated_normal, uniform""");
  }

  @Test
  void wrong_arguments_in_a_configuration_are_refused_and_say_where() {
    assertThatThrownBy(
            () ->
                Initializers.get(
                    "Dense \"d\"",
                    Map.of("class_name", "VarianceScaling", "config", Map.of("scale", -1))))
        .hasMessage(
            """
            Dense "d", VarianceScaling: scale must be positive
              got:      scale=-1.0
              expected: a number above 0""");
    assertThatThrownBy(
            () ->
                Initializers.get(
                    "Dense \"d\"", Map.of("class_name", "HeNormal", "config", Map.of("seed", "a"))))
        .hasMessage(
            """
            Dense "d", initializer HeNormal: wrong value of seed
              got:      seed="a"
              expected: an integer, or null for a random seed""");
  }

  @Test
  void a_lambda_works_but_is_saved_only_once_registered() {
    Initializer halves = (shape, dtype) -> Tensor.full(dtype, shape, 0.5);
    assertThat(Initializers.get("test", halves).apply(Shape.of(), DType.FLOAT32).get(0))
        .isEqualTo(0.5);
    assertThatThrownBy(halves::serialize)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Initializers: an initializer without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Initializers.registerFunction("my_initializer", ...) before saving and loading""");
    Initializers.registerFunction("test_halves", halves);
    assertThat(Initializers.get("test", halves.serialize())).isSameAs(halves);
    assertThat(Initializers.get("test", "test_halves")).isSameAs(halves);
  }

  record TestRamp(double slope) implements Initializer {
    @Override
    public Tensor apply(Shape shape, DType dtype) {
      return Tensor.full(dtype, shape, slope);
    }

    @Override
    public Map<String, Object> getConfig() {
      return Map.of("slope", slope);
    }
  }

  @Test
  void a_registered_class_is_saved_and_loaded() {
    Initializers.register("TestRamp", c -> new TestRamp(c.number("slope", 1)));
    assertThat(Initializers.get("test", new TestRamp(3).serialize())).isEqualTo(new TestRamp(3));
    assertThat(Initializers.get("test", "test_ramp")).isEqualTo(new TestRamp(1));
  }
}
