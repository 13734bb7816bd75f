package sepal.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Names;
import sepal.config.Registry;
import sepal.losses.BinaryCrossentropy;
import sepal.losses.CategoricalCrossentropy;
import sepal.losses.CategoricalHinge;
import sepal.losses.CosineSimilarity;
import sepal.losses.Hinge;
import sepal.losses.KLDivergence;
import sepal.losses.LogCosh;
import sepal.losses.Loss;
import sepal.losses.MeanAbsoluteError;
import sepal.losses.MeanAbsolutePercentageError;
import sepal.losses.MeanSquaredError;
import sepal.losses.MeanSquaredLogarithmicError;
import sepal.losses.Poisson;
import sepal.losses.Samples;
import sepal.losses.SparseCategoricalCrossentropy;
import sepal.losses.SquaredHinge;
import sepal.metrics.Metric.Direction;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** The metrics by name: Keras' own and those that users register. */
public final class Metrics {
  private static final Registry<Metric> REGISTRY = new Registry<>("metric", Metric.class);

  static {
    loss("MeanSquaredError", new MeanSquaredError(), "mse", "MSE");
    loss("MeanAbsoluteError", new MeanAbsoluteError(), "mae", "MAE");
    loss("MeanAbsolutePercentageError", new MeanAbsolutePercentageError(), "mape", "MAPE");
    loss("MeanSquaredLogarithmicError", new MeanSquaredLogarithmicError(), "msle", "MSLE");
    loss("KLDivergence", new KLDivergence(), "kld", "KLD");
    loss("Poisson", new Poisson());
    loss("Hinge", new Hinge());
    loss("SquaredHinge", new SquaredHinge());
    loss("CategoricalHinge", new CategoricalHinge());
    REGISTRY.register(
        "LogCoshError",
        c -> down(new Arguments("LogCoshError", c, "logcosh"), new LogCosh()),
        "logcosh");
    builtIn(
        "RootMeanSquaredError",
        a -> new MeanMetricWrapper(a, Direction.DOWN, Metrics::squaredDifference, Math::sqrt));
    builtIn(
        "CosineSimilarity",
        a -> {
          Loss loss = new CosineSimilarity(a.has("axis") ? a.integer("axis", -1) : -1);
          return new MeanMetricWrapper(a, Direction.UP, (y, p) -> negative(loss.call(y, p)));
        });
    builtIn(
        "BinaryCrossentropy",
        a ->
            down(
                a,
                new BinaryCrossentropy()
                    .fromLogits(a.flag("from_logits", false))
                    .labelSmoothing(a.number("label_smoothing", 0))),
        "bce",
        "BCE");
    builtIn(
        "CategoricalCrossentropy",
        a ->
            down(
                a,
                new CategoricalCrossentropy()
                    .fromLogits(a.flag("from_logits", false))
                    .labelSmoothing(a.number("label_smoothing", 0))
                    .axis(a.integer("axis", -1))));
    builtIn(
        "SparseCategoricalCrossentropy",
        a ->
            down(
                a,
                new SparseCategoricalCrossentropy()
                    .fromLogits(a.flag("from_logits", false))
                    .ignoreClass(a.integer("ignore_class"))
                    .axis(a.integer("axis", -1))));

    builtIn("Accuracy", a -> up(a, Matches::equal));
    builtIn(
        "BinaryAccuracy",
        a -> {
          double threshold = a.number("threshold", 0.5);
          return up(a, (y, p) -> Matches.binary(y, p, threshold));
        });
    builtIn("CategoricalAccuracy", a -> up(a, (y, p) -> Matches.categorical(y, p, 1)));
    builtIn("SparseCategoricalAccuracy", a -> up(a, (y, p) -> Matches.sparse(y, p, 1)));
    builtIn(
        "TopKCategoricalAccuracy",
        a -> {
          int k = a.positive("k", 5);
          return up(a, (y, p) -> Matches.categorical(y, p, k));
        });
    builtIn(
        "SparseTopKCategoricalAccuracy",
        a -> {
          int k = a.positive("k", 5);
          return up(a, (y, p) -> Matches.sparse(y, p, k));
        });

    builtIn("Precision", a -> ConfusionMetric.share(a, ConfusionMetric::precision));
    builtIn("Recall", a -> ConfusionMetric.share(a, ConfusionMetric::recall));
    builtIn(
        "TruePositives", a -> ConfusionMetric.count(a, Direction.UP, (c, t) -> c.truePositives[t]));
    builtIn(
        "FalsePositives",
        a -> ConfusionMetric.count(a, Direction.DOWN, (c, t) -> c.falsePositives[t]));
    builtIn(
        "TrueNegatives", a -> ConfusionMetric.count(a, Direction.UP, (c, t) -> c.trueNegatives[t]));
    builtIn(
        "FalseNegatives",
        a -> ConfusionMetric.count(a, Direction.DOWN, (c, t) -> c.falseNegatives[t]));
    builtIn(
        "SensitivityAtSpecificity",
        a ->
            BestUnderConstraint.read(
                a, "specificity", ConfusionMetric::specificity, ConfusionMetric::recall));
    builtIn(
        "SpecificityAtSensitivity",
        a ->
            BestUnderConstraint.read(
                a, "sensitivity", ConfusionMetric::recall, ConfusionMetric::specificity));
    builtIn(
        "PrecisionAtRecall",
        a ->
            BestUnderConstraint.read(
                a, "recall", ConfusionMetric::recall, ConfusionMetric::precision));
    builtIn(
        "RecallAtPrecision",
        a ->
            BestUnderConstraint.read(
                a, "precision", ConfusionMetric::precision, ConfusionMetric::recall));
    builtIn("AUC", AUC::read);
    builtIn("F1Score", a -> FBetaScore.read(a, false));
    REGISTRY.register(
        "FBetaScore",
        c -> FBetaScore.read(new Arguments("FBetaScore", c, "fbeta_score"), true),
        "fbeta_score");
    builtIn("R2Score", R2Score::new);
    builtIn("IoU", a -> IoU.read(a, false, false));
    builtIn("BinaryIoU", IoU::binary);
    builtIn("MeanIoU", a -> IoU.read(a, true, false));
    builtIn("OneHotIoU", a -> IoU.read(a, false, true));
    builtIn("OneHotMeanIoU", a -> IoU.read(a, true, true));
    REGISTRY.register("MeanMetricWrapper", Metrics::wrapped);
  }

  private Metrics() {}

  /**
   * The metric that an identifier stands for, new unless it is an object.
   *
   * @param where who asks, for the error message
   * @param identifier null; a {@link Metric}; a {@link Loss}, for its mean; a name such as {@code
   *     MeanSquaredError}, {@code mean_squared_error} or {@code mse}, which becomes the name of the
   *     metric; or a configuration as Keras 2 or 3 writes it
   * @return null for null
   * @throws IllegalArgumentException if it is none of these
   */
  public static @Nullable Metric get(String where, @Nullable Object identifier) {
    if (identifier instanceof Loss loss) {
      return new MeanMetricWrapper(Names.snakeCase(loss.className()), loss::call);
    }
    Metric metric = REGISTRY.get(where, identifier);
    if (identifier instanceof String name && metric instanceof BuiltIn builtIn) {
      builtIn.rename(name);
    }
    return metric;
  }

  /**
   * The same, where {@code accuracy}, {@code acc}, {@code crossentropy} and {@code ce} stand for
   * what suits the shapes: binary if there is one prediction, sparse if labels are numbers of
   * classes, else categorical.
   *
   * @param yTrue the shape of the labels
   * @param yPred the shape of the predictions
   */
  public static @Nullable Metric get(
      String where, @Nullable Object identifier, Shape yTrue, Shape yPred) {
    if (!(identifier instanceof String name)) {
      return get(where, identifier);
    }
    String suffix =
        switch (name.toLowerCase(Locale.ROOT)) {
          case "accuracy", "acc" -> "Accuracy";
          case "crossentropy", "ce" -> "Crossentropy";
          default -> "";
        };
    return suffix.isEmpty()
        ? get(where, name)
        : REGISTRY.create(where, Samples.kind(yTrue, yPred) + suffix, Map.of("name", name));
  }

  /**
   * A new metric with Keras' arguments: {@code of("Precision", Map.of("class_id", 1))}.
   *
   * @throws IllegalArgumentException if the name or an argument is unknown or does not suit
   */
  public static Metric of(String className, Map<String, ? extends @Nullable Object> arguments) {
    return REGISTRY.create("Metrics", className, arguments);
  }

  /**
   * Makes a class of metrics known, so that it can be asked for by name.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Metric> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /**
   * Makes a function known whose mean over all samples is a metric of this name.
   *
   * @param function of labels and predictions, of one dtype and rank; gives one value, or several,
   *     for each sample
   */
  public static void registerFunction(String name, BinaryOperator<Tensor> function) {
    REGISTRY.register(
        name,
        c -> new MeanMetricWrapper(new Arguments(name, c), Direction.UNKNOWN, function, x -> x));
  }

  private static void builtIn(
      String className, Function<Arguments, Metric> factory, String... aliases) {
    REGISTRY.register(className, c -> factory.apply(new Arguments(className, c)), aliases);
  }

  private static void loss(String className, Loss loss, String... aliases) {
    builtIn(className, a -> down(a, loss), aliases);
  }

  private static Metric down(Arguments arguments, Loss loss) {
    return new MeanMetricWrapper(arguments, Direction.DOWN, loss::call);
  }

  private static Metric up(Arguments arguments, BinaryOperator<Tensor> function) {
    return new MeanMetricWrapper(arguments, Direction.UP, function);
  }

  /** Keras 2 writes a function as a wrapper with the name of the function. */
  private static Metric wrapped(Config config) {
    Object function = config.get("fn");
    Object inner = function instanceof Map<?, ?> map ? map.get("config") : function;
    Metric metric = get(config.where(), String.valueOf(inner));
    config.get("dtype");
    if (metric instanceof BuiltIn builtIn) {
      builtIn.rename(config.text("name", builtIn.name()));
    }
    return Objects.requireNonNull(metric);
  }

  private static Tensor squaredDifference(Tensor yTrue, Tensor yPred) {
    Matches.sameShape("RootMeanSquaredError", yTrue, yPred);
    double[] squares = yPred.toDoubleArray();
    for (int i = 0; i < squares.length; i++) {
      double difference = squares[i] - yTrue.get(i);
      squares[i] = difference * difference;
    }
    return Tensor.wrap(squares, yPred.shape());
  }

  private static Tensor negative(Tensor x) {
    double[] values = x.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = -values[i];
    }
    return Tensor.wrap(values, x.shape());
  }
}
