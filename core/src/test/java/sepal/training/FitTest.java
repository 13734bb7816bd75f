package sepal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.callbacks.LambdaCallback;
import sepal.callbacks.TerminateOnNaN;
import sepal.kernels.Parallel;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Flatten;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.LossScope;
import sepal.layers.SeparableConv2D;
import sepal.models.Functional;
import sepal.models.Sequential;
import sepal.ops.Ops;
import sepal.optimizers.Adam;
import sepal.optimizers.SGD;
import sepal.regularizers.L2;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class FitTest {
  private static final int SAMPLES = 10;
  private final Tensor x = noise(1, SAMPLES, 6, 5, 2);
  private final Tensor y = Tensor.of(new int[] {0, 1, 2, 0, 1, 2, 0, 1, 2, 0}, SAMPLES);

  private static Tensor noise(long seed, int... shape) {
    Random random = new Random(seed);
    float[] data = new float[Shape.of(shape).size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = (float) random.nextGaussian();
    }
    return Tensor.of(data, shape);
  }

  private static Sequential model() {
    Sequential model =
        new Sequential(
            new SeparableConv2D(
                4,
                3,
                o -> {
                  o.inputShape(6, 5, 2).padding("same").activation("relu");
                  o.depthwiseInitializer(new sepal.initializers.GlorotUniform(1));
                  o.pointwiseInitializer(new sepal.initializers.GlorotUniform(2));
                }),
            new BatchNormalization(),
            new Flatten(),
            new Dense(
                3,
                o ->
                    o.activation("softmax")
                        .kernelInitializer(new sepal.initializers.GlorotUniform(3))));
    model.compile(new Adam(0.01), "sparse_categorical_crossentropy", "accuracy");
    return model;
  }

  private static List<float[]> values(Sequential model) {
    return model.getWeights().stream().map(Tensor::floats).toList();
  }

  @Test
  void training_lowers_the_loss_and_logs_every_epoch() {
    History history = model().fit(x, y, o -> o.epochs(20).batchSize(4));

    assertThat(history.epochs()).hasSize(20).startsWith(0, 1).endsWith(19);
    assertThat(history.values()).containsOnlyKeys("loss", "accuracy");
    assertThat(history.get("loss").get(19)).isLessThan(0.5 * history.get("loss").get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void the_same_seed_gives_the_same_bits_whatever_the_number_of_threads(int threads) {
    Sequential first = model();
    first.fit(x, y, o -> o.epochs(2).batchSize(4).seed(7));
    int before = Parallel.threads();
    Parallel.setThreads(threads);
    try {
      Sequential second = model();
      second.fit(x, y, o -> o.epochs(2).batchSize(4).seed(7));
      assertThat(values(second)).usingRecursiveComparison().isEqualTo(values(first));
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void another_seed_shuffles_otherwise() {
    Sequential first = model();
    Sequential second = model();
    first.fit(x, y, o -> o.batchSize(4).seed(7));
    second.fit(x, y, o -> o.batchSize(4).seed(8));
    assertThat(values(second).get(0)).isNotEqualTo(values(first).get(0));
  }

  @Test
  void frozen_layers_keep_their_weights() {
    Sequential model = model();
    model.getLayer(0).setTrainable(false);
    List<float[]> before = values(model);
    model.fit(x, y, o -> o.epochs(2));
    assertThat(values(model).subList(0, 3))
        .usingRecursiveComparison()
        .isEqualTo(before.subList(0, 3));
    assertThat(values(model).get(7)).isNotEqualTo(before.get(7));
  }

  @Test
  void a_dataset_is_walked_once_an_epoch_or_step_by_step() {
    List<Integer> sizes = new ArrayList<>();
    Dataset dataset =
        () ->
            Arrays.asList(batch(0, 4), batch(4, 8), batch(8, 10)).stream()
                .peek(batch -> sizes.add(batch.size()))
                .iterator();

    model().fit(dataset, o -> o.epochs(2));
    assertThat(sizes).containsExactly(4, 4, 2, 4, 4, 2);

    sizes.clear();
    model().fit(dataset, o -> o.epochs(2).stepsPerEpoch(2));
    assertThat(sizes).containsExactly(4, 4, 2, 4);
  }

  private Batch batch(int from, int to) {
    return new Batch(x.rows(from, to), y.rows(from, to));
  }

  @Test
  void initial_epoch_and_validation_frequency_are_heeded() {
    AtomicInteger begun = new AtomicInteger();
    History history =
        model()
            .fit(
                x,
                y,
                o ->
                    o.initialEpoch(2)
                        .epochs(6)
                        .validationSplit(0.2)
                        .validationFreq(2)
                        .callbacks(
                            new LambdaCallback(c -> c.onEpochBegin(e -> begun.incrementAndGet()))));
    assertThat(begun).hasValue(4);
    assertThat(history.epochs()).containsExactly(2, 3, 4, 5);
    assertThat(history.get("val_loss")).hasSize(2);
  }

  @Test
  void a_loss_that_is_not_finite_is_an_error_and_leaves_the_weights_alone() {
    Sequential model = model();
    List<float[]> before = values(model);
    Tensor broken = Tensor.full(x.dtype(), x.shape(), Double.NaN);

    assertThatThrownBy(() -> model.fit(broken, y, o -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            %s: the loss is not finite; the weights were left as they are
              got:      loss=NaN
              fix:      lower the learning rate, clip gradients, or add TerminateOnNaN to end \
            quietly""",
            model);
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);

    History history = model.fit(broken, y, o -> o.epochs(5).callbacks(new TerminateOnNaN()));
    assertThat(history.epochs()).containsExactly(0);
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void training_before_compile_is_an_error() {
    Sequential model = new Sequential(new Dense(1, o -> o.inputShape(2)));
    assertThatThrownBy(() -> model.fit(noise(1, 4, 2), noise(2, 4, 1), o -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            %s: the model must be compiled before it is trained or evaluated
              fix:      call compile(optimizer, loss)""",
            model);
  }

  @Test
  void numbers_of_samples_must_agree() {
    assertThatThrownBy(() -> model().fit(x, y.rows(0, 9), o -> {}))
        .hasMessage(
            """
            fit: all tensors must have the same number of samples
              got:      x [(10, 6, 5, 2)], y [(9,)]
              expected: 10 on axis 0 of each""");
  }

  @Test
  void class_and_sample_weights_exclude_each_other() {
    assertThatThrownBy(
            () ->
                model()
                    .fit(
                        x,
                        y,
                        o ->
                            o.classWeight(Map.of(0, 2.0))
                                .sampleWeight(Tensor.of(new float[SAMPLES], SAMPLES))))
        .hasMessage(
            """
            fit: classWeight and sampleWeight exclude each other
              fix:      multiply the class weights into the sample weights""");
  }

  @Test
  void a_loss_that_is_infinite_is_an_error_and_leaves_the_weights_alone() {
    Sequential model = new Sequential(new Dense(1, o -> o.inputShape(2)));
    model.compile("sgd", "mse");
    List<float[]> before = values(model);
    Tensor far = Tensor.full(x.dtype(), Shape.of(4, 1), 1e38);
    assertThatThrownBy(() -> model.fit(noise(1, 4, 2), far, o -> {}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            %s: the loss is not finite; the weights were left as they are
              got:      loss=Infinity
              fix:      lower the learning rate, clip gradients, or add TerminateOnNaN to end \
            quietly""",
            model);
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "-1, -1"})
  void labels_out_of_range_are_an_error_and_leave_all_weights_alone(int label, String shown) {
    Sequential model = model();
    List<float[]> before = values(model);
    Tensor wrong = Tensor.of(new int[] {0, 1, label, 0, 1, 2, 0, 1, 2, 0}, SAMPLES);
    assertThatThrownBy(() -> model.fit(x, wrong, o -> o.shuffle(false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            SparseCategoricalCrossentropy: a label is not the number of a class
              got:      label %s at index 2
              expected: an integer from 0 to 2""",
            shown);
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);
    assertThat(model.trainer().optimizer().iterations()).isZero();
  }

  @Test
  void a_metric_that_refuses_the_labels_leaves_all_weights_alone() {
    Sequential model = model();
    model.compile("sgd", "sparse_categorical_crossentropy", "mse");
    List<float[]> before = values(model);
    assertThatThrownBy(() -> model.fit(x, y, o -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("(10,)");
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void unknown_names_are_refused_by_compile_and_the_model_trains_on_as_it_was() {
    Sequential model = model();
    assertThatThrownBy(() -> model.compile("adamm", "mse"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            %s, compile: unknown optimizer
              got:      "adamm" (did you mean "Adam"?)
              expected: one of Adadelta, Adagrad, Adam, AdamW, Adamax, Ftrl, Lion, Nadam, \
            RMSprop, SGD""",
            model);
    assertThatThrownBy(() -> model.compile("adam", "mean_square_error"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            """
            %s, compile: unknown loss
              got:      "mean_square_error" (did you mean "mean_squared_error"?)
              expected: one of BinaryCrossentropy, \
            """
                .stripTrailing()
                .formatted(model));
    for (Object metrics : List.of("acuracy", List.of("acuracy"), Map.of("dense", "acuracy"))) {
      assertThatThrownBy(() -> model.compile("adam", "mse", metrics))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              """
              %s, compile: unknown metric
                got:      "acuracy" (did you mean "Accuracy"?)
                expected: one of AUC, \
              """
                  .stripTrailing()
                  .formatted(model));
    }
    assertThat(model.fit(x, y, o -> {}).values()).containsOnlyKeys("loss", "accuracy");
  }

  @Test
  void samples_and_their_weights_must_be_as_many_in_training_validation_and_evaluation() {
    Sequential model = model();
    List<float[]> before = values(model);
    Tensor nine = Tensor.of(new float[9], 9);
    String message =
        """
        fit: all tensors must have the same number of samples
          got:      x [(10, 6, 5, 2)], y [(10,)], sampleWeight (9,)
          expected: 10 on axis 0 of each""";
    assertThatThrownBy(() -> model.fit(x, y, o -> o.sampleWeight(nine))).hasMessage(message);
    assertThatThrownBy(() -> model.fit(x, y, o -> o.validationData(x, y, nine)))
        .hasMessage(message);
    assertThatThrownBy(() -> model.evaluate(x, y, o -> o.sampleWeight(nine)))
        .hasMessage(message.replace("fit:", "evaluate:"));
    assertThat(values(model)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void classes_without_a_weight_weigh_1() {
    Sequential named = model();
    Sequential spelled = model();
    named.fit(x, y, o -> o.classWeight(Map.of(1, 3.0)));
    spelled.fit(x, y, o -> o.classWeight(Map.of(0, 1.0, 1, 3.0, 2, 1.0)));
    assertThat(values(named)).usingRecursiveComparison().isEqualTo(values(spelled));
    Sequential weighted = model();
    float[] weights = new float[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      weights[i] = y.get(i) == 1 ? 3 : 1;
    }
    weighted.fit(x, y, o -> o.sampleWeight(Tensor.of(weights, SAMPLES)));
    assertThat(values(named)).usingRecursiveComparison().isEqualTo(values(weighted));
  }

  @Test
  void validation_heeds_sample_weights_as_evaluation_does() {
    Tensor weights = Tensor.of(new float[] {1, 0, 2, 0, 0, 0, 0, 0, 0, 1}, SAMPLES);
    Sequential model = model();
    History history = model.fit(x, y, o -> o.validationData(x, y, weights));
    Map<String, Double> evaluated = model.evaluate(x, y, o -> o.sampleWeight(weights));
    assertThat(history.get("val_loss")).containsExactly(evaluated.get("loss"));
    assertThat(evaluated.get("loss")).isNotEqualTo(model.evaluate(x, y).get("loss"));
  }

  @Test
  void inputs_and_labels_may_be_given_by_name() {
    Sequential ordered = model();
    Sequential named = model();
    String input = named.inputNames().get(0);
    String output = named.outputNames().get(0);
    ordered.fit(x, y, o -> {});
    named.fit(Map.of(input, x), Map.of(output, y), o -> {});
    assertThat(values(named)).usingRecursiveComparison().isEqualTo(values(ordered));
    assertThat(named.evaluate(Map.of(input, x), Map.of(output, y), o -> {}))
        .isEqualTo(ordered.evaluate(x, y));
    assertThat(named.predict(Map.of(input, x), o -> o.batchSize(3)).get(output).floats())
        .isEqualTo(ordered.predict(x, 3).floats());
    assertThatThrownBy(() -> named.fit(Map.of(input, x), Map.of("denze", y), o -> {}))
        .hasMessageContaining("unknown output name");
  }

  @Test
  void evaluation_and_prediction_stop_after_their_steps_and_are_watched() {
    List<String> seen = new ArrayList<>();
    Callback watch =
        new Callback() {
          @Override
          public void onTestBatchEnd(int batch, Map<String, Double> logs) {
            seen.add("test " + batch + " of " + params().steps());
          }

          @Override
          public void onPredictBatchEnd(int batch) {
            seen.add("predict " + batch + " of " + params().steps());
          }
        };
    Sequential model = model();
    Map<String, Double> two = model.evaluate(x, y, o -> o.batchSize(4).steps(2).callbacks(watch));
    assertThat(two).isEqualTo(model.evaluate(List.of(x.rows(0, 8)), List.of(y.rows(0, 8)), 4));
    assertThat(model.predict(x, o -> o.batchSize(4).callbacks(watch)).floats())
        .isEqualTo(model.predict(x).floats());
    Dataset dataset = () -> List.of(batch(0, 4), batch(4, 8), batch(8, 10)).iterator();
    assertThat(model.predict(dataset, o -> o.steps(2)).get(0).shape()).isEqualTo(Shape.of(8, 3));
    assertThat(seen)
        .containsExactly(
            "test 0 of 2", "test 1 of 2", "predict 0 of 3", "predict 1 of 3", "predict 2 of 3");
    Dataset empty = () -> List.<Batch>of().iterator();
    assertThatThrownBy(() -> model.predict(empty, o -> {}))
        .hasMessage(
            """
            predict: there is nothing to predict
              got:      a dataset without batches
              expected: at least one""");
  }

  @Test
  void the_optimizer_refuses_other_weights_than_its_first() {
    SGD sgd = new SGD(0.1);
    Sequential first = model();
    first.compile(sgd, "sparse_categorical_crossentropy");
    first.fit(x, y, o -> {});
    Sequential second = model();
    second.compile(sgd, "sparse_categorical_crossentropy");
    assertThatThrownBy(() -> second.fit(x, y, o -> {}))
        .hasMessageContaining("the optimizer remembers other weights");
  }

  private static Dense squared(String name, Consumer<Dense.Options> options) {
    return new Dense(
        1, options.andThen(o -> o.name(name).kernelInitializer("ones").useBias(false)));
  }

  @Test
  void a_loss_of_a_symbolic_call_trains_the_models_that_make_the_call() {
    Tensor data = noise(3, 4, 2);
    Tensor zeros = Tensor.zeros(4, 1);
    KerasTensor input = Input.of(2);
    Functional regular =
        new Functional(input, squared("dense", o -> o.kernelRegularizer(new L2(1))).apply(input));
    Dense layer = squared("dense", o -> {});
    KerasTensor elsewhere = Input.of(2);
    Functional without = new Functional(elsewhere, layer.apply(elsewhere));
    Functional with = new Functional(input, layer.apply(input));
    Functional nested = new Functional(elsewhere, with.apply(elsewhere));
    layer.addLoss(() -> Ops.sum(Ops.square(layer.getWeight("kernel").value())), input);
    for (Functional model : List.of(regular, without, with, nested)) {
      model.compile(new SGD(0.1), "mse");
    }

    double plain = without.evaluate(data, zeros).get("loss");
    assertThat(regular.evaluate(data, zeros).get("loss")).isEqualTo(plain + 2);
    assertThat(with.evaluate(data, zeros).get("loss")).isEqualTo(plain + 2);
    assertThat(nested.evaluate(data, zeros).get("loss")).isEqualTo(plain + 2);
    List<Tensor> ones = layer.getWeights();
    for (Functional model : List.of(with, nested)) {
      layer.setWeights(ones);
      regular.setWeights(ones);
      regular.trainOnBatch(data, zeros);
      model.trainOnBatch(data, zeros);
      assertThat(layer.getWeights().get(0).floats())
          .isEqualTo(regular.getWeights().get(0).floats());
    }
    try (LossScope scope = new LossScope()) {
      with.apply(data, true);
      assertThat(scope.penalties()).hasSize(1);
      assertThat(layer.losses()).hasSize(1);
    }
  }
}
