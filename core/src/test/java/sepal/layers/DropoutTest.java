package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class DropoutTest {
  private static final Tensor ONES = Tensor.full(DType.FLOAT32, Shape.of(10, 1000), 1);

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void prediction_passes_the_input_on() {
    assertThat(new Dropout(0.5).apply(ONES)).isSameAs(ONES);
    assertThat(new Dropout(0).apply(ONES, true)).isSameAs(ONES);
    Tensor image = Tensor.zeros(1, 2, 2, 3);
    assertThat(new SpatialDropout2D(0.5).apply(image)).isSameAs(image);
    Tensor steps = Tensor.zeros(1, 2, 3);
    assertThat(new SpatialDropout1D(0.5).apply(steps)).isSameAs(steps);
    assertThat(new AlphaDropout(1).apply(ONES)).isSameAs(ONES);
    assertThat(new GaussianDropout(1).apply(ONES)).isSameAs(ONES);
    assertThat(new GaussianNoise(1).apply(ONES)).isSameAs(ONES);
    assertThat(new AlphaDropout(0).apply(ONES, true)).isSameAs(ONES);
    assertThat(new GaussianDropout(0).apply(ONES, true)).isSameAs(ONES);
    assertThat(new GaussianNoise(0).apply(ONES, true)).isSameAs(ONES);
  }

  @Test
  void training_drops_the_asked_share_and_scales_the_rest() {
    float[] y = new Dropout(0.25, o -> o.seed(1L)).apply(ONES, true).floats();

    int dropped = 0;
    for (float value : y) {
      assertThat(value).isIn(0f, (float) (1 / 0.75));
      dropped += value == 0 ? 1 : 0;
    }
    // 10,000 draws: the standard deviation is 43.
    assertThat(dropped).isBetween(2500 - 220, 2500 + 220);
    assertThat(new Dropout(1, o -> o.seed(1L)).apply(ONES, true).floats()).containsOnly(0);
  }

  @Test
  void alpha_dropout_gives_the_two_numbers_of_its_formula() {
    float[] y = new AlphaDropout(0.25, o -> o.seed(1L)).apply(ONES, true).floats();

    double limit = -1.0507009873554805 * 1.6732632423543772; // of selu
    double scale = 1 / Math.sqrt(0.75 * (1 + 0.25 * limit * limit));
    double shift = -scale * limit * 0.25;
    int dropped = 0;
    for (float value : y) {
      assertThat(value).isIn((float) scale + (float) shift, (float) (scale * limit + shift));
      dropped += value < 0 ? 1 : 0;
    }
    assertThat(dropped).isBetween(2500 - 220, 2500 + 220);
  }

  @Test
  void alpha_dropout_keeps_mean_and_variance_of_normal_numbers() {
    Tensor normal = new GaussianNoise(1, o -> o.seed(2L)).apply(Tensor.zeros(10, 1000), true);
    Tensor y = new AlphaDropout(0.3, o -> o.seed(1L)).apply(normal, true);

    assertMoments(normal, 0, 1);
    assertMoments(y, 0, 1);
  }

  @Test
  void gaussian_dropout_multiplies_and_gaussian_noise_adds() {
    Tensor threes = Tensor.full(DType.FLOAT64, Shape.of(10, 1000), 3);
    Layer dropout = new GaussianDropout(0.2, o -> o.seed(1L).dtype("float64"));
    Layer noise = new GaussianNoise(0.2, o -> o.seed(1L).dtype("float64"));

    assertMoments(dropout.apply(threes, true), 3, 1.5); // 3 sqrt(0.2 / 0.8)
    assertMoments(noise.apply(threes, true), 3, 0.2);
    assertThat(dropout.apply(Tensor.zeros(2, 3), true).doubles()).containsOnly(0);
  }

  /** Of 10,000 numbers: four standard deviations of their mean. */
  private static void assertMoments(Tensor y, double mean, double stddev) {
    double sum = 0;
    double squares = 0;
    for (double value : y.toDoubleArray()) {
      sum += value;
      squares += (value - mean) * (value - mean);
    }
    assertThat(sum / y.size()).isCloseTo(mean, within(0.04 * stddev));
    assertThat(Math.sqrt(squares / y.size())).isCloseTo(stddev, within(0.04 * stddev));
  }

  @Test
  void noise_of_a_seed_is_the_same_and_of_each_call_another() {
    for (Function<Long, Layer> kind :
        List.<Function<Long, Layer>>of(
            seed -> new AlphaDropout(0.5, o -> o.seed(seed)),
            seed -> new GaussianDropout(0.5, o -> o.seed(seed)),
            seed -> new GaussianNoise(0.5, o -> o.seed(seed)))) {
      Layer first = kind.apply(42L);
      Layer second = kind.apply(42L);
      float[] call0 = first.apply(ONES, true).floats();
      float[] call1 = first.apply(ONES, true).floats();

      assertThat(second.apply(ONES, true).floats()).as(first.toString()).containsExactly(call0);
      assertThat(second.apply(ONES, true).floats()).as(first.toString()).containsExactly(call1);
      assertThat(call1).as(first.toString()).isNotEqualTo(call0);
      assertThat(kind.apply(43L).apply(ONES, true).floats()).isNotEqualTo(call0);
      assertThat(first.seedGenerators().get(0).state().draws()).isEqualTo(2);
    }
  }

  @Test
  void the_noise_of_a_seed_never_changes() {
    Tensor y = new GaussianNoise(1, o -> o.seed(7L)).apply(Tensor.zeros(5), true);
    assertThat(y.floats())
        .containsExactly(1.4706026f, -0.70662034f, -1.2168429f, -0.32931495f, -0.037961584f);
  }

  @Test
  void the_same_seed_and_call_drop_the_same_elements() {
    Dropout first = new Dropout(0.5, o -> o.seed(42L));
    Dropout second = new Dropout(0.5, o -> o.seed(42L));
    float[] call0 = first.apply(ONES, true).floats();
    float[] call1 = first.apply(ONES, true).floats();

    assertThat(second.apply(ONES, true).floats()).containsExactly(call0);
    assertThat(second.apply(ONES, true).floats()).containsExactly(call1);
    assertThat(call1).isNotEqualTo(call0);
    assertThat(new Dropout(0.5, o -> o.seed(43L)).apply(ONES, true).floats()).isNotEqualTo(call0);
    assertThat(new Dropout(0.5).apply(ONES, true).floats())
        .isNotEqualTo(new Dropout(0.5).apply(ONES, true).floats());
  }

  @Test
  void the_mask_of_a_seed_never_changes() {
    Tensor y = new Dropout(0.5, o -> o.seed(7L)).apply(ONES.reshape(Shape.of(10000)), true);
    assertThat(Arrays.copyOf(y.floats(), 12)).containsExactly(2, 2, 2, 2, 0, 0, 0, 2, 2, 2, 0, 0);
  }

  @Test
  void calls_from_many_threads_take_the_masks_of_as_many_calls() {
    int calls = 16;
    Dropout alone = new Dropout(0.5, o -> o.seed(5L));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      expected.add(Arrays.toString(alone.apply(ONES, true).floats()));
    }

    Dropout shared = new Dropout(0.5, o -> o.seed(5L));
    List<CompletableFuture<String>> together = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      together.add(
          CompletableFuture.supplyAsync(() -> Arrays.toString(shared.apply(ONES, true).floats())));
    }

    assertThat(together.stream().map(CompletableFuture::join).toList())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void a_noise_shape_drops_whole_slices() {
    Layer layer = new Dropout(0.5, o -> o.seed(3L).noiseShape(-1, 1, 4).dtype("float64"));
    Tensor y = layer.apply(Tensor.full(DType.FLOAT32, Shape.of(5, 6, 4), 1), true);

    assertThat(y.dtype()).isEqualTo(DType.FLOAT64);
    for (int n = 0; n < 5; n++) {
      for (int c = 0; c < 4; c++) {
        for (int t = 1; t < 6; t++) {
          assertThat(y.get((n * 6 + t) * 4 + c)).isEqualTo(y.get(n * 24 + c));
        }
      }
    }
    assertThat(y.doubles()).contains(0, 2);
  }

  @Test
  void spatial_dropout_drops_whole_channels_in_both_formats() {
    Tensor ones = Tensor.full(DType.FLOAT32, Shape.of(4, 4, 4, 4), 1);
    float[] last = new SpatialDropout2D(0.5, o -> o.seed(9L)).apply(ones, true).floats();
    float[] first =
        new SpatialDropout2D(0.5, o -> o.seed(9L).dataFormat("channels_first"))
            .apply(ones, true)
            .floats();
    for (int n = 0; n < 4; n++) {
      for (int c = 0; c < 4; c++) {
        for (int pixel = 0; pixel < 16; pixel++) {
          float expected = last[n * 64 + c];
          assertThat(last[n * 64 + pixel * 4 + c]).isEqualTo(expected);
          assertThat(first[n * 64 + c * 16 + pixel]).isEqualTo(expected);
        }
      }
    }
    assertThat(last).contains(0, 2);
  }

  @Test
  void the_noise_shape_of_alpha_dropout_drops_whole_slices() {
    Layer layer = new AlphaDropout(0.5, o -> o.seed(3L).noiseShape(-1, 1));
    float[] y = layer.apply(Tensor.full(DType.FLOAT32, Shape.of(20, 6), 1), true).floats();

    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isEqualTo(y[i / 6 * 6]);
    }
    assertThat(IntStream.range(0, 20).mapToObj(n -> y[n * 6]).distinct()).hasSize(2);
  }

  @Test
  void spatial_dropout_drops_whole_channels_of_sequences() {
    Tensor ones = Tensor.full(DType.FLOAT32, Shape.of(4, 5, 3), 1);
    float[] y = new SpatialDropout1D(0.5, o -> o.seed(9L)).apply(ones, true).floats();

    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).isEqualTo(y[i / 15 * 15 + i % 3]);
    }
    assertThat(y).contains(0, 2);
  }

  @Test
  void a_standard_deviation_outside_0_and_1_is_refused() {
    for (double stddev : new double[] {1.5, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new GaussianNoise(stddev, o -> o.name("n")))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              GaussianNoise "n": stddev must lie between 0 and 1
                got:      stddev=%s
                expected: the standard deviation of the noise, for example 0.1"""
                  .formatted(stddev));
    }
  }

  @Test
  void training_without_end_of_the_noise_is_refused() {
    for (Layer layer : List.of(new AlphaDropout(1), new GaussianDropout(1))) {
      assertThatThrownBy(() -> layer.apply(ONES, true))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              %s: training needs a rate below 1
                got:      rate=1.0
                expected: less than 1, where the noise is finite"""
                  .formatted(layer));
    }
  }

  @Test
  void a_rate_outside_0_and_1_is_refused() {
    for (double rate : new double[] {1.5, -0.1, Double.NaN}) {
      assertThatThrownBy(() -> new Dropout(rate, o -> o.name("d")))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Dropout "d": rate must lie between 0 and 1
                got:      rate=%s
                expected: the share of elements to drop, for example 0.5"""
                  .formatted(rate));
    }
    assertThatThrownBy(() -> new SpatialDropout2D(2))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith("SpatialDropout2D: rate must lie between 0 and 1");
    assertThatThrownBy(() -> new SpatialDropout1D(2))
        .hasMessageStartingWith("SpatialDropout1D: rate must lie between 0 and 1");
    assertThatThrownBy(() -> new AlphaDropout(2))
        .hasMessageStartingWith("AlphaDropout: rate must lie between 0 and 1");
    assertThatThrownBy(() -> new GaussianDropout(2))
        .hasMessageStartingWith("GaussianDropout: rate must lie between 0 and 1");
  }

  @Test
  void a_noise_shape_that_does_not_fit_is_refused_in_training_only() {
    for (Layer layer :
        List.of(
            new Dropout(0.5, o -> o.noiseShape(2, 1, 4)),
            new AlphaDropout(0.5, o -> o.noiseShape(2, 1, 4)))) {
      assertThat(layer.apply(Tensor.zeros(3, 6, 4)).shape()).isEqualTo(Shape.of(3, 6, 4));
      assertThatThrownBy(() -> layer.apply(Tensor.zeros(3, 6, 4), true))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              %s: noiseShape does not fit the input
                got:      noiseShape=(2, 1, 4), input (3, 6, 4)
                expected: on each axis 1, null, or the size of the input"""
                  .formatted(layer));
    }
    assertThatThrownBy(() -> new Dropout(0.5, o -> o.noiseShape(0, 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Dropout: the sizes of noiseShape must be positive
              got:      noiseShape=(0, 1)
              expected: sizes of 1 or more, or null where the input tells""");
    assertThatThrownBy(() -> new AlphaDropout(0.5, o -> o.noiseShape(0, 1)))
        .hasMessageStartingWith("AlphaDropout: the sizes of noiseShape must be positive");
  }

  @Test
  void seed_and_noise_shape_go_through_the_configuration() {
    Map<String, Object> config = new HashMap<>();
    config.put("rate", 0.5);
    config.put("seed", 1L << 40);
    config.put("noise_shape", Arrays.asList(null, 1, 4));
    config.put("name", "d");

    for (String className : List.of("Dropout", "AlphaDropout")) {
      Layer layer = Layers.fromConfig("test", className, config);

      assertThat(layer.getConfig()).containsAllEntriesOf(config);
      assertThat(Layers.fromConfig("test", className, layer.getConfig()).config())
          .isEqualTo(layer.config());
    }
  }
}
