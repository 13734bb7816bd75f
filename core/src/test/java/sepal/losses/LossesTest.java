package sepal.losses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.activations.Activations;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Golden;
import sepal.testing.Gradients;

class LossesTest {
  private static final List<Map<String, Object>> GOLDEN = Golden.readList("functions/losses.json");

  static Stream<Map<String, Object>> cases() {
    return GOLDEN.stream();
  }

  private static Loss loss(Map<String, Object> golden) {
    return Losses.get("test", golden.get("serialized"));
  }

  private static Tensor weight(Map<String, Object> golden) {
    Object weight = golden.get("sample_weight");
    return weight == null ? null : Golden.tensor(weight);
  }

  @Test
  void the_golden_file_has_every_case() {
    assertThat(GOLDEN).hasSize(48);
  }

  /** Keras computes in float32, whose steps are 6e-8; percentages are a hundred times as big. */
  private static void assertMatches(Loss loss, Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.dtype()).isEqualTo(expected.dtype());
    double size = loss instanceof MeanAbsolutePercentageError ? 100 : 1;
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i))
          .as("element %d", i)
          .isCloseTo(expected.get(i), within(3e-7 * size + 2e-6 * Math.abs(expected.get(i))));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void values_match_keras(Map<String, Object> golden) {
    Loss loss = loss(golden);
    Tensor yTrue = Golden.tensor(golden.get("y_true"));
    Tensor yPred = Golden.tensor(golden.get("y_pred"));
    assertMatches(
        loss, loss.apply(yTrue, yPred, weight(golden)), Golden.tensor(golden.get("value")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void gradients_match_keras(Map<String, Object> golden) {
    Loss loss = loss(golden);
    Tensor yTrue = Golden.tensor(golden.get("y_true"));
    Tensor yPred = Golden.tensor(golden.get("y_pred"));
    Tensor gradient = Gradients.of(p -> loss.apply(yTrue, p, weight(golden)), yPred);
    assertMatches(loss, gradient, Golden.tensor(golden.get("grad_y_pred")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void configurations_are_written_as_keras_writes_them(Map<String, Object> golden) {
    Loss loss = loss(golden);
    assertThat(Golden.plain(loss.serialize())).isEqualTo(Golden.plain(golden.get("serialized")));
    assertThat(loss.serialize().toString())
        .as("order")
        .isEqualTo(golden.get("serialized").toString());
    assertThat(Losses.get("test", loss.serialize())).isEqualTo(loss);
  }

  // Gradients

  /** Predictions that are probabilities. */
  private static Tensor probabilities(Shape shape, long seed) {
    return Activations.SOFTMAX.apply(Gradients.random(shape, seed, -1, 1));
  }

  private static Tensor oneHot(Shape shape, long seed) {
    Tensor random = Gradients.random(shape, seed, 0, 1);
    int classes = shape.get(-1);
    double[] labels = new double[random.size()];
    for (int i = 0; i < labels.length; i += classes) {
      labels[i + (int) (random.get(i) * classes)] = 1;
    }
    return Tensor.wrap(labels, shape);
  }

  private static Tensor classes(Shape shape, long seed, int from, int to) {
    return Gradients.random(shape, seed, from, to).cast(DType.INT32);
  }

  static Stream<Loss> ofNumbers() {
    return Stream.of(
        new MeanSquaredError(),
        new MeanSquaredError().reduction(Reduction.MEAN_WITH_SAMPLE_WEIGHT),
        new MeanAbsoluteError(),
        new MeanAbsolutePercentageError(),
        new MeanSquaredLogarithmicError(),
        new LogCosh(),
        new Huber(),
        new Huber(0.3).reduction(Reduction.SUM),
        new CosineSimilarity(),
        new CosineSimilarity(1),
        new Hinge(),
        new SquaredHinge(),
        new CategoricalHinge());
  }

  static Stream<Loss> ofProbabilities() {
    return Stream.of(
        new Poisson(),
        new KLDivergence(),
        new BinaryCrossentropy(),
        new BinaryCrossentropy().labelSmoothing(0.2).axis(1),
        new BinaryFocalCrossentropy(),
        new BinaryFocalCrossentropy().gamma(0),
        new BinaryFocalCrossentropy().applyClassBalancing(true).alpha(0.4).gamma(1.5),
        new CategoricalCrossentropy(),
        new CategoricalCrossentropy().labelSmoothing(0.1).axis(1),
        new CategoricalFocalCrossentropy(),
        new CategoricalFocalCrossentropy().labelSmoothing(0.1).gamma(0).alpha(1),
        new Dice(),
        new Dice().axis(List.of(1, 2)),
        new Tversky().alpha(0.3).beta(0.8),
        new Tversky().axis(List.of(-1)));
  }

  static Stream<Loss> ofLogits() {
    return Stream.of(
        new BinaryCrossentropy().fromLogits(true).labelSmoothing(0.2),
        new BinaryFocalCrossentropy().fromLogits(true).applyClassBalancing(true),
        new CategoricalCrossentropy().fromLogits(true).labelSmoothing(0.1),
        new CategoricalCrossentropy().fromLogits(true).axis(1),
        new CategoricalFocalCrossentropy().fromLogits(true));
  }

  /** The seeds keep clear of kinks, at which a difference is no derivative. */
  private static void assertGradient(Loss loss, Tensor yTrue, Tensor yPred, long seed) {
    double size = loss instanceof MeanAbsolutePercentageError ? 1e4 : 10;
    UnaryOperator<Tensor> plain = p -> loss.apply(yTrue, p);
    Gradients.check(plain, yPred, seed, size);
    Tensor weight = Gradients.random(Shape.of(yPred.shape().get(0)), seed + 9, 0, 2);
    if (loss.call(yTrue, yPred).shape().rank() > 0) {
      Gradients.check(p -> loss.apply(yTrue, p, weight), yPred, seed, size);
      Gradients.check(p -> loss.call(yTrue, p), yPred, seed, size);
    }
  }

  @ParameterizedTest
  @MethodSource("ofNumbers")
  void gradients_by_numbers_are_finite_differences(Loss loss) {
    Shape shape = Shape.of(3, 2, 4);
    for (long seed = 1; seed <= 3; seed++) {
      Tensor yTrue = Gradients.random(shape, seed, -2, 2);
      assertGradient(loss, yTrue, Gradients.random(shape, seed + 70, -2, 2), seed);
    }
  }

  @ParameterizedTest
  @MethodSource("ofProbabilities")
  void gradients_by_probabilities_are_finite_differences(Loss loss) {
    Shape shape = Shape.of(3, 2, 4);
    for (long seed = 1; seed <= 3; seed++) {
      assertGradient(loss, oneHot(shape, seed), probabilities(shape, seed + 50), seed);
    }
  }

  @ParameterizedTest
  @MethodSource("ofLogits")
  void gradients_by_logits_are_finite_differences(Loss loss) {
    Shape shape = Shape.of(3, 2, 4);
    for (long seed = 1; seed <= 3; seed++) {
      assertGradient(loss, oneHot(shape, seed), Gradients.random(shape, seed + 50, -3, 3), seed);
    }
  }

  @Test
  void gradients_of_sparse_crossentropies_are_finite_differences() {
    for (long seed = 1; seed <= 3; seed++) {
      Tensor logits = Gradients.random(Shape.of(3, 2, 4), seed, -3, 3);
      Tensor yTrue = classes(Shape.of(3, 2), seed, 0, 4);
      SparseCategoricalCrossentropy loss = new SparseCategoricalCrossentropy();
      assertGradient(loss, yTrue, probabilities(Shape.of(3, 2, 4), seed), seed);
      assertGradient(loss.fromLogits(true), yTrue, logits, seed);
      assertGradient(loss.fromLogits(true).ignoreClass(2), yTrue, logits, seed);
      assertGradient(
          loss.axis(1), classes(Shape.of(3, 4), seed, 0, 2), logits.cast(DType.FLOAT64), seed);
    }
  }

  @Test
  void gradients_of_circle_are_finite_differences() {
    for (long seed = 1; seed <= 3; seed++) {
      Tensor embeddings = Gradients.random(Shape.of(5, 3), seed, -1, 1);
      Tensor yTrue = classes(Shape.of(5), seed, 0, 2);
      assertGradient(new Circle().gamma(2), yTrue, embeddings, seed);
      assertGradient(
          new Circle().gamma(3).margin(0.2).removeDiagonal(false), yTrue, embeddings, seed);
    }
  }

  @Test
  void gradients_of_ctc_are_finite_differences() {
    for (long seed = 1; seed <= 3; seed++) {
      Tensor logits = Gradients.random(Shape.of(2, 6, 4), seed, -2, 2);
      Tensor yTrue = Tensor.of(new int[] {1, 2, 2, 3, 0, 0}, 2, 3);
      assertGradient(new CTC(), yTrue, logits, seed);
    }
  }

  // Values

  @Test
  void ctc_sums_over_every_way_to_stretch_the_labels() {
    // Two time steps and the label 1: the ways are (1 1), (blank 1) and (1 blank).
    Tensor logits = Tensor.of(new double[] {0.3, -0.7, 0.1, 0.9, 0.2, -0.4}, 1, 2, 3);
    Tensor p = Activations.SOFTMAX.apply(logits);
    double ways = p.get(1) * p.get(4) + p.get(0) * p.get(4) + p.get(1) * p.get(3);
    assertThat(new CTC().apply(Tensor.of(new int[] {1}, 1, 1), logits).get(0))
        .isCloseTo(-Math.log(ways), within(1e-12));
    assertThat(new CTC().apply(Tensor.of(new int[] {1, 1}, 1, 2), logits).get(0))
        .as("two equal labels need a blank between them")
        .isEqualTo(Double.POSITIVE_INFINITY);
  }

  @Test
  void regions_are_compared_as_keras_documents() {
    double[] yTrue = {1, 1, 0, 0, 1, 1, 0, 0};
    double[] yPred = {0, 1, 0, 1, 0.4, 0, 0, 0.9};
    Tensor y = Tensor.of(yTrue, 2, 2, 2, 1);
    Tensor p = Tensor.of(yPred, 2, 2, 2, 1);
    assertThat(new Dice().apply(y, p).get(0)).isCloseTo(1 - 2 * 1.4 / 7.3, within(1e-6));
    Loss perSample = new Dice().axis(List.of(1, 2, 3)).reduction(Reduction.NONE);
    assertThat(perSample.apply(y, p).toDoubleArray())
        .containsExactly(new double[] {0.5, 0.75757575}, within(1e-6));
    assertThat(new Tversky().apply(y, p).get(0)).isCloseTo(1 - 2 * 1.4 / 7.3, within(1e-6));
  }

  @Test
  void circle_ignores_samples_without_a_loss_in_the_mean() {
    Tensor embeddings = Tensor.of(new double[] {1, 0, 0.6, 0.8, 0, 1}, 3, 2);
    Tensor labels = Tensor.of(new int[] {0, 0, 1}, 3);
    Loss circle = new Circle().gamma(5);
    double[] each = circle.call(labels, embeddings).toDoubleArray();
    assertThat(each[2]).as("no other sample of its class").isZero();
    assertThat(circle.apply(labels, embeddings).get(0))
        .isCloseTo((each[0] + each[1]) / 2, within(1e-12));
  }

  @Test
  void saturated_probabilities_cost_what_they_cost_in_float32() {
    Tensor yTrue = Tensor.of(new float[] {0, 1}, 2, 1);
    Tensor yPred = Tensor.of(new float[] {1, 0}, 2, 1);
    Loss loss = new BinaryCrossentropy().reduction(Reduction.NONE);
    assertThat(loss.apply(yTrue, yPred).toDoubleArray())
        .containsExactly(new double[] {15.942385, 16.118095}, within(1e-5));
  }

  @Test
  void reductions_are_those_of_keras() {
    Tensor yTrue = Tensor.of(new float[] {0, 0, 0, 0}, 4, 1);
    Tensor yPred = Tensor.of(new float[] {1, 2, 3, 4}, 4, 1);
    Tensor weight = Tensor.of(new float[] {1, 0, 2, 0}, 4);
    MeanSquaredError loss = new MeanSquaredError();
    Map<String, Double> expected =
        Map.of(
            "sum_over_batch_size",
            19 / 4.0,
            "mean",
            19 / 4.0,
            "sum",
            19.0,
            "mean_with_sample_weight",
            19 / 3.0);
    expected.forEach(
        (name, value) ->
            assertThat(
                    loss.reduction(Reduction.of("test", name)).apply(yTrue, yPred, weight).get(0))
                .as(name)
                .isEqualTo((float) (double) value));
    for (String none : new String[] {"none", null}) {
      assertThat(loss.reduction(Reduction.of("test", none)).apply(yTrue, yPred, weight).floats())
          .containsExactly(1, 0, 18, 0);
    }
  }

  @Test
  void weights_of_zero_give_zero_and_no_gradient() {
    Tensor yTrue = Tensor.of(new float[] {1, 2}, 2, 1);
    Loss loss = new MeanSquaredError().reduction(Reduction.MEAN_WITH_SAMPLE_WEIGHT);
    Tensor weight = Tensor.zeros(2);
    assertThat(loss.apply(yTrue, Tensor.zeros(2, 1), weight).get(0)).isZero();
    assertThat(Gradients.of(p -> loss.apply(yTrue, p, weight), Tensor.zeros(2, 1)).floats())
        .containsOnly(-0f);
  }

  @Test
  void a_weight_for_each_sample_or_for_each_value_goes_with_the_first_axes() {
    Tensor yTrue = Tensor.zeros(2, 3, 1);
    Tensor yPred = Tensor.of(new float[] {1, 1, 1, 2, 2, 2}, 2, 3, 1);
    Loss loss = new MeanSquaredError().reduction(Reduction.SUM);
    assertThat(loss.apply(yTrue, yPred, Tensor.of(new float[] {1, 0.5f}, 2)).get(0)).isEqualTo(9);
    assertThat(loss.apply(yTrue, yPred, Tensor.of(new float[] {1, 0.5f}, 2, 1)).get(0))
        .isEqualTo(9);
    float[] each = {1, 0, 0, 0, 0, 1};
    assertThat(loss.apply(yTrue, yPred, Tensor.of(each, 2, 3)).get(0)).isEqualTo(5);
    assertThatThrownBy(() -> loss.apply(yTrue, yPred, Tensor.zeros(3)))
        .hasMessage(
            """
            sample weights: their shape does not go with that of the values
              got:      (3,)
              expected: (2, 3), or its first axes""");
  }

  @Test
  void labels_and_predictions_may_differ_by_a_last_axis_of_one() {
    Loss loss = new MeanSquaredError();
    Tensor flat = Tensor.of(new float[] {1, 2}, 2);
    Tensor column = Tensor.of(new float[] {3, 2}, 2, 1);
    assertThat(loss.apply(flat, column).get(0)).isEqualTo(2);
    assertThat(loss.apply(column, flat).get(0)).isEqualTo(2);
    assertThat(Gradients.of(p -> loss.apply(column, p), flat).floats()).containsExactly(-2, 0);
    Tensor wide = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor deep = wide.reshape(Shape.of(2, 2, 1));
    assertThat(Gradients.of(p -> loss.apply(wide, p), deep).shape()).isEqualTo(deep.shape());
    assertThat(Gradients.of(p -> loss.apply(deep, p), wide).shape()).isEqualTo(wide.shape());
  }

  @Test
  void hinge_losses_take_labels_of_zero_and_one_for_signs() {
    Tensor binary = Tensor.of(new float[] {0, 1}, 1, 2);
    Tensor signs = Tensor.of(new float[] {-1, 1}, 1, 2);
    Tensor yPred = Tensor.of(new float[] {0.5f, 0.25f}, 1, 2);
    for (Loss loss : List.of(new Hinge(), new SquaredHinge())) {
      assertThat(loss.apply(binary, yPred).get(0)).isEqualTo(loss.apply(signs, yPred).get(0));
    }
    assertThat(new Hinge().apply(signs, yPred).get(0)).isEqualTo(1.125);
  }

  @Test
  void what_is_ignored_counts_neither_in_the_sum_nor_in_the_mean() {
    Tensor yTrue = Tensor.of(new int[] {1, -1, 0, -1}, 4);
    Tensor yPred = probabilities(Shape.of(4, 3), 5);
    SparseCategoricalCrossentropy loss = new SparseCategoricalCrossentropy().ignoreClass(-1);
    double expected = -(Math.log(yPred.get(1)) + Math.log(yPred.get(6))) / 2;
    assertThat(loss.apply(yTrue, yPred).get(0)).isCloseTo(expected, within(1e-12));
    assertThat(loss.apply(yTrue.reshape(Shape.of(4, 1)), yPred).get(0))
        .isCloseTo(expected, within(1e-12));
    assertThat(Gradients.of(p -> loss.apply(yTrue, p), yPred).doubles()[4]).isZero();
  }

  // Errors

  @ParameterizedTest
  @CsvSource({"3, label 3 at index 1", "-1, label -1 at index 1", "0.5, label 0.5 at index 1"})
  void a_label_that_is_no_class_is_refused(float label, String got) {
    Tensor yTrue = Tensor.of(new float[] {0, label}, 2);
    Tensor yPred = probabilities(Shape.of(2, 3), 1);
    assertThatThrownBy(() -> new SparseCategoricalCrossentropy().apply(yTrue, yPred))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SparseCategoricalCrossentropy: a label is not the number of a class
              got:      %s
              expected: an integer from 0 to 2""",
            got);
  }

  @Test
  void one_hot_labels_for_a_sparse_loss_are_refused() {
    assertThatThrownBy(
            () ->
                new SparseCategoricalCrossentropy()
                    .apply(Tensor.zeros(2, 3), probabilities(Shape.of(2, 3), 1)))
        .hasMessage(
            """
            SparseCategoricalCrossentropy: there must be one label for each prediction
              got:      labels (2, 3) for predictions of 3 classes
              expected: labels (2,)
              fix:      use CategoricalCrossentropy for one-hot labels""");
  }

  @Test
  void labels_of_another_shape_are_refused() {
    assertThatThrownBy(
            () -> new CategoricalCrossentropy().apply(Tensor.zeros(2), Tensor.zeros(2, 3)))
        .hasMessage(
            """
            CategoricalCrossentropy: labels and predictions differ in shape
              got:      yTrue (2,), yPred (2, 3)
              expected: the same shape
              fix:      use SparseCategoricalCrossentropy for labels that are numbers of classes""");
    assertThatThrownBy(() -> new MeanSquaredError().apply(Tensor.zeros(2, 1), Tensor.zeros(2, 3)))
        .hasMessage(
            """
            MeanSquaredError: labels and predictions differ in shape
              got:      yTrue (2, 1), yPred (2, 3)
              expected: the same shape""");
    assertThatThrownBy(() -> new CTC().apply(Tensor.zeros(2), Tensor.zeros(2, 3, 4)))
        .hasMessageStartingWith("CTC: labels and predictions do not go together");
    assertThatThrownBy(() -> new Circle().apply(Tensor.zeros(3), Tensor.zeros(2, 3)))
        .hasMessageStartingWith("Circle: labels and embeddings do not go together");
  }

  @Test
  void an_unknown_name_is_refused_with_the_nearest_known_one() {
    assertThatThrownBy(() -> Losses.get("compile", "categorical_crossentropi"))
        .hasMessageStartingWith(
            """
            compile: unknown loss
              got:      "categorical_crossentropi" (did you mean "categorical_crossentropy"?)
              expected: one of BinaryCrossentropy, BinaryFocalCrossentropy, CTC, \
            CategoricalCrossentropy, CategoricalFocalCrossentropy, CategoricalHinge, Circle, \
            CosineSimilarity, Dice, Hinge, Huber, KLDivergence, LogCosh, MeanAbsoluteError, \
            MeanAbsolutePercentageError, MeanSquaredError, MeanSquaredLogarithmicError, Poisson, \
            SparseCategoricalCrossentropy, SquaredHinge, Tversky""");
  }

  @Test
  void an_unknown_reduction_is_refused() {
    assertThatThrownBy(() -> Reduction.of("MeanSquaredError", "summ"))
        .hasMessage(
            """
            MeanSquaredError: unknown reduction
              got:      reduction="summ" (did you mean "sum"?)
              expected: one of sum_over_batch_size, mean, sum, none, mean_with_sample_weight, or null""");
  }

  // Names and configurations

  @ParameterizedTest
  @CsvSource({
    "mse, MeanSquaredError",
    "MSE, MeanSquaredError",
    "mean_squared_error, MeanSquaredError",
    "mae, MeanAbsoluteError",
    "MAPE, MeanAbsolutePercentageError",
    "msle, MeanSquaredLogarithmicError",
    "bce, BinaryCrossentropy",
    "BCE, BinaryCrossentropy",
    "kld, KLDivergence",
    "kl_divergence, KLDivergence",
    "KLDivergence, KLDivergence",
    "log_cosh, LogCosh",
    "logcosh, LogCosh",
    "huber, Huber",
    "poisson, Poisson",
    "hinge, Hinge",
    "squared_hinge, SquaredHinge",
    "categorical_hinge, CategoricalHinge",
    "binary_crossentropy, BinaryCrossentropy",
    "binary_focal_crossentropy, BinaryFocalCrossentropy",
    "categorical_crossentropy, CategoricalCrossentropy",
    "categorical_focal_crossentropy, CategoricalFocalCrossentropy",
    "sparse_categorical_crossentropy, SparseCategoricalCrossentropy",
    "cosine_similarity, CosineSimilarity",
    "cosine_proximity, CosineSimilarity",
    "dice, Dice",
    "tversky, Tversky",
    "circle, Circle",
    "ctc, CTC"
  })
  void every_name_of_keras_is_known(String name, String className) {
    Loss loss = Losses.get("test", name);
    assertThat(loss.className()).isEqualTo(className);
    assertThat(loss.reduction()).isEqualTo(Reduction.SUM_OVER_BATCH_SIZE);
    assertThat(Losses.get("test", loss.serialize())).isEqualTo(loss);
    assertThat(Losses.get("test", function(name))).isEqualTo(loss);
  }

  private static Map<String, Object> function(String name) {
    return Map.of("module", "builtins", "class_name", "function", "config", name);
  }

  @Test
  void what_keras_2_wrote_is_read() {
    Map<String, Object> config = new HashMap<>();
    config.put("reduction", "auto");
    config.put("name", "categorical_crossentropy");
    config.put("from_logits", true);
    config.put("label_smoothing", 0);
    config.put("axis", -1);
    config.put("fn", "categorical_crossentropy");
    assertThat(
            Losses.get("test", Map.of("class_name", "CategoricalCrossentropy", "config", config)))
        .isEqualTo(new CategoricalCrossentropy().fromLogits(true));
  }

  @Test
  void null_is_null_and_an_object_or_its_class_is_accepted() {
    Loss huber = new Huber(2);
    assertThat(Losses.get("test", null)).isNull();
    assertThat(Losses.get("test", huber)).isSameAs(huber);
    assertThat(Losses.get("test", Poisson.class)).isEqualTo(new Poisson());
  }

  @Test
  void a_lambda_made_of_operations_has_their_gradient_and_is_saved_once_registered() {
    Loss last = (yTrue, yPred) -> Activations.SIGMOID.apply(yPred);
    Tensor yPred = Gradients.random(Shape.of(3, 2), 1, -1, 1);
    Gradients.check(p -> last.apply(yPred, p), yPred, 1, 1);
    assertThatThrownBy(last::serialize)
        .hasMessage(
            """
            Losses: a loss without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Losses.registerFunction("my_loss", ...) before saving and loading""");
    Losses.registerFunction("test_last", last);
    assertThat(Losses.get("test", last.serialize())).isSameAs(last);
  }

  record TestPower(double exponent) implements Loss {
    @Override
    public Tensor call(Tensor yTrue, Tensor yPred) {
      return yPred;
    }

    @Override
    public Map<String, Object> getConfig() {
      return Map.of("exponent", exponent);
    }
  }

  @Test
  void a_registered_class_is_saved_and_loaded() {
    Losses.register("TestPower", c -> new TestPower(c.number("exponent", 2)));
    assertThat(Losses.get("test", new TestPower(3).serialize())).isEqualTo(new TestPower(3));
  }
}
