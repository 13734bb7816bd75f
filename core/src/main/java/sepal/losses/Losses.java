package sepal.losses;

import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Names;
import sepal.config.Registry;

/** The losses by name: Keras' own and those that users register. */
public final class Losses {
  static final Registry<Loss> REGISTRY = new Registry<>("loss", Loss.class);

  static {
    plain("MeanSquaredError", MeanSquaredError::new, "mse", "MSE");
    plain("MeanAbsoluteError", MeanAbsoluteError::new, "mae", "MAE");
    plain("MeanAbsolutePercentageError", MeanAbsolutePercentageError::new, "mape", "MAPE");
    plain("MeanSquaredLogarithmicError", MeanSquaredLogarithmicError::new, "msle", "MSLE");
    plain("LogCosh", LogCosh::new, "logcosh");
    plain("Poisson", Poisson::new);
    plain("KLDivergence", KLDivergence::new, "kld", "KLD", "kullback_leibler_divergence");
    plain("Hinge", Hinge::new);
    plain("SquaredHinge", SquaredHinge::new);
    plain("CategoricalHinge", CategoricalHinge::new);
    plain("CTC", CTC::new);
    builtIn(
        "Huber",
        c -> new Huber(name(c, "huber_loss"), reduction(c), c.number("delta", 1)),
        "huber_loss");
    builtIn(
        "CosineSimilarity",
        c -> new CosineSimilarity(name(c, "cosine_similarity"), reduction(c), axis(c)),
        "cosine_proximity");
    builtIn(
        "BinaryCrossentropy",
        c ->
            new BinaryCrossentropy(
                name(c, "binary_crossentropy"),
                reduction(c),
                c.flag("from_logits", false),
                c.number("label_smoothing", 0),
                axis(c)),
        "bce",
        "BCE");
    builtIn(
        "BinaryFocalCrossentropy",
        c ->
            new BinaryFocalCrossentropy(
                name(c, "binary_focal_crossentropy"),
                reduction(c),
                c.flag("from_logits", false),
                c.number("label_smoothing", 0),
                axis(c),
                c.flag("apply_class_balancing", false),
                c.number("alpha", 0.25),
                c.number("gamma", 2)));
    builtIn(
        "CategoricalCrossentropy",
        c ->
            new CategoricalCrossentropy(
                name(c, "categorical_crossentropy"),
                reduction(c),
                c.flag("from_logits", false),
                c.number("label_smoothing", 0),
                axis(c)));
    builtIn(
        "CategoricalFocalCrossentropy",
        c ->
            new CategoricalFocalCrossentropy(
                name(c, "categorical_focal_crossentropy"),
                reduction(c),
                c.flag("from_logits", false),
                c.number("label_smoothing", 0),
                axis(c),
                c.number("alpha", 0.25),
                c.number("gamma", 2)));
    builtIn(
        "SparseCategoricalCrossentropy",
        c ->
            new SparseCategoricalCrossentropy(
                name(c, "sparse_categorical_crossentropy"),
                reduction(c),
                c.flag("from_logits", false),
                c.integer("ignore_class"),
                axis(c)));
    REGISTRY.register("crossentropy", c -> Crossentropy.INSTANCE, "ce");
    builtIn("Dice", c -> new Dice(name(c, "dice"), reduction(c), c.integers("axis")));
    builtIn(
        "Tversky",
        c ->
            new Tversky(
                name(c, "tversky"),
                reduction(c),
                c.number("alpha", 0.5),
                c.number("beta", 0.5),
                c.integers("axis")));
    builtIn(
        "Circle",
        c ->
            new Circle(
                name(c, "circle"),
                reduction(c),
                c.number("gamma", 80),
                c.number("margin", 0.4),
                c.flag("remove_diagonal", true)));
  }

  private Losses() {}

  /**
   * The loss that an identifier stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null; a {@link Loss}; its class; a name such as {@code MeanSquaredError},
   *     {@code mean_squared_error} or {@code mse}; or a configuration as Keras 2 or 3 writes it
   * @return null for null
   * @throws IllegalArgumentException if it is none of these
   */
  public static @Nullable Loss get(String where, @Nullable Object identifier) {
    return REGISTRY.get(where, identifier);
  }

  /**
   * Makes a class of losses known, so that it can be saved and loaded.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Loss> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /** Makes one loss, typically a lambda, known, so that it can be saved and loaded. */
  public static void registerFunction(String name, Loss function) {
    REGISTRY.registerFunction(name, function);
  }

  private static void plain(
      String className, BiFunction<String, Reduction, ? extends Loss> factory, String... aliases) {
    String name = Names.snakeCase(className);
    builtIn(className, c -> factory.apply(name(c, name), reduction(c)), aliases);
  }

  private static void builtIn(
      String className, Function<Config, ? extends Loss> factory, String... aliases) {
    REGISTRY.register(
        className,
        config -> {
          // What older files write beside, and which says nothing more.
          config.get("fn");
          config.get("dtype");
          return factory.apply(config);
        },
        aliases);
  }

  private static String name(Config config, String otherwise) {
    return config.text("name", otherwise);
  }

  private static Reduction reduction(Config config) {
    return config.has("reduction")
        ? Reduction.of(config.where(), config.get("reduction"))
        : Reduction.SUM_OVER_BATCH_SIZE;
  }

  private static int axis(Config config) {
    Integer axis = config.integer("axis");
    return axis == null ? -1 : axis;
  }
}
