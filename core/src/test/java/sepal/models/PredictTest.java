package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.MaxPooling2D;
import sepal.layers.SeparableConv2D;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class PredictTest {
  private static final long SEED = 20261121;

  @BeforeEach
  void start_the_automatic_names_again() {
    Layers.clearSession();
  }

  private static Tensor random(int... shape) {
    Random random = new Random(SEED);
    float[] values = new float[Shape.of(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.of(values, shape);
  }

  /** One input (n, 8, 8, 3), one output (n, 5). */
  private static Sequential small() {
    return new Sequential(
        new SeparableConv2D(6, 3, o -> o.inputShape(8, 8, 3).padding("same").activation("relu")),
        new BatchNormalization(),
        new MaxPooling2D(2),
        new GlobalAveragePooling2D(),
        new Dense(5, o -> o.activation("softmax")));
  }

  /** Inputs a and b (n, 6, 6, 2), one convolution for both, outputs (n, 3) and (n, 4). */
  private static Functional twoByTwo() {
    KerasTensor a = Input.of(o -> o.shape(6, 6, 2).name("a"));
    KerasTensor b = Input.of(o -> o.shape(6, 6, 2).name("b"));
    Layer shared = new SeparableConv2D(4, 3, o -> o.name("shared"));
    KerasTensor x = shared.apply(a);
    KerasTensor y = shared.apply(b);
    Layer pool = new GlobalAveragePooling2D();
    return new Functional(
        List.of(a, b),
        List.of(
            new Dense(3, o -> o.name("left")).apply(pool.apply(x)),
            new Dense(4, o -> o.name("right")).apply(pool.apply(y))),
        "two_by_two");
  }

  private static void assertSameBits(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.floats()).containsExactly(expected.floats());
  }

  @Test
  void batches_give_the_same_bits_as_one_batch() {
    Model model = small();
    Tensor x = random(13, 8, 8, 3);

    Tensor whole = model.predict(x, 13);

    assertThat(whole.shape()).isEqualTo(Shape.of(13, 5));
    for (int batchSize : new int[] {1, 2, 3, 4, 5, 12, 14, Integer.MAX_VALUE}) {
      assertSameBits(model.predict(x, batchSize), whole);
    }
    assertSameBits(model.predict(x), whole);
    assertSameBits(model.apply(x), whole);
  }

  @Test
  void eight_threads_predict_the_same_bits_as_one() throws Exception {
    Functional model = twoByTwo();
    Tensor a = random(9, 6, 6, 2);
    Tensor b = a.rows(0, 9);
    List<Tensor> alone = model.predict(List.of(a, b), 4);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<Tensor>>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int batchSize = 1 + i % 9;
        results.add(threads.submit(() -> model.predict(List.of(a, b), batchSize)));
      }
      for (Future<List<Tensor>> result : results) {
        assertSameBits(result.get().get(0), alone.get(0));
        assertSameBits(result.get().get(1), alone.get(1));
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void an_unbuilt_model_is_built_once_by_eight_threads() throws Exception {
    Sequential model = new Sequential(new SeparableConv2D(4, 3), new GlobalAveragePooling2D());
    Tensor x = random(5, 6, 6, 2);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Tensor>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int samples = 1 + i % 5;
        results.add(
            threads.submit(
                () ->
                    samples % 2 == 0
                        ? model.predict(x.rows(0, samples))
                        : model.apply(x.rows(0, samples))));
      }
      Tensor first = results.get(4).get();
      for (Future<Tensor> result : results) {
        assertSameBits(result.get().rows(0, 1), first.rows(0, 1));
      }
    } finally {
      threads.shutdown();
    }
    assertThat(model.weights()).hasSize(3);
  }

  @Test
  void a_map_goes_in_and_a_map_comes_out() {
    Functional model = twoByTwo();
    Tensor a = random(3, 6, 6, 2);
    Tensor b = Tensor.full(DType.FLOAT32, Shape.of(3, 6, 6, 2), 0.5);

    Map<String, Tensor> byName = model.predict(Map.of("b", b, "a", a), 2);
    List<Tensor> inOrder = model.predict(List.of(a, b));

    assertThat(model.inputNames()).containsExactly("a", "b");
    assertThat(byName.keySet()).containsExactly("left", "right");
    assertSameBits(byName.get("left"), inOrder.get(0));
    assertSameBits(byName.get("right"), inOrder.get(1));
    assertThat(model.weights()).hasSize(7);
    assertThat(model.countParams()).isEqualTo(9 * 2 + 2 * 4 + 4 + 5 * 3 + 5 * 4);
  }

  @Test
  void a_nested_model_is_called_like_a_layer_and_shares_its_weights() {
    Sequential inner = new Sequential("inner", new SeparableConv2D(3, 3, o -> o.padding("same")));
    KerasTensor image = Input.of(6, 6, 3);
    KerasTensor once = inner.apply(image);
    Functional outer = new Functional(image, inner.apply(once), "outer");
    Tensor x = random(2, 6, 6, 3);

    assertSameBits(outer.predict(x), inner.predict(inner.predict(x)));
    assertThat(outer.weights()).isEqualTo(inner.weights()).hasSize(3);
    assertThat(outer.layers()).extracting(Layer::name).containsExactly("input_layer", "inner");
  }

  @Test
  void unknown_sizes_take_pictures_of_any_size() {
    KerasTensor image = Input.of(-1, -1, 3);
    Functional model =
        new Functional(image, new SeparableConv2D(4, 3, o -> o.strides(2)).apply(image));

    assertThat(model.outputs().get(0).shape()).isEqualTo(Shape.of(-1, -1, -1, 4));
    assertThat(model.predict(random(1, 9, 7, 3)).shape()).isEqualTo(Shape.of(1, 4, 3, 4));
    assertThat(model.predict(random(2, 5, 5, 3)).shape()).isEqualTo(Shape.of(2, 2, 2, 4));
    assertThat(model.computeOutputShape(Shape.of(-1, 9, 7, 3))).isEqualTo(Shape.of(-1, 4, 3, 4));
  }

  @Test
  void a_model_can_start_and_end_inside_another() {
    KerasTensor image = Input.of(8, 8, 3);
    KerasTensor features = new SeparableConv2D(4, 3).apply(image);
    KerasTensor pooled = new GlobalAveragePooling2D().apply(features);
    KerasTensor scores = new Dense(2).apply(pooled);
    Tensor x = random(3, 8, 8, 3);

    Functional whole = new Functional(image, scores);
    Functional head = new Functional(features, scores);
    Functional backbone = new Functional(image, features);

    assertSameBits(head.predict(backbone.predict(x)), whole.predict(x));
    assertThat(head.layers())
        .extracting(Layer::name)
        .containsExactly("input_layer_1", "global_average_pooling2d", "dense");
  }

  @Test
  void a_last_axis_of_one_may_be_left_out_or_be_too_many() {
    Model gray = new Sequential(new SeparableConv2D(2, 3, o -> o.inputShape(5, 5, 1)));
    Tensor x = random(4, 5, 5);
    Model flat = new Sequential(new Dense(2, o -> o.inputShape(3)));
    Tensor y = random(4, 3);

    assertSameBits(gray.predict(x), gray.predict(x.reshape(Shape.of(4, 5, 5, 1))));
    assertSameBits(flat.predict(y.reshape(Shape.of(4, 3, 1))), flat.predict(y));
  }

  @Test
  void integers_are_cast_to_the_type_of_the_input() {
    Model model = new Sequential(new Dense(2, o -> o.inputShape(3)));
    int[] values = {1, 2, 3, 4, 5, 6};

    assertSameBits(
        model.predict(Tensor.of(values, 2, 3)),
        model.predict(Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3)));
  }

  @Test
  void wrong_inputs_are_told_in_full() {
    Functional model = twoByTwo();
    Tensor a = random(3, 6, 6, 2);
    Tensor two = random(2, 6, 6, 2);

    assertThatThrownBy(() -> model.predict(Map.of("a", a, "c", a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": unknown input name
              got:      "c" (did you mean "a"?)
              expected: a, b""");
    assertThatThrownBy(() -> model.predict(Map.of("a", a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": an input is missing
              got:      a
              expected: a, b
              fix:      add "b\"""");
    assertThatThrownBy(() -> model.predict(List.of(a)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": wrong number of inputs
              got:      1
              expected: 2   (a, b)""");
    assertThatThrownBy(() -> model.predict(List.of(a, two)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": the inputs differ in the number of samples
              got:      a: 3, b: 2
              expected: the same number of samples in every input""");
    assertThatThrownBy(() -> model.predict(a, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": batchSize must be a positive integer
              got:      batchSize=0
              expected: 1 or more""");
    assertThatThrownBy(() -> model.predict(List.of(a, random(3, 6, 6, 3))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "two_by_two": wrong shape of input "b"
              got:      (3, 6, 6, 3)
              expected: (null, 6, 6, 2)""");
  }

  @Test
  void a_forgotten_batch_axis_and_no_samples_are_told_in_full() {
    Sequential model = small();

    assertThatThrownBy(() -> model.predict(random(8, 8, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": wrong shape of input "input_layer"
              got:      (8, 8, 3)
              expected: (null, 8, 8, 3)
              fix:      add the batch axis: reshape to (1, 8, 8, 3)""");
    assertThatThrownBy(() -> model.predict(Tensor.zeros(0, 8, 8, 3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": there is nothing to predict
              got:      input_layer: 0
              expected: at least one sample""");
  }

  @Test
  void one_tensor_is_not_enough_for_several_outputs() {
    KerasTensor x = Input.of(o -> o.shape(3).name("x"));
    Functional model =
        new Functional(
            List.of(x),
            List.of(
                new Dense(1, o -> o.name("p")).apply(x), new Dense(2, o -> o.name("q")).apply(x)),
            "fork");

    assertThatThrownBy(() -> model.predict(random(2, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Functional "fork": the model has several outputs
              got:      [p, q]
              expected: 1
              fix:      call predict(List.of(input)), or predict(Map.of(name, input))""");
    assertThat(model.predict(List.of(random(2, 3)))).hasSize(2);
  }
}
