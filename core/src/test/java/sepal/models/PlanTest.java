package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.kernels.KernelChoice;
import sepal.kernels.Parallel;
import sepal.layers.Activation;
import sepal.layers.Add;
import sepal.layers.AlphaDropout;
import sepal.layers.AveragePooling1D;
import sepal.layers.BatchNormalization;
import sepal.layers.Concatenate;
import sepal.layers.Conv1D;
import sepal.layers.Conv2D;
import sepal.layers.Dense;
import sepal.layers.DepthwiseConv1D;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.Dropout;
import sepal.layers.Flatten;
import sepal.layers.GaussianDropout;
import sepal.layers.GaussianNoise;
import sepal.layers.GlobalAveragePooling1D;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.GlobalMaxPooling1D;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.LeakyReLU;
import sepal.layers.MaxPooling1D;
import sepal.layers.MaxPooling2D;
import sepal.layers.Multiply;
import sepal.layers.ReLU;
import sepal.layers.Reshape;
import sepal.layers.SeparableConv1D;
import sepal.layers.SeparableConv2D;
import sepal.layers.SpatialDropout1D;
import sepal.layers.Weight;
import sepal.layers.ZeroPadding1D;
import sepal.layers.ZeroPadding2D;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

class PlanTest {
  private static final long SEED = 20261121;

  private final Random random = new Random(SEED);
  private final int threads = Parallel.threads();

  @BeforeEach
  void leave_the_property_to_the_tests() {
    System.clearProperty("sepal.plan");
  }

  @AfterEach
  void restore_the_threads() {
    System.clearProperty("sepal.plan");
    Parallel.setThreads(threads);
  }

  private Tensor random(Shape shape) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.wrap(values, shape);
  }

  private Tensor random(int... shape) {
    return random(Shape.of(shape));
  }

  /** Other values for all weights: variances above 0, and kernels that keep values near 1. */
  private <M extends Model> M randomized(M model) {
    for (Weight weight : model.weights()) {
      Tensor value = random(weight.shape());
      if (weight.shape().rank() > 1) {
        float fanIn = (float) weight.shape().size() / weight.shape().get(-1);
        value = Ops.divide(value, Tensor.scalar((float) Math.sqrt(fanIn)));
      }
      if (weight.name().equals("moving_variance")) {
        float[] positive = value.toFloatArray();
        for (int i = 0; i < positive.length; i++) {
          positive[i] = 0.5f + Math.abs(positive[i]);
        }
        value = Tensor.wrap(positive, weight.shape());
      }
      weight.assign(value);
    }
    return model;
  }

  private static Model chain(KerasTensor input, Layer... layers) {
    KerasTensor x = input;
    for (Layer layer : layers) {
      x = layer.apply(x);
    }
    return new Functional(input, x);
  }

  private static List<Tensor> unplanned(Model model, List<Tensor> inputs, int batchSize) {
    System.setProperty("sepal.plan", "off");
    try {
      return model.predict(inputs, batchSize);
    } finally {
      System.clearProperty("sepal.plan");
    }
  }

  private static void assertClose(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    for (int i = 0; i < expected.size(); i++) {
      double value = expected.get(i);
      assertThat(actual.get(i))
          .as("element %d, seed %d", i, SEED)
          .isCloseTo(value, within(1e-5 + 1e-5 * Math.abs(value)));
    }
  }

  private static void assertSameBits(Tensor actual, Tensor expected) {
    assertThat(actual.shape()).isEqualTo(expected.shape());
    assertThat(actual.floats()).containsExactly(expected.floats());
  }

  /** Planned and layer by layer, in batches of several sizes. */
  private void assertSameAsUnplanned(Model model, Tensor... inputs) {
    List<Tensor> given = List.of(inputs);
    List<Tensor> expected = unplanned(model, given, Integer.MAX_VALUE);
    List<Tensor> whole = model.predict(given, Integer.MAX_VALUE);
    for (int i = 0; i < expected.size(); i++) {
      assertClose(whole.get(i), expected.get(i));
    }
    for (int batchSize : new int[] {1, 2, 3}) {
      List<Tensor> batches = model.predict(given, batchSize);
      for (int i = 0; i < expected.size(); i++) {
        assertSameBits(batches.get(i), whole.get(i));
      }
    }
  }

  private static List<String> stages(Model model) {
    return Blueprint.of(model.graph("outputs")).stages().stream()
        .map(stage -> stage.getClass().getSimpleName() + " " + stage.layer.className())
        .toList();
  }

  private static BatchNormalization normalization() {
    return new BatchNormalization();
  }

  @Test
  void stages_name_layers_that_exist() {
    assertThat(Layers.classNames())
        .containsAll(Stages.SAMPLEWISE)
        .containsAll(Stages.MAX_POOLING)
        .containsAll(Stages.AVERAGE_POOLING)
        .containsAll(Stages.IDENTITIES);
  }

  @Test
  void layers_of_one_spatial_axis_give_what_they_give_one_by_one() {
    for (String format : List.of("channels_last", "channels_first")) {
      int axis = format.equals("channels_last") ? -1 : 1;
      Model model =
          randomized(
              chain(
                  axis < 0 ? Input.of(23, 5) : Input.of(5, 23),
                  new ZeroPadding1D(o -> o.padding(1, 2).dataFormat(format)),
                  new Conv1D(8, 4, o -> o.dataFormat(format)),
                  new Conv1D(8, 3, o -> o.padding("causal").dataFormat(format)),
                  new BatchNormalization(o -> o.axis(axis)),
                  new ReLU(),
                  new SeparableConv1D(
                      6, 3, o -> o.padding("same").depthMultiplier(2).dataFormat(format)),
                  new BatchNormalization(o -> o.axis(axis)),
                  new MaxPooling1D(3, o -> o.strides(1).padding("same").dataFormat(format)),
                  new DepthwiseConv1D(4, o -> o.strides(2).dataFormat(format)),
                  new BatchNormalization(o -> o.axis(axis)),
                  new ReLU(),
                  new AveragePooling1D(2, o -> o.dataFormat(format)),
                  new GlobalMaxPooling1D(o -> o.dataFormat(format).keepdims(true)),
                  new GlobalAveragePooling1D(o -> o.dataFormat(format))));

      assertSameAsUnplanned(model, axis < 0 ? random(5, 23, 5) : random(5, 5, 23));
    }
  }

  @Test
  void a_normalization_and_its_relu_are_folded_into_each_kind_of_kernel() {
    List<Function<String, Layer>> kinds =
        List.of(
            f -> new Conv2D(5, 3, o -> o.padding("same").dataFormat(f)),
            f -> new Conv2D(6, 3, o -> o.groups(2).useBias(false).dataFormat(f)),
            f -> new SeparableConv2D(5, 3, o -> o.depthMultiplier(2).strides(2).dataFormat(f)),
            f -> new DepthwiseConv2D(3, o -> o.depthMultiplier(2).dataFormat(f)));
    for (String format : List.of("channels_last", "channels_first")) {
      boolean last = format.equals("channels_last");
      for (Function<String, Layer> kind : kinds) {
        KerasTensor input = last ? Input.of(9, 8, 4) : Input.of(4, 9, 8);
        Model model =
            randomized(
                chain(
                    input,
                    kind.apply(format),
                    new BatchNormalization(o -> o.axis(last ? -1 : 1)),
                    new Dropout(0.5),
                    new ReLU(o -> o.maxValue(6.0))));

        assertThat(stages(model)).hasSize(1);
        assertSameAsUnplanned(model, random(input.shape().with(0, 5)));
      }
    }
  }

  @Test
  void noise_costs_nothing_in_a_prediction() {
    Model model =
        randomized(
            chain(
                Input.of(6, 4),
                new Conv1D(5, 3),
                new SpatialDropout1D(0.5),
                new AlphaDropout(0.5),
                new GaussianDropout(0.5),
                new GaussianNoise(0.5),
                new ReLU()));

    assertThat(stages(model)).hasSize(1);
    assertSameAsUnplanned(model, random(Shape.of(3, 6, 4)));
  }

  @Test
  void a_normalization_is_folded_into_a_dense_layer() {
    Model model =
        randomized(
            chain(
                Input.of(7),
                new Dense(5),
                new BatchNormalization(o -> o.scale(false)),
                new Activation("relu"),
                new Dense(3, o -> o.useBias(false)),
                new BatchNormalization(o -> o.center(false)),
                new Dense(4, o -> o.activation("softmax"))));

    assertThat(stages(model))
        .containsExactly(
            "ProductStage Dense",
            "ProductStage Dense",
            "ProductStage Dense",
            "FunctionStage Dense");
    assertSameAsUnplanned(model, random(6, 7));
  }

  @Test
  void a_normalization_that_others_wait_for_too_is_not_folded() {
    KerasTensor image = Input.of(6, 6, 3);
    KerasTensor features = new Conv2D(4, 3).apply(image);
    KerasTensor normal = normalization().apply(features);
    Functional fork =
        randomized(new Functional(image, new Add().apply(features, new ReLU().apply(normal))));
    KerasTensor image2 = Input.of(6, 6, 3);
    KerasTensor features2 = new Conv2D(4, 3).apply(image2);
    Functional peek =
        randomized(
            new Functional(List.of(image2), List.of(features2, normalization().apply(features2))));

    assertThat(stages(fork))
        .containsExactly("ProductStage Conv2D", "Normalize BatchNormalization", "Sum Add");
    assertSameAsUnplanned(fork, random(5, 6, 6, 3));
    assertSameAsUnplanned(peek, random(5, 6, 6, 3));
  }

  @Test
  void a_normalization_after_an_activation_or_along_another_axis_is_not_folded() {
    Model after =
        randomized(
            chain(
                Input.of(6, 6, 3),
                new Conv2D(4, 3, o -> o.activation("relu")),
                normalization(),
                new Activation("relu6")));
    Model swish =
        randomized(
            chain(
                Input.of(6, 6, 3), new Conv2D(4, 3, o -> o.activation("swish")), normalization()));
    Model across =
        randomized(
            chain(Input.of(6, 6, 3), new Conv2D(4, 3), new BatchNormalization(o -> o.axis(1))));

    assertThat(stages(after))
        .containsExactly("ProductStage Conv2D", "Normalize BatchNormalization");
    for (Model model : List.of(after, swish, across)) {
      assertSameAsUnplanned(model, random(5, 6, 6, 3));
    }
  }

  @Test
  void zeros_around_an_image_become_padding_of_the_convolution() {
    for (String format : List.of("channels_last", "channels_first")) {
      boolean last = format.equals("channels_last");
      KerasTensor input = last ? Input.of(8, 9, 5) : Input.of(5, 8, 9);
      Model model =
          randomized(
              chain(
                  input,
                  new ZeroPadding2D(o -> o.padding(0, 1, 0, 1).dataFormat(format)),
                  new DepthwiseConv2D(3, o -> o.strides(2).dataFormat(format)),
                  new ZeroPadding2D(o -> o.padding(2, 1, 0, 2).dataFormat(format)),
                  new Conv2D(17, 3, o -> o.dataFormat(format)),
                  new ZeroPadding2D(o -> o.padding(1).dataFormat(format)),
                  new SeparableConv2D(4, 3, o -> o.dataFormat(format)),
                  new ZeroPadding2D(o -> o.padding(3).dataFormat(format)),
                  new Conv2D(4, 3, o -> o.dataFormat(format))));

      assertThat(stages(model))
          .containsExactly(
              "ProductStage DepthwiseConv2D",
              "ProductStage Conv2D",
              "ProductStage SeparableConv2D",
              "Call ZeroPadding2D",
              "ProductStage Conv2D");
      assertSameAsUnplanned(model, random(input.shape().with(0, 4)));
    }
  }

  /** A residual block, shortcuts, shared layers, two inputs, three outputs. */
  private Functional branches() {
    KerasTensor a = Input.of(12, 12, 3);
    KerasTensor b = Input.of(12, 12, 3);
    Layer shared = new SeparableConv2D(8, 3, o -> o.padding("same").useBias(false));
    Layer sharedNormalization = normalization();
    KerasTensor x = sharedNormalization.apply(shared.apply(a));
    KerasTensor y = new ReLU().apply(sharedNormalization.apply(shared.apply(b)));
    KerasTensor sum = new Activation("relu").apply(new Add().apply(x, y));
    KerasTensor z =
        new MaxPooling2D(2).apply(new SeparableConv2D(8, 3, o -> o.padding("same")).apply(sum));
    KerasTensor shortcut = new Conv2D(8, 1, o -> o.strides(2)).apply(sum);
    KerasTensor total = new Add().apply(z, normalization().apply(shortcut), z);
    KerasTensor both = new Concatenate().apply(total, new LeakyReLU().apply(total));
    KerasTensor gate =
        new Reshape(1, 1, 16)
            .apply(
                new Dense(16, o -> o.activation("sigmoid"))
                    .apply(new GlobalAveragePooling2D().apply(both)));
    KerasTensor gated = new Multiply().apply(both, gate);
    KerasTensor flat = new Flatten().apply(gated);
    KerasTensor head = new Dense(3, o -> o.activation("softmax")).apply(flat);
    return randomized(new Functional(List.of(a, b), List.of(head, flat, gated, a, gated)));
  }

  @Test
  void graphs_of_many_branches_give_what_their_layers_give() {
    Functional model = branches();

    assertSameAsUnplanned(model, random(7, 12, 12, 3), random(7, 12, 12, 3));
  }

  @Test
  void any_number_of_threads_gives_the_same_bits() {
    Functional model = branches();
    List<Tensor> inputs = List.of(random(33, 12, 12, 3), random(33, 12, 12, 3));
    Parallel.setThreads(1);
    List<Tensor> alone = model.predict(inputs);
    for (int count : new int[] {2, 3, 8}) {
      Parallel.setThreads(count);
      List<Tensor> shared = model.predict(inputs);
      for (int i = 0; i < alone.size(); i++) {
        assertSameBits(shared.get(i), alone.get(i));
      }
    }
  }

  @Test
  void eight_threads_share_a_plan() throws Exception {
    Functional model = branches();
    List<Tensor> inputs = List.of(random(9, 12, 12, 3), random(9, 12, 12, 3));
    List<Tensor> alone = model.predict(inputs);
    ExecutorService callers = Executors.newFixedThreadPool(8);
    try {
      List<Future<List<Tensor>>> results = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int batchSize = 1 + i % 9;
        results.add(callers.submit(() -> model.predict(inputs, batchSize)));
      }
      for (Future<List<Tensor>> result : results) {
        for (int i = 0; i < alone.size(); i++) {
          assertSameBits(result.get().get(i), alone.get(i));
        }
      }
    } finally {
      callers.shutdown();
    }
  }

  @Test
  void new_weights_are_used_at_once() {
    Model model =
        randomized(
            chain(Input.of(6, 6, 3), new SeparableConv2D(4, 3), normalization(), new ReLU()));
    Tensor x = random(3, 6, 6, 3);
    Tensor before = model.predict(x);

    for (Weight weight : model.weights()) {
      float[] values = weight.value().toFloatArray();
      values[0] += 0.5f;
      weight.assign(Tensor.wrap(values, weight.shape()));
      Tensor after = model.predict(x);

      assertThat(after.floats()).as(weight.path()).isNotEqualTo(before.floats());
      assertClose(after, unplanned(model, List.of(x), 32).get(0));
      before = after;
    }
    model.setWeights(randomized(model).getWeights());
    assertClose(model.predict(x), unplanned(model, List.of(x), 32).get(0));
  }

  @Test
  void training_changes_what_is_predicted() {
    Sequential model =
        new Sequential(
            new Conv2D(4, 3, o -> o.inputShape(6, 6, 2)),
            normalization(),
            new ReLU(),
            new Flatten(),
            new Dense(1));
    Tensor x = random(8, 6, 6, 2);
    Tensor before = model.predict(x);
    model.compile("sgd", "mse");

    model.fit(x, random(8, 1), o -> o.epochs(2));

    Tensor after = model.predict(x);
    assertThat(after.floats()).isNotEqualTo(before.floats());
    assertClose(after, unplanned(model, List.of(x), 32).get(0));
  }

  @Test
  void layers_that_come_and_go_change_the_plan_also_of_models_around() {
    Sequential inner = new Sequential(new Conv2D(3, 3, o -> o.inputShape(6, 6, 3).padding("same")));
    KerasTensor image = Input.of(6, 6, 3);
    Functional outer = new Functional(image, new ReLU().apply(inner.apply(image)));
    Tensor x = random(3, 6, 6, 3);
    assertThat(stages(outer)).containsExactly("ProductStage Conv2D");
    assertSameAsUnplanned(outer, x);

    inner.add(new BatchNormalization(o -> o.betaInitializer("ones")));
    randomized(inner);
    assertThat(inner.predict(x).floats()).isNotEqualTo(outer.predict(x).floats());
    assertSameAsUnplanned(inner, x);
    assertSameAsUnplanned(outer, x);

    inner.pop();
    assertSameAsUnplanned(inner, x);
    assertSameAsUnplanned(outer, x);
  }

  /** Takes the mean of the batch off. */
  private static final class Center extends Layer {
    Center() {
      super(new BasicOptions("Center"));
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      int sample = x.size() / x.shape().get(0);
      float[] y = x.toFloatArray();
      for (int i = 0; i < sample; i++) {
        float sum = 0;
        for (int k = i; k < y.length; k += sample) {
          sum += y[k];
        }
        for (int k = i; k < y.length; k += sample) {
          y[k] -= sum / x.shape().get(0);
        }
      }
      return Tensor.wrap(y, x.shape());
    }
  }

  @Test
  void a_layer_of_ones_own_sees_the_batches_that_were_asked_for() {
    Model model =
        randomized(chain(Input.of(6, 6, 3), new Conv2D(4, 3), normalization(), new Center()));
    Tensor x = random(7, 6, 6, 3);

    assertThat(stages(model)).containsExactly("ProductStage Conv2D", "Call Center");
    for (int batchSize : new int[] {1, 3, 7}) {
      assertClose(model.predict(x, batchSize), unplanned(model, List.of(x), batchSize).get(0));
    }
  }

  /** Gives two values where its shape announces one. */
  private static final class Liar extends Layer {
    Liar() {
      super(new BasicOptions("Liar"));
    }

    @Override
    public Shape computeOutputShape(Shape input) {
      return Shape.of(input.get(0), 1);
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return Tensor.zeros(x.shape().get(0), 2);
    }
  }

  @Test
  void a_layer_that_announces_another_shape_than_it_gives_is_called_without_a_plan() {
    Model model = chain(Input.of(3), new Liar());

    assertThat(model.predict(random(4, 3)).shape()).isEqualTo(Shape.of(4, 2));
    assertThat(model.predict(random(4, 3), 3).shape()).isEqualTo(Shape.of(4, 2));
  }

  @Test
  void images_of_any_size_get_programs_of_their_own_but_not_without_end() {
    KerasTensor image = Input.of(-1, -1, 3);
    Functional model =
        (Functional)
            randomized(
                chain(
                    image,
                    new Conv2D(4, 3, o -> o.strides(2)),
                    normalization(),
                    new GlobalAveragePooling2D()));

    for (int size = 3; size < 80; size++) {
      Tensor x = random(1, size, size + 1, 3);
      assertClose(model.predict(x), unplanned(model, List.of(x), 1).get(0));
    }
    assertThat(model.plan().programCount()).isBetween(1, 64);
  }

  @Test
  void models_of_other_types_go_without_a_plan() {
    Model model =
        chain(Input.of(o -> o.shape(4).dtype("float64")), new Dense(3, o -> o.dtype("float64")));

    assertThat(model.predict(random(2, 4)).dtype()).isEqualTo(DType.FLOAT64);
  }

  @Test
  void a_tape_still_sees_every_layer() {
    Model model = chain(Input.of(4), new Dense(3), normalization());
    Tensor x = random(2, 4);
    try (Tape tape = new Tape()) {
      tape.watch(x);
      Tensor y = model.predict(x);

      assertThat(tape.gradient(y, List.of(x))).doesNotContainNull();
    }
  }

  @Test
  void kernels_that_cannot_be_folded_are_used_as_they_are() {
    Model model = randomized(chain(Input.of(2), new Dense(1), normalization()));
    model.weights().get(0).assign(Tensor.of(new float[] {Float.MAX_VALUE, 1}, 2, 1));
    model.weights().get(2).assign(Tensor.of(new float[] {1000}, 1));
    Tensor x = Tensor.of(new float[] {0, 1}, 1, 2);

    assertThat(model.predict(x).get(0)).isFinite();
    assertClose(model.predict(x), unplanned(model, List.of(x), 1).get(0));
  }

  @Test
  void nothing_is_allocated_in_the_long_run_but_the_result() {
    Parallel.setThreads(1);
    KerasTensor image = Input.of(48, 48, 16);
    KerasTensor x = image;
    for (int i = 0; i < 3; i++) {
      KerasTensor y = new SeparableConv2D(16, 3, o -> o.padding("same")).apply(x);
      y = new ReLU().apply(normalization().apply(y));
      x = new ReLU().apply(new Add().apply(x, normalization().apply(y)));
    }
    Functional model = randomized(new Functional(image, x));
    Tensor input = random(4, 48, 48, 16);
    long result = 4L * input.size();
    var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    // The scalar kernels make their few sums anew for each pixel; layer by layer it would be nine
    // times the result.
    long allowed = KernelChoice.vector().isPresent() ? result + result / 4 : 3 * result;

    // As often as the compiler needs until it keeps vectors in registers.
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 3000 && least > allowed; i++) {
      long before = bean.getCurrentThreadAllocatedBytes();
      model.predict(input);
      least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
    }
    assertThat(least).isBetween(result, allowed);
  }
}
