package sepal.optimizers;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Registry;

/** Optimizers by their Keras names. */
public final class Optimizers {
  private static final Registry<Optimizer> REGISTRY =
      new Registry<>("optimizer", Optimizer.class)
          .register("SGD", SGD::read, "sgd")
          .register("RMSprop", RMSprop::read, "rmsprop")
          .register("Adam", Adam::read)
          .register("AdamW", AdamW::read, "adamw")
          .register("Adadelta", Adadelta::read)
          .register("Adagrad", Adagrad::read)
          .register("Adamax", Adamax::read)
          .register("Nadam", Nadam::read)
          .register("Ftrl", Ftrl::read)
          .register("Lion", Lion::read);

  /** The steps that are lambdas, by the names of their optimizers. */
  static final Registry<UpdateRule> RULES = new Registry<>("optimizer", UpdateRule.class);

  private Optimizers() {}

  /**
   * A new optimizer for a name (in any letter case), a Keras configuration, or the object itself.
   *
   * @throws IllegalArgumentException if the name is unknown
   */
  public static @Nullable Optimizer get(String where, @Nullable Object identifier) {
    if (identifier instanceof String name && !REGISTRY.knows(name)) {
      return REGISTRY.create(where, name.toLowerCase(Locale.ROOT), Map.of());
    }
    return REGISTRY.get(where, identifier);
  }

  /**
   * Makes an optimizer whose step is a lambda known under a name, so that it can be asked for by
   * it, saved and loaded.
   */
  public static void registerFunction(String name, UpdateRule rule) {
    RULES.registerFunction(name, rule);
    REGISTRY.register(
        name, config -> new LambdaOptimizer(rule, new LambdaOptimizer.Options().read(config)));
  }

  /** Makes a user's optimizer known, so that files that contain it can be read. */
  public static void register(String className, Function<Config, ? extends Optimizer> factory) {
    REGISTRY.register(className, factory);
  }
}
