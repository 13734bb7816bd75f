package custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.config.Config;
import sepal.constraints.Constraint;
import sepal.constraints.Constraints;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.keras.Keras;
import sepal.layers.Dense;
import sepal.layers.Lambda;
import sepal.layers.Layer;
import sepal.layers.LayerConfig;
import sepal.layers.LayerOptions;
import sepal.layers.Layers;
import sepal.layers.Weight;
import sepal.losses.Loss;
import sepal.losses.Losses;
import sepal.metrics.MeanMetricWrapper;
import sepal.metrics.Metric;
import sepal.metrics.Metrics;
import sepal.models.Model;
import sepal.models.Models;
import sepal.models.Sequential;
import sepal.ops.Ops;
import sepal.optimizers.LambdaOptimizer;
import sepal.optimizers.Optimizer;
import sepal.optimizers.OptimizerOptions;
import sepal.optimizers.Optimizers;
import sepal.optimizers.UpdateRule;
import sepal.regularizers.Regularizer;
import sepal.regularizers.Regularizers;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;
import sepal.tensor.Tensor;
import sepal.testkit.LayerContract;
import sepal.training.CompileOptions;

/** What users write themselves is saved, loaded and copied like what is built in. */
class CustomThingsTest {
  @TempDir Path folder;

  // ---- a layer

  /** {@code x * scale + shift}, with a scale for each feature. */
  static final class Scale extends Layer {
    private final ScaleConfig config;
    private Weight scale;

    Scale(ScaleOptions options) {
      this(options, options.config());
    }

    private Scale(ScaleOptions options, ScaleConfig config) {
      super(options, config);
      this.config = config;
    }

    record ScaleConfig(@Nullable String name, boolean trainable, DTypePolicy dtype, double shift)
        implements LayerConfig {}

    static final class ScaleOptions extends LayerOptions<ScaleOptions> {
      double shift;

      ScaleOptions() {
        super("Scale");
      }

      ScaleOptions shift(double shift) {
        this.shift = shift;
        return this;
      }

      ScaleConfig config() {
        return freeze(ScaleConfig.class);
      }
    }

    @Override
    protected void createWeights(Shape input) {
      scale = addWeight("scale", Shape.of(input.get(-1)), "ones");
    }

    @Override
    protected Tensor call(Tensor x, boolean training) {
      return Ops.add(
          Ops.multiply(x, scale.value()), Tensor.full(x.dtype(), Shape.of(), config.shift()));
    }
  }

  @BeforeAll
  static void register() {
    Layers.register("Scale", Scale.ScaleOptions::new, Scale::new);
  }

  @Test
  void a_layer_keeps_the_contract_of_all_layers() {
    LayerContract.check(new Scale(new Scale.ScaleOptions().shift(2)), Shape.of(3, 4));
  }

  @Test
  void a_layer_is_saved_loaded_and_copied() throws IOException {
    Scale scale = new Scale(new Scale.ScaleOptions().shift(2).inputShape(3).name("mine"));
    Model model = new Sequential(scale, new Dense(2));
    scale.setWeights(List.of(Tensor.of(new float[] {1, 2, 3}, 3)));

    assertSameAfterSaving(model);
    assertThat(scale.copy().getConfig()).isEqualTo(scale.getConfig()).containsEntry("shift", 2.0);
    assertThat(scale.copy().getWeights()).isEqualTo(scale.getWeights());
    assertThat(Layer.fromConfig(Scale.class, scale.getConfig()).name()).isEqualTo("mine");
  }

  @Test
  void a_layer_that_nobody_registered_is_refused_with_a_remedy() {
    assertThatThrownBy(
            () -> Models.fromConfig("model.json", model(Map.of("class_name", "Unknown"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            model.json, layer 1: unknown layer class
              got:      "Unknown"
              expected: a layer class of Sepal, or one that is registered
              fix:      call Layers.register("Unknown", config -> ...) first""");
  }

  private static Map<String, Object> model(Map<String, Object> layer) {
    Map<String, Object> entry = new LinkedHashMap<>(layer);
    entry.put("config", Map.of());
    return Map.of("class_name", "Sequential", "config", Map.of("layers", List.of(entry)));
  }

  @Test
  void a_layer_without_weights_may_be_a_lambda() throws IOException {
    UnaryOperator<Tensor> twice = x -> Ops.concatenate(List.of(x, x), 1);
    UnaryOperator<Shape> wider = shape -> shape.with(1, 2 * shape.get(1));
    Layers.registerFunction("Square", x -> Ops.multiply(x, x));
    Layers.registerFunction("Repeated", twice, wider);
    Layer square = Layers.fromConfig("test", "Square", Map.of("name", "mine"));
    Model model =
        new Sequential(
            new Dense(3, o -> o.inputShape(3)),
            square,
            new Lambda(twice, o -> o.outputShape(wider)),
            new Dense(2));

    assertThat(square.className()).isEqualTo("Square");
    assertThat(square.apply(Tensor.of(new float[] {3}, 1, 1)).floats()).containsExactly(9);
    assertThat(square.copy().name()).isEqualTo("mine");
    assertThat(model.outputShape()).isEqualTo(Shape.of(-1, 2));
    Model loaded = assertSameAfterSaving(model);
    assertThat(loaded.getLayer(2)).isInstanceOf(Lambda.class);
    assertThat(loaded.getLayer(2).className()).isEqualTo("Repeated");
    model.compile("sgd", "mse");
    Tensor before = model.getWeights().get(0);
    model.trainOnBatch(Tensor.full(DType.FLOAT32, Shape.of(4, 3), 1), Tensor.zeros(4, 2));
    assertThat(model.getWeights().get(0).floats()).isNotEqualTo(before.floats());
  }

  @Test
  void a_lambda_layer_without_a_name_works_but_cannot_be_saved_or_copied() {
    Lambda lambda = new Lambda(x -> Ops.sum(x, 1), o -> o.name("total"));
    Sequential model =
        new Sequential(new Lambda(x -> Ops.add(x, x), o -> o.inputShape(2).name("double")));

    assertThat(model.predict(Tensor.of(new float[] {1, 2}, 1, 2)).floats()).containsExactly(2, 4);
    for (ThrowingCallable use : List.<ThrowingCallable>of(model::copy, model.getLayer(0)::copy)) {
      assertThatThrownBy(use)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              """
              Layers: a layer without a name cannot be saved
                got:      a lambda or anonymous class
                expected: a class, or a function registered under a name
                fix:      Layers.registerFunction("my_layer", ...) before saving and loading""");
    }
    assertThatThrownBy(() -> lambda.apply(Tensor.zeros(2, 3)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Lambda "total": the function gives another shape than outputShape
              got:      (2,)   (input (2, 3))
              expected: (2, 3)
              fix:      say which: o -> o.outputShape(shape -> ...)""");
  }

  // ---- parts of layers

  @Test
  void an_initializer_may_be_a_lambda_or_a_class() throws IOException {
    Initializer lambda = (shape, dtype) -> Tensor.full(dtype, shape, 0.25);
    Initializers.registerFunction("quarter", lambda);
    Initializers.register("Half", config -> new Half());
    Model model = dense(o -> o.kernelInitializer(lambda).biasInitializer(new Half()));

    assertThat(model.getWeights().get(0).toDoubleArray()).containsOnly(0.25);
    assertThat(model.getWeights().get(1).toDoubleArray()).containsOnly(0.5);
    Model loaded = assertSameAfterSaving(model);
    assertThat(arguments(loaded).kernelInitializer()).isSameAs(lambda);
    assertThat(arguments(loaded).biasInitializer()).isInstanceOf(Half.class);
  }

  static final class Half implements Initializer {
    @Override
    public Tensor apply(Shape shape, DType dtype) {
      return Tensor.full(dtype, shape, 0.5);
    }
  }

  @Test
  void a_regularizer_may_be_a_lambda_or_a_class() throws IOException {
    Regularizer lambda = x -> Tensor.full(x.dtype(), Shape.of(), 3);
    Regularizers.registerFunction("three", lambda);
    Regularizers.register("Count", config -> new Count(config.number("factor", 1)));
    Model model = dense(o -> o.kernelRegularizer(lambda).biasRegularizer(new Count(2)));

    assertThat(model.losses().stream().map(loss -> loss.get(0))).containsExactly(3.0, 4.0);
    Model loaded = assertSameAfterSaving(model);
    assertThat(arguments(loaded).kernelRegularizer()).isSameAs(lambda);
    assertThat(arguments(loaded).biasRegularizer()).isEqualTo(new Count(2));
  }

  record Count(double factor) implements Regularizer {
    @Override
    public Tensor apply(Tensor x) {
      return Tensor.full(x.dtype(), Shape.of(), factor * x.size());
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return Map.of("factor", factor);
    }
  }

  @Test
  void a_constraint_may_be_a_lambda_or_a_class() throws IOException {
    Constraint lambda = w -> Tensor.full(w.dtype(), w.shape(), 1);
    Constraints.registerFunction("one", lambda);
    Constraints.register("Zero", config -> new Zero());
    Model model = dense(o -> o.kernelConstraint(lambda).biasConstraint(new Zero()));
    model.compile("sgd", "mse");
    model.trainOnBatch(Tensor.zeros(4, 3), Tensor.zeros(4, 2));

    assertThat(model.getWeights().get(0).toDoubleArray()).containsOnly(1);
    Model loaded = assertSameAfterSaving(model);
    assertThat(arguments(loaded).kernelConstraint()).isSameAs(lambda);
    assertThat(arguments(loaded).biasConstraint()).isInstanceOf(Zero.class);
  }

  static final class Zero implements Constraint {
    @Override
    public Tensor apply(Tensor weight) {
      return Tensor.zeros(weight.dtype(), weight.shape());
    }
  }

  @Test
  void an_activation_may_be_a_lambda_or_a_class() throws IOException {
    Activation lambda = x -> Ops.multiply(x, x);
    Activations.registerFunction("square", lambda);
    Activations.register("Twice", config -> new Twice());
    Sequential model =
        new Sequential(
            new Dense(3, o -> o.inputShape(3).activation(lambda)),
            new Dense(2, o -> o.activation(new Twice())));

    Model loaded = assertSameAfterSaving(model);
    assertThat(arguments(loaded).activation()).isSameAs(lambda);
  }

  static final class Twice implements Activation {
    @Override
    public Tensor apply(Tensor x) {
      return Ops.add(x, x);
    }
  }

  @Test
  void a_lambda_without_a_name_cannot_be_saved() {
    Dense dense = new Dense(2, o -> o.activation(x -> x));

    assertThatThrownBy(dense::getConfig)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Activations: an activation without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Activations.registerFunction("my_activation", ...) before saving and loading""");
  }

  private static Sequential dense(java.util.function.Consumer<Dense.Options> options) {
    return new Sequential(new Dense(2, options.andThen(o -> o.inputShape(3))));
  }

  private static Dense.Config arguments(Model model) {
    return ((Dense) model.getLayer(0)).config();
  }

  /** Saves, loads and copies; the predictions must stay what they are. */
  private Model assertSameAfterSaving(Model model) throws IOException {
    Tensor x = Tensor.of(new float[] {1, -2, 3, 0.5f, 0, -1}, 2, 3);
    float[] expected = model.predict(x).toFloatArray();
    Path file = folder.resolve("model.keras");
    Keras.saveModel(model, file);
    Model loaded = Keras.loadModel(file);

    assertThat(loaded.predict(x).toFloatArray()).isEqualTo(expected);
    assertThat(loaded.getConfig()).isEqualTo(model.getConfig());
    assertThat(model.copy().predict(x).toFloatArray()).isEqualTo(expected);
    assertThat(Model.fromJson(model.toJson()).countParams()).isEqualTo(model.countParams());
    return loaded;
  }

  // ---- training

  @Test
  void a_loss_may_be_a_lambda_or_a_class() {
    Loss lambda = (yTrue, yPred) -> Ops.multiply(yPred, yPred);
    Losses.registerFunction("squares", lambda);
    Losses.register("Cubes", config -> new Cubes());
    Model model = dense(o -> o.kernelInitializer("ones"));
    Tensor x = Tensor.full(DType.FLOAT32, Shape.of(1, 3), 1);
    for (Object loss : List.of(lambda, "squares", Map.of("class_name", "Cubes"))) {
      model.compile("sgd", loss);
      Map<String, Object> config = model.trainer().options().getConfig(model.trainer().optimizer());
      model.compile(CompileOptions.fromConfig(config));

      assertThat(model.evaluate(x, Tensor.zeros(1, 2)))
          .containsEntry("loss", loss instanceof Map ? 27.0 : 9.0);
    }
    model.compile("sgd", new Cubes());
    assertThat(model.trainer().options().getConfig(model.trainer().optimizer()).get("loss"))
        .isInstanceOfSatisfying(
            Map.class, map -> assertThat(map.get("class_name")).isEqualTo("Cubes"));
  }

  static final class Cubes implements Loss {
    @Override
    public Tensor call(Tensor yTrue, Tensor yPred) {
      return Ops.multiply(Ops.multiply(yPred, yPred), yPred);
    }
  }

  @Test
  void a_metric_may_be_a_lambda_or_a_class() {
    Metrics.registerFunction("gap", (yTrue, yPred) -> Ops.subtract(yPred, yTrue));
    Metrics.register("Batches", config -> new Batches());
    Model model = dense(o -> o.kernelInitializer("ones"));
    model.compile("sgd", "mse", "gap", new Batches());
    Map<String, Object> config = model.trainer().options().getConfig(model.trainer().optimizer());
    model.compile(CompileOptions.fromConfig(config));
    Map<String, Double> logs =
        model.evaluate(Tensor.full(DType.FLOAT32, Shape.of(1, 3), 1), Tensor.zeros(1, 2));

    assertThat(logs).containsEntry("gap", 3.0).containsEntry("batches", 1.0);
  }

  /** Counts batches. */
  static final class Batches implements Metric {
    private int count;

    @Override
    public String name() {
      return "batches";
    }

    @Override
    public void update(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
      count++;
    }

    @Override
    public Tensor values() {
      return Tensor.of(new double[] {count});
    }

    @Override
    public void reset() {
      count = 0;
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return Map.of();
    }
  }

  private static final UpdateRule SIGNS =
      (weight, gradient, rate) -> {
        for (int i = 0; i < weight.length; i++) {
          weight[i] -= rate * Math.signum(gradient[i]);
        }
      };

  @Test
  void an_optimizer_may_be_a_lambda() {
    Model model = dense(o -> o.kernelInitializer("ones"));
    model.compile(new LambdaOptimizer(SIGNS, o -> o.learningRate(0.5)), "mse");
    model.trainOnBatch(Tensor.full(DType.FLOAT32, Shape.of(1, 3), 1), Tensor.zeros(1, 2));
    assertThat(model.getWeights().get(0).toDoubleArray()).containsOnly(0.5);

    Optimizer nameless = new LambdaOptimizer((weight, gradient, rate) -> {});
    assertThatThrownBy(nameless::serialize)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Optimizers: an optimizer without a name cannot be saved
              got:      a lambda or anonymous class
              expected: a class, or a function registered under a name
              fix:      Optimizers.registerFunction("my_optimizer", ...) before saving and loading""");
  }

  @Test
  void a_compiled_model_of_lambdas_is_saved_and_trains_on_as_if_never_saved() throws IOException {
    Loss squares = (yTrue, yPred) -> Ops.square(Ops.subtract(yPred, yTrue));
    Losses.registerFunction("own_squares", squares);
    Metrics.registerFunction("own_gap", (yTrue, yPred) -> Ops.subtract(yPred, yTrue));
    Optimizers.registerFunction("own_signs", SIGNS);
    Layers.registerFunction("OwnHalf", x -> Ops.divide(x, Tensor.scalar(2)));
    Model model =
        new Sequential(
            new Dense(2, o -> o.inputShape(3)), Layers.fromConfig("test", "OwnHalf", Map.of()));
    model.compile(new LambdaOptimizer(SIGNS, o -> o.learningRate(0.125)), squares, "own_gap");
    Tensor x = Tensor.of(new float[] {1, -2, 3, 0.5f, 0, -1}, 2, 3);
    Tensor y = Tensor.zeros(2, 2);
    model.trainOnBatch(x, y);
    List<Path> files = List.of(folder.resolve("m.keras"), folder.resolve("m.h5"));
    for (Path file : files) {
      Keras.saveModel(model, file);
    }
    Map<String, Double> logs = model.trainOnBatch(x, y);
    for (Path file : files) {
      Model loaded = Keras.loadModel(file);
      assertThat(loaded.trainer().optimizer().className()).isEqualTo("own_signs");
      assertThat(loaded.trainer().optimizer().learningRate()).isEqualTo(0.125);
      assertThat(loaded.trainOnBatch(x, y)).isEqualTo(logs).containsKey("own_gap");
      assertThat(floats(loaded)).isDeepEqualTo(floats(model));
    }
    model.compile("own_signs", "own_squares");
    assertThat(model.trainer().optimizer()).isInstanceOf(LambdaOptimizer.class);
  }

  private static float[][] floats(Model model) {
    return model.getWeights().stream().map(Tensor::floats).toArray(float[][]::new);
  }

  @Test
  void a_metric_of_a_function_that_nobody_registered_cannot_be_saved() {
    Model model = dense(o -> {});
    model.compile("sgd", "mse", new MeanMetricWrapper("gap", Ops::subtract));

    assertThatThrownBy(() -> Keras.saveModel(model, folder.resolve("m.keras")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Metrics: a metric without a name cannot be saved
              got:      MeanMetricWrapper "gap"
              expected: a class, or a function registered under a name
              fix:      Metrics.registerFunction("gap", ...) before saving and loading""");
  }

  @Test
  void an_optimizer_may_be_a_class() {
    Optimizers.register("SignDescent", SignDescent::read);
    Model model = dense(o -> o.kernelInitializer("ones"));
    model.compile(new SignDescent(new SignDescent.Options().learningRate(0.5)), "mse");
    Map<String, Object> config = model.trainer().options().getConfig(model.trainer().optimizer());
    model.compile(CompileOptions.fromConfig(config));
    model.trainOnBatch(Tensor.full(DType.FLOAT32, Shape.of(1, 3), 1), Tensor.zeros(1, 2));

    assertThat(model.trainer().optimizer()).isInstanceOf(SignDescent.class);
    assertThat(model.trainer().optimizer().learningRate()).isEqualTo(0.5);
    assertThat(model.getWeights().get(0).toDoubleArray()).containsOnly(0.5);
  }

  /** Steps of one length against the sign of the gradient. */
  static final class SignDescent extends Optimizer {
    SignDescent(Options options) {
      super(options, List.of());
    }

    static final class Options extends OptimizerOptions<Options> {
      Options() {
        super("sign_descent", 0.01);
      }
    }

    static SignDescent read(Config config) {
      return new SignDescent(new Options().read(config));
    }

    @Override
    protected void update(
        double[] weight, double[] gradient, double[][] slots, double rate, long step) {
      for (int i = 0; i < weight.length; i++) {
        weight[i] -= rate * Math.signum(gradient[i]);
      }
    }
  }
}
