package sepal.layers;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
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
    register("AveragePooling1D", AveragePooling1D.Options::new, AveragePooling1D::new, "AvgPool1D");
    register("AveragePooling2D", AveragePooling2D.Options::new, AveragePooling2D::new, "AvgPool2D");
    register("BatchNormalization", BatchNormalization.Options::new, BatchNormalization::new);
    register("LayerNormalization", LayerNormalization.Options::new, LayerNormalization::new);
    register("Conv1D", Conv1D.Options::new, Conv1D::new, "Convolution1D");
    register("Conv2D", Conv2D.Options::new, Conv2D::new, "Convolution2D");
    register("AveragePooling3D", AveragePooling3D.Options::new, AveragePooling3D::new, "AvgPool3D");
    register("MaxPooling3D", MaxPooling3D.Options::new, MaxPooling3D::new, "MaxPool3D");
    register(
        "GlobalAveragePooling3D",
        GlobalAveragePooling3D.Options::new,
        GlobalAveragePooling3D::new,
        "GlobalAvgPool3D");
    register(
        "GlobalMaxPooling3D",
        GlobalMaxPooling3D.Options::new,
        GlobalMaxPooling3D::new,
        "GlobalMaxPool3D");
    register("ConvLSTM1D", ConvLSTM1D.Options::new, ConvLSTM1D::new);
    register("ConvLSTM2D", ConvLSTM2D.Options::new, ConvLSTM2D::new);
    register("ConvLSTM3D", ConvLSTM3D.Options::new, ConvLSTM3D::new);
    register("ZeroPadding3D", ZeroPadding3D.Options::new, ZeroPadding3D::new);
    register("Cropping3D", Cropping3D.Options::new, Cropping3D::new);
    register("UpSampling3D", UpSampling3D.Options::new, UpSampling3D::new);
    register("Conv3D", Conv3D.Options::new, Conv3D::new, "Convolution3D");
    register(
        "Conv1DTranspose",
        Conv1DTranspose.Options::new,
        Conv1DTranspose::new,
        "Convolution1DTranspose");
    register(
        "Conv3DTranspose",
        Conv3DTranspose.Options::new,
        Conv3DTranspose::new,
        "Convolution3DTranspose",
        "Deconvolution3D",
        "Deconv3D");
    register(
        "Conv2DTranspose",
        Conv2DTranspose.Options::new,
        Conv2DTranspose::new,
        "Convolution2DTranspose",
        "Deconvolution2D",
        "Deconv2D");
    register("Dense", Dense.Options::new, Dense::new);
    register("DepthwiseConv1D", DepthwiseConv1D.Options::new, DepthwiseConv1D::new);
    register(
        "DepthwiseConv2D",
        DepthwiseConv2D.Options::new,
        DepthwiseConv2D::new,
        "DepthwiseConvolution2D");
    register(
        "GlobalAveragePooling1D",
        GlobalAveragePooling1D.Options::new,
        GlobalAveragePooling1D::new,
        "GlobalAvgPool1D");
    register(
        "GlobalAveragePooling2D",
        GlobalAveragePooling2D.Options::new,
        GlobalAveragePooling2D::new,
        "GlobalAvgPool2D");
    register(
        "GlobalMaxPooling1D",
        GlobalMaxPooling1D.Options::new,
        GlobalMaxPooling1D::new,
        "GlobalMaxPool1D");
    register(
        "GlobalMaxPooling2D",
        GlobalMaxPooling2D.Options::new,
        GlobalMaxPooling2D::new,
        "GlobalMaxPool2D");
    register("MaxPooling1D", MaxPooling1D.Options::new, MaxPooling1D::new, "MaxPool1D");
    register("MaxPooling2D", MaxPooling2D.Options::new, MaxPooling2D::new, "MaxPool2D");
    register(
        "SeparableConv1D",
        SeparableConv1D.Options::new,
        SeparableConv1D::new,
        "SeparableConvolution1D");
    register(
        "SeparableConv2D",
        SeparableConv2D.Options::new,
        SeparableConv2D::new,
        "SeparableConvolution2D");
    register("InputLayer", InputLayer.Options::new, InputLayer::new);
    register("Activation", Activation.Options::new, Activation::new);
    register("ReLU", ReLU.Options::new, ReLU::new);
    register("LeakyReLU", LeakyReLU.Options::new, LeakyReLU::new);
    register("ELU", ELU.Options::new, ELU::new);
    register("PReLU", PReLU.Options::new, PReLU::new);
    register("Softmax", Softmax.Options::new, Softmax::new);
    register("Flatten", Flatten.Options::new, Flatten::new);
    register("Reshape", Reshape.Options::new, Reshape::new);
    register("Permute", Permute.Options::new, Permute::new);
    register("Dropout", Dropout.Options::new, Dropout::new);
    register("SpatialDropout2D", SpatialDropout2D.Options::new, SpatialDropout2D::new);
    register("Concatenate", Concatenate.Options::new, Concatenate::new);
    register("ZeroPadding1D", ZeroPadding1D.Options::new, ZeroPadding1D::new);
    register("ZeroPadding2D", ZeroPadding2D.Options::new, ZeroPadding2D::new);
    register("Cropping1D", Cropping1D.Options::new, Cropping1D::new);
    register("Cropping2D", Cropping2D.Options::new, Cropping2D::new);
    register("UpSampling1D", UpSampling1D.Options::new, UpSampling1D::new);
    register("UpSampling2D", UpSampling2D.Options::new, UpSampling2D::new);
    register("Rescaling", Rescaling.Options::new, Rescaling::new);
    register("Normalization", Normalization.Options::new, Normalization::new);
    register(
        "ActivityRegularization", ActivityRegularization.Options::new, ActivityRegularization::new);
    register("Add", () -> new Layer.BasicOptions("Add"), Add::new);
    register("Subtract", () -> new Layer.BasicOptions("Subtract"), Subtract::new);
    register("Multiply", () -> new Layer.BasicOptions("Multiply"), Multiply::new);
    register("Average", () -> new Layer.BasicOptions("Average"), Average::new);
    register("Maximum", () -> new Layer.BasicOptions("Maximum"), Maximum::new);
    register("Minimum", () -> new Layer.BasicOptions("Minimum"), Minimum::new);
    register("Identity", () -> new Layer.BasicOptions("Identity"), Identity::new);
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
          if (given instanceof ConvOptions<?> conv) {
            conv.allowStridedDilation = true; // a configuration comes from a Keras that computes it
          }
          Arguments.fill(given, config.readAll());
          return layer.apply(given);
        },
        aliases);
  }

  /**
   * Makes a user's layer class known, so that files that contain it can be read.
   *
   * @param className the class name in the file
   * @param factory builds a layer from its configuration
   */
  public static void register(
      String className, Function<Map<String, @Nullable Object>, ? extends Layer> factory) {
    REGISTRY.register(className, config -> factory.apply(config.readAll()));
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
