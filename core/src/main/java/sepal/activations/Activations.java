package sepal.activations;

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

  private static final List<String> FUNCTION_NAMES =
      List.of(
          "relu",
          "relu6",
          "leaky_relu",
          "elu",
          "celu",
          "gelu",
          "hard_sigmoid",
          "hard_shrink",
          "soft_shrink",
          "squareplus",
          "softmax",
          "log_softmax",
          "sparsemax",
          "glu",
          "swish",
          "hard_swish");

  private static final List<String> CLASS_NAMES =
      List.of(
          "ReLU",
          "LeakyReLU",
          "ELU",
          "Celu",
          "Gelu",
          "HardSigmoid",
          "HardShrink",
          "SoftShrink",
          "Squareplus",
          "Threshold",
          "Softmax",
          "LogSoftmax",
          "Sparsemax",
          "Glu");

  static {
    for (PlainActivation function : PlainActivation.values()) {
      REGISTRY.register(function.functionName(), new Known(function));
    }
    for (String name : FUNCTION_NAMES) {
      REGISTRY.register(name, new Factory(name));
    }
    for (String className : CLASS_NAMES) {
      OBJECTS.register(className, new ObjectFactory(className));
    }
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

  private record Known(Activation function) implements Function<Config, Activation> {
    @Override
    public Activation apply(Config config) {
      return function;
    }
  }

  private record Factory(String name) implements Function<Config, Activation> {
    @Override
    public Activation apply(Config config) {
      return function(name);
    }
  }

  private record ObjectFactory(String className) implements Function<Config, Activation> {
    @Override
    public Activation apply(Config config) {
      return object(className, config);
    }
  }

  /** A switch, since a process that starts would have to load and link all of them. */
  private static Activation function(String name) {
    switch (name) {
      case "relu":
        return new Relu();
      case "relu6":
        return new Relu(0, 6.0, 0);
      case "leaky_relu":
        return new LeakyRelu();
      case "elu":
        return new Elu();
      case "celu":
        return new Celu();
      case "gelu":
        return new Gelu();
      case "hard_sigmoid":
        return HardSigmoid.KERAS_3;
      case "hard_shrink":
        return new HardShrink();
      case "soft_shrink":
        return new SoftShrink();
      case "squareplus":
        return new Squareplus();
      case "softmax":
        return new Softmax();
      case "log_softmax":
        return new LogSoftmax();
      case "sparsemax":
        return new Sparsemax();
      case "glu":
        return new Glu();
      case "swish":
        return PlainActivation.SILU;
      case "hard_swish":
        return PlainActivation.HARD_SILU;
      default:
        throw new AssertionError(name);
    }
  }

  private static Activation object(String className, Config c) {
    // What every Keras layer or operation writes, and an activation has no use for.
    c.get("name");
    c.get("trainable");
    c.get("dtype");
    switch (className) {
      case "ReLU":
        return new Relu(
            c.number("negative_slope", 0), c.number("max_value"), c.number("threshold", 0));
      case "LeakyReLU":
        return new LeakyRelu(c.number("negative_slope", c.number("alpha", 0.3)));
      case "ELU":
        return new Elu(c.number("alpha", 1));
      case "Celu":
        return new Celu(c.number("alpha", 1));
      case "Gelu":
        return new Gelu(c.flag("approximate", true));
      case "HardSigmoid":
        return new HardSigmoid(c.number("slope", 1.0 / 6));
      case "HardShrink":
        return new HardShrink(c.number("threshold", 0.5));
      case "SoftShrink":
        return new SoftShrink(c.number("threshold", 0.5));
      case "Squareplus":
        return new Squareplus(c.number("b", 4));
      case "Threshold":
        return threshold(c);
      case "Softmax":
        return new Softmax(axes(c));
      case "LogSoftmax":
        return new LogSoftmax(axes(c));
      case "Sparsemax":
        return new Sparsemax(axes(c));
      case "Glu":
        return new Glu(axes(c).get(0));
      default:
        throw new AssertionError(className);
    }
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
