package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
  }

  @Test
  void a_noise_shape_that_does_not_fit_is_refused_in_training_only() {
    Layer layer = new Dropout(0.5, o -> o.noiseShape(2, 1, 4).name("d"));
    assertThat(layer.apply(Tensor.zeros(3, 6, 4)).shape()).isEqualTo(Shape.of(3, 6, 4));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(3, 6, 4), true))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Dropout "d": noiseShape does not fit the input
              got:      noiseShape=(2, 1, 4), input (3, 6, 4)
              expected: on each axis 1, null, or the size of the input""");
    assertThatThrownBy(() -> new Dropout(0.5, o -> o.noiseShape(0, 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Dropout: the sizes of noiseShape must be positive
              got:      noiseShape=(0, 1)
              expected: sizes of 1 or more, or null where the input tells""");
  }

  @Test
  void seed_and_noise_shape_go_through_the_configuration() {
    Map<String, Object> config = new HashMap<>();
    config.put("rate", 0.5);
    config.put("seed", 1L << 40);
    config.put("noise_shape", Arrays.asList(null, 1, 4));
    config.put("name", "d");

    Layer layer = Layers.fromConfig("test", "Dropout", config);

    assertThat(layer.getConfig()).containsAllEntriesOf(config);
    assertThat(Layers.fromConfig("test", "Dropout", layer.getConfig()).config())
        .isEqualTo(layer.config());
  }
}
