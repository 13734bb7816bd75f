package sepal.activations;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;
import sepal.config.Registry;

/** The activations by name: Keras' own and those that users register. */
public final class Activations {
  /** {@code x} itself. */
  public static final Activation LINEAR = PlainActivation.LINEAR;

  /** {@code max(x, 0)}. */
  public static final Activation RELU = new Relu();

  /** {@code min(max(x, 0), 6)}. */
  public static final Activation RELU6 = new Relu(0, 6.0, 0);

  /** {@code 1 / (1 + exp(-x))}. */
  public static final Activation SIGMOID = PlainActivation.SIGMOID;

  /** The hyperbolic tangent. */
  public static final Activation TANH = PlainActivation.TANH;

  /** Positive values that sum to 1 along the last axis. */
  public static final Activation SOFTMAX = new Softmax();

  /** Functions, by the names that a string may give. */
  static final Registry<Activation> REGISTRY = new Registry<>("activation", Activation.class);

  /** Objects with arguments, by the class names that only a configuration may give. */
  private static final Registry<Activation> OBJECTS =
      new Registry<>("activation", Activation.class);

  static {
    List<BuiltIn> functions = new ArrayList<>(Arrays.asList(PlainActivation.values()));
    functions.addAll(
        List.of(
            new Relu(),
            new Relu(0, 6.0, 0),
            new LeakyRelu(),
            new Elu(),
            new Celu(),
            new Gelu(),
            HardSigmoid.KERAS_3,
            new HardShrink(),
            new SoftShrink(),
            new Squareplus(),
            new Softmax(),
            new LogSoftmax(),
            new Sparsemax(),
            new Glu()));
    for (BuiltIn function : functions) {
      REGISTRY.register(Objects.requireNonNull(function.functionName()), c -> function);
    }
    REGISTRY.register("swish", c -> PlainActivation.SILU);
    REGISTRY.register("hard_swish", c -> PlainActivation.HARD_SILU);

    object(
        "ReLU",
        c ->
            new Relu(
                c.number("negative_slope", 0), c.number("max_value"), c.number("threshold", 0)));
    object("LeakyReLU", c -> new LeakyRelu(c.number("negative_slope", c.number("alpha", 0.3))));
    object("ELU", c -> new Elu(c.number("alpha", 1)));
    object("Celu", c -> new Celu(c.number("alpha", 1)));
    object("Gelu", c -> new Gelu(c.flag("approximate", true)));
    object("HardSigmoid", c -> new HardSigmoid(c.number("slope", 1.0 / 6)));
    object("HardShrink", c -> new HardShrink(c.number("threshold", 0.5)));
    object("SoftShrink", c -> new SoftShrink(c.number("threshold", 0.5)));
    object("Squareplus", c -> new Squareplus(c.number("b", 4)));
    object("Threshold", Activations::threshold);
    object("Softmax", c -> new Softmax(axes(c)));
    object("LogSoftmax", c -> new LogSoftmax(axes(c)));
    object("Sparsemax", c -> new Sparsemax(axes(c)));
    object("Glu", c -> new Glu(axes(c).get(0)));
  }

  private Activations() {}

  /**
   * The activation that an identifier stands for.
   *
   * @param where who asks, for the error message
   * @param identifier null for {@link #LINEAR}; an {@link Activation}; the name of a function, in
   *     Keras' spelling exactly; or a configuration as Keras 2 or 3 writes it, also that of an
   *     activation layer without weights
   * @throws IllegalArgumentException if it is none of these
   */
  public static Activation get(String where, @Nullable Object identifier) {
    if (identifier instanceof Map<?, ?> map
        && map.get("class_name") instanceof String className
        && !REGISTRY.knows(className)
        && OBJECTS.knows(className)) {
      return Objects.requireNonNull(OBJECTS.get(where, identifier));
    }
    Activation found = REGISTRY.get(where, identifier);
    return found == null ? LINEAR : found;
  }

  /**
   * Makes a class of activations known, so that it can be saved and loaded.
   *
   * @param factory builds one from its configuration
   */
  public static void register(
      String className, Function<Config, ? extends Activation> factory, String... aliases) {
    REGISTRY.register(className, factory, aliases);
  }

  /** Makes one activation, typically a lambda, known, so that it can be saved and loaded. */
  public static void registerFunction(String name, Activation function) {
    REGISTRY.registerFunction(name, function);
  }

  private static void object(String className, Function<Config, Activation> factory) {
    OBJECTS.register(
        className,
        config -> {
          // What every Keras layer or operation writes, and an activation has no use for.
          config.get("name");
          config.get("trainable");
          config.get("dtype");
          return factory.apply(config);
        });
  }

  private static Activation threshold(Config config) {
    Double threshold = config.number("threshold");
    Double defaultValue = config.number("default_value");
    if (threshold == null || defaultValue == null) {
      throw Config.wrong(
          config.where(),
          threshold == null ? "threshold" : "default_value",
          null,
          "a number; there is no default");
    }
    return new Threshold(threshold, defaultValue);
  }

  private static List<Integer> axes(Config config) {
    List<Integer> axes = config.integers("axis");
    return axes == null ? List.of(-1) : axes;
  }
}
