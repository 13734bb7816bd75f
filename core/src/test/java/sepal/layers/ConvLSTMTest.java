package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.models.Functional;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

class ConvLSTMTest {

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  private static Tensor random(long seed, int... shape) {
    SplittableRandom random = new SplittableRandom(seed);
    return Tensor.of(random.doubles(Shape.of(shape).size(), -1, 1).toArray(), shape);
  }

  @Test
  void the_weights_belong_to_a_cell() {
    ConvLSTM2D layer = new ConvLSTM2D(2, 3, o -> o.padding("same"));
    layer.build(Shape.of(-1, -1, 4, 5, 3));

    assertThat(layer.weights())
        .extracting(Object::toString)
        .containsExactly(
            "Weight(conv_lstm2d/conv_lstm_cell/kernel, float32(3, 3, 3, 8))",
            "Weight(conv_lstm2d/conv_lstm_cell/recurrent_kernel, float32(3, 3, 2, 8))",
            "Weight(conv_lstm2d/conv_lstm_cell/bias, float32(8,))");
    assertThat(layer.weights().get(2).value().floats())
        .as("the bias of the forget gate starts at 1")
        .containsExactly(0, 0, 1, 1, 0, 0, 0, 0);
    assertThat(layer.computeOutputShape(Shape.of(-1, -1, 4, 5, 3)))
        .isEqualTo(Shape.of(-1, 4, 5, 2));
  }

  /** One pixel, so that the gates can be followed by hand. */
  @Test
  void a_step_is_what_the_equations_say() {
    Tensor kernel = Tensor.of(new float[] {0.5f, -1, 2, 0.25f}, 1, 1, 1, 4);
    Tensor recurrent = Tensor.of(new float[] {1, 0.5f, -0.5f, 2}, 1, 1, 1, 4);
    Tensor bias = Tensor.of(new float[] {0.1f, 0.2f, 0.3f, 0.4f}, 4);
    ConvLSTM2D layer =
        new ConvLSTM2D(1, 1, o -> o.returnState(true).weights(List.of(kernel, recurrent, bias)));
    double[] x = {0.7, -0.4, 1.3};
    double memory = 0;
    double carry = 0;
    for (double value : x) {
      double in = sigmoid(0.5 * value + 0.1 + memory);
      double forget = sigmoid(-value + 0.2 + 0.5 * memory);
      double out = sigmoid(0.25 * value + 0.4 + 2 * memory);
      carry = forget * carry + in * Math.tanh(2 * value + 0.3 - 0.5 * memory);
      memory = out * Math.tanh(carry);
    }

    List<Tensor> y = layer.applyAll(List.of(Tensor.of(x, 1, 3, 1, 1, 1)), false);

    assertThat(y).hasSize(3);
    assertThat(y.get(0).get(0)).isCloseTo(memory, within(1e-6));
    assertThat(y.get(1).get(0)).isCloseTo(memory, within(1e-6));
    assertThat(y.get(2).get(0)).isCloseTo(carry, within(1e-6));
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void all_steps_end_in_the_last_one() {
    Tensor x = random(1, 2, 4, 5, 5, 2);
    ConvLSTM2D all = new ConvLSTM2D(3, 2, o -> o.returnSequences(true));
    all.build(x.shape());
    ConvLSTM2D last = new ConvLSTM2D(3, 2);
    last.build(x.shape());
    last.setWeights(all.getWeights());
    Tensor sequence = all.apply(x);

    assertThat(sequence.shape()).isEqualTo(Shape.of(2, 4, 4, 4, 3));
    assertThat(last.apply(x).rows(1, 2).floats())
        .containsExactly(sequence.rows(1, 2).reshape(Shape.of(4, 4, 4, 3)).rows(3, 4).floats());
  }

  @Test
  void lines_and_volumes_of_one_pixel_are_images_of_one_pixel() {
    Tensor x = random(2, 2, 3, 4, 1, 2);
    ConvLSTM2D image = new ConvLSTM2D(2, sepal.shape.Dims.of(3, 1), o -> o.padding("same"));
    image.build(x.shape());
    ConvLSTM1D line = new ConvLSTM1D(2, 3, o -> o.padding("same"));
    ConvLSTM3D volume = new ConvLSTM3D(2, sepal.shape.Dims.of(1, 3, 1), o -> o.padding("same"));
    List<Tensor> weights = image.getWeights();

    for (Map.Entry<Layer, Shape> other :
        Map.<Layer, Shape>of(line, Shape.of(2, 3, 4, 2), volume, Shape.of(2, 3, 1, 4, 1, 2))
            .entrySet()) {
      other.getKey().build(other.getValue());
      List<Tensor> reshaped = new ArrayList<>();
      for (int i = 0; i < weights.size(); i++) {
        reshaped.add(weights.get(i).reshape(other.getKey().weights().get(i).shape()));
      }
      other.getKey().setWeights(reshaped);
      assertThat(other.getKey().apply(x.reshape(other.getValue())).floats())
          .containsExactly(image.apply(x).floats(), within(1e-6f));
    }
  }

  @Test
  void gradients_are_finite_differences_with_dropout_too() {
    for (double rate : new double[] {0, 0.3}) {
      Tensor x = random(3, 1, 3, 3, 3, 2);
      ConvLSTM2D first = layer(rate);
      first.build(x.shape());
      List<Tensor> inputs = new ArrayList<>(first.getWeights());
      inputs.add(x);
      Gradients.check(
          values -> {
            ConvLSTM2D layer = layer(rate); // with the same seed, so with the same masks
            layer.build(x.shape());
            return layer
                .statelessCall(values.subList(0, 3), List.of(), values.get(3), true)
                .output();
          },
          inputs,
          4,
          10);
    }
  }

  private static ConvLSTM2D layer(double rate) {
    return new ConvLSTM2D(
        2,
        2,
        o ->
            o.dtype("float64")
                .dropout(rate)
                .recurrentDropout(rate)
                .seed(5L)
                .padding("same")
                .goBackwards(true));
  }

  @Test
  void dropout_works_in_training_only() {
    ConvLSTM2D layer = new ConvLSTM2D(2, 2, o -> o.dropout(0.5).recurrentDropout(0.5).seed(1L));
    Tensor x = random(6, 2, 3, 4, 4, 2);
    Tensor predicted = layer.apply(x);

    assertThat(layer.apply(x).floats()).containsExactly(predicted.floats());
    assertThat(layer.apply(x, true).floats()).isNotEqualTo(predicted.floats());
    assertThat(layer.apply(x, true).floats()).isNotEqualTo(layer.apply(x, true).floats());
    assertThat(layer.seedGenerators()).hasSize(1);
  }

  @Test
  void a_stateful_layer_goes_on_where_it_was() {
    Tensor x = random(7, 2, 6, 4, 4, 1);
    ConvLSTM2D whole = new ConvLSTM2D(2, 2, o -> o.padding("same"));
    whole.build(x.shape());
    ConvLSTM2D parts = new ConvLSTM2D(2, 2, o -> o.padding("same").stateful(true).name("lstm"));
    parts.build(Shape.of(2, 3, 4, 4, 1));
    parts.setWeights(whole.getWeights());
    Tensor steps = sepal.ops.Ops.slice(x, 1, 0, 3);
    Tensor more = sepal.ops.Ops.slice(x, 1, 3, 6);

    Tensor first = parts.apply(steps);
    assertThat(parts.apply(more).floats()).containsExactly(whole.apply(x).floats());
    parts.resetState();
    assertThat(parts.apply(steps).floats()).containsExactly(first.floats());
    assertThatThrownBy(() -> parts.apply(Tensor.zeros(1, 3, 4, 4, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            ConvLSTM2D "lstm": the input does not fit the state that is kept
              got:      input (1, 3, 4, 4, 1), state (2, 4, 4, 2)
              expected: state (1, 4, 4, 2)
              fix:      call resetState() first""");
    assertThatThrownBy(
            () ->
                new ConvLSTM2D(2, 2, o -> o.stateful(true).name("lstm"))
                    .build(Shape.of(-1, 3, 4, 4, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "ConvLSTM2D \"lstm\": a stateful layer must know the number of samples");
  }

  @Test
  void models_hold_it_with_all_its_outputs() {
    KerasTensor input = Input.of(3, 4, 4, 2);
    List<KerasTensor> outputs =
        new ConvLSTM2D(2, 2, o -> o.returnState(true).returnSequences(true)).applyAll(input);
    Functional model = new Functional(List.of(input), outputs);
    Tensor x = random(8, 5, 3, 4, 4, 2);

    assertThat(model.predict(List.of(x)))
        .extracting(Tensor::shape)
        .containsExactly(Shape.of(5, 3, 3, 3, 2), Shape.of(5, 3, 3, 2), Shape.of(5, 3, 3, 2));
  }

  @Test
  void it_learns() {
    Sequential model =
        new Sequential(
            new ConvLSTM2D(4, 3, o -> o.padding("same").inputShape(4, 5, 5, 1)), new Conv2D(1, 1));
    model.compile(new sepal.optimizers.Adam(0.05), "mse");
    Tensor x = random(9, 8, 4, 5, 5, 1);
    Tensor y = Tensor.full(sepal.tensor.DType.FLOAT32, Shape.of(8, 5, 5, 1), 0.5);
    List<Double> losses = model.fit(x, y, o -> o.epochs(20)).get("loss");

    assertThat(losses.get(19)).isLessThan(losses.get(0) / 2);
  }

  @Test
  void mistakes_are_named() {
    assertRejected(
        o -> o.dropout(1.5),
        """
        ConvLSTM2D: dropout must lie between 0 and 1
          got:      dropout=1.5
          expected: the share of elements to drop, for example 0.2""");
    assertRejected(
        o -> o.recurrentDropout(-1),
        """
        ConvLSTM2D: recurrentDropout must lie between 0 and 1
          got:      recurrentDropout=-1.0
          expected: the share of elements to drop, for example 0.2""");
    ConvLSTM2D layer = new ConvLSTM2D(2, 2, o -> o.name("lstm").dataFormat("channels_first"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 3, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            ConvLSTM2D "lstm": wrong rank of the input
              got:      4   (input (1, 3, 4, 4))
              expected: 5   (batch, time, channels, height, width)""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 0, 2, 4, 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ConvLSTM2D \"lstm\": there is no step to take");
  }

  private static void assertRejected(Consumer<ConvLSTM2D.Options> options, String message) {
    assertThatThrownBy(() -> new ConvLSTM2D(1, 2, options))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
