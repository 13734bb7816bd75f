package sepal.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.callbacks.LambdaCallback;
import sepal.callbacks.TerminateOnNaN;
import sepal.kernels.Parallel;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Flatten;
import sepal.layers.SeparableConv2D;
import sepal.models.Sequential;
import sepal.optimizers.Adam;
import sepal.optimizers.SGD;
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
  void labels_out_of_range_and_unknown_names_are_errors_that_change_nothing() {
    Sequential model = model();
    List<float[]> before = values(model);
    Tensor wrong = Tensor.of(new int[] {0, 1, 3, 0, 1, 2, 0, 1, 2, 0}, SAMPLES);
    assertThatThrownBy(() -> model.fit(x, wrong, o -> {})).hasMessageContaining("3");
    assertThat(values(model).get(0)).isEqualTo(before.get(0));

    assertThatThrownBy(() -> model.compile("adamm", "mse"))
        .hasMessageContaining("unknown optimizer")
        .hasMessageContaining("did you mean \"Adam\"");
    assertThatThrownBy(() -> model.compile("adam", "mean_square_error"))
        .hasMessageContaining("did you mean \"mean_squared_error\"");
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
}
