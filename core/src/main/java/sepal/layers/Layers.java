package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.config.Registry;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Layer classes by their Keras names. */
public final class Layers {
  private static final Registry<Layer> REGISTRY = new Registry<>("layer class", Layer.class);

  /** The functions of {@link Lambda} layers, by their class names in files. */
  private static final Registry<UnaryOperator<Tensor>> FUNCTIONS =
      new Registry<>("layer", functionType());

  private Layers() {}

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static Class<UnaryOperator<Tensor>> functionType() {
    return (Class) UnaryOperator.class;
  }

  static {
    for (String[] names : BuiltInLayers.NAMES) {
      String[] aliases = Arrays.copyOfRange(names, 1, names.length);
      REGISTRY.register(names[0], BuiltInLayers.factory(names[0]), aliases);
    }
  }

  /**
   * Makes a user's layer class known whose arguments are options, like those of the built-in ones:
   * it is then read, copied and written like them.
   *
   * <pre>{@code
   * Layers.register("Scale", () -> new Layer.BasicOptions("Scale"), Scale::new);
   * }</pre>
   *
   * @param className the class name in files
   * @param options new options with the defaults; their fields are set by name from what a
   *     configuration says
   * @param layer builds a layer from them
   * @param aliases further names in files
   */
  public static <O extends LayerOptions<O>> void register(
      String className,
      Supplier<O> options,
      Function<O, ? extends Layer> layer,
      String... aliases) {
    REGISTRY.register(
        className,
        config -> {
          O given = options.get();
          fill(given, config);
          return layer.apply(given);
        },
        aliases);
  }

  static void fill(LayerOptions<?> options, Config config) {
    if (options instanceof ConvOptions<?> conv) {
      conv.allowStridedDilation = true; // a configuration comes from a Keras that computes it
    }
    Arguments.fill(options, config.readAll());
  }

  /**
   * Makes a user's layer class known, so that files that contain it can be read.
   *
   * @param className the class name in the file
   * @param factory builds a layer from its configuration
   */
  public static void register(
      String className, Function<Map<String, @Nullable Object>, ? extends Layer> factory) {
    REGISTRY.register(className, new MapFactory(factory));
  }

  private record MapFactory(Function<Map<String, @Nullable Object>, ? extends Layer> factory)
      implements Function<Config, Layer> {
    @Override
    public Layer apply(Config config) {
      return factory.apply(config.readAll());
    }
  }

  /**
   * Makes a function that keeps the shape known as a layer class, so that {@link Lambda} layers of
   * it can be saved, loaded and copied.
   *
   * @param className the class name in files
   */
  public static void registerFunction(String className, UnaryOperator<Tensor> function) {
    registerFunction(className, function, shape -> shape);
  }

  /**
   * Makes a function known as a layer class, so that {@link Lambda} layers of it can be saved,
   * loaded and copied.
   *
   * @param className the class name in files
   * @param outputShape the shape of the output for a shape of the input
   */
  public static void registerFunction(
      String className, UnaryOperator<Tensor> function, UnaryOperator<Shape> outputShape) {
    FUNCTIONS.registerFunction(className, function);
    register(className, Lambda.Options::new, o -> new Lambda(function, o.outputShape(outputShape)));
  }

  static @Nullable String functionName(UnaryOperator<Tensor> function) {
    return FUNCTIONS.functionName(function);
  }

  static void requireName(UnaryOperator<Tensor> function) {
    if (functionName(function) == null) {
      throw FUNCTIONS.nameless();
    }
  }

  /** The class names that are known, without aliases, in the order of the alphabet. */
  public static List<String> classNames() {
    return REGISTRY.classNames();
  }

  /** Whether there is a layer class of this name or alias. */
  public static boolean isRegistered(String className) {
    return REGISTRY.knows(className);
  }

  /**
   * A new layer from a configuration as {@link Layer#getConfig} or Keras writes it.
   *
   * @param where who asks, for the error message
   * @throws IllegalArgumentException if the class is unknown or an argument is wrong
   */
  public static Layer fromConfig(
      String where, String className, Map<String, @Nullable Object> config) {
    return REGISTRY.create(where, className, config);
  }

  /**
   * Runs {@code make} on this thread, for layers that strangers have described: their weights hold
   * no more values than {@code limit} together (of eight bytes, half as many), and no memory is
   * asked for what would be more.
   *
   * @param tooMany what is thrown then, without got and expected
   * @param zeros whether the weights start as zeros, because they are replaced right after
   */
  public static <T> T limitWeights(Problem tooMany, long limit, boolean zeros, Supplier<T> make) {
    return BlankWeights.during(tooMany, limit, zeros, make);
  }

  /** Starts the counters of automatic names again, as Keras' {@code clear_session} does. */
  public static void clearSession() {
    LayerNames.reset();
  }
}
