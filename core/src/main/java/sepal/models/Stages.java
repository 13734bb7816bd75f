package sepal.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.activations.Elu;
import sepal.activations.Glu;
import sepal.activations.LeakyRelu;
import sepal.activations.Relu;
import sepal.activations.Softmax;
import sepal.kernels.Clamp;
import sepal.kernels.Forward;
import sepal.kernels.Kernels;
import sepal.kernels.ParallelElementwise;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Concatenate;
import sepal.layers.ELU;
import sepal.layers.Flatten;
import sepal.layers.GlobalPoolingConfig;
import sepal.layers.Layer;
import sepal.layers.LeakyReLU;
import sepal.layers.PoolingConfig;
import sepal.layers.ReLU;
import sepal.layers.Reshape;
import sepal.layers.Weight;
import sepal.layers.ZeroPaddingConfig;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Margins;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * The kinds of stages, and which layers become which. What they are bound to is a record where it
 * is several values: a function of so many takes long to link in a process that starts.
 */
final class Stages {
  // Names of layers, not their classes: those would all be loaded for any model.

  /** Layers without a stage of their own that look at each sample alone, whatever they are told. */
  static final Set<String> SAMPLEWISE =
      Set.of(
          "Add",
          "Average",
          "Conv1DTranspose",
          "Conv2DTranspose",
          "Conv3D",
          "Conv3DTranspose",
          "GlobalAveragePooling3D",
          "GlobalMaxPooling3D",
          "AveragePooling3D",
          "MaxPooling3D",
          "Cropping1D",
          "Cropping3D",
          "Cropping2D",
          "Dot",
          "Flatten",
          "GroupNormalization",
          "Maximum",
          "Minimum",
          "Multiply",
          "PReLU",
          "Permute",
          "RepeatVector",
          "Subtract",
          "UpSampling1D",
          "UpSampling3D",
          "UpSampling2D",
          "ZeroPadding1D",
          "ZeroPadding3D",
          "ZeroPadding2D");

  static final Set<String> MAX_POOLING =
      Set.of("MaxPooling1D", "MaxPooling2D", "GlobalMaxPooling1D", "GlobalMaxPooling2D");

  static final Set<String> AVERAGE_POOLING =
      Set.of(
          "AveragePooling1D",
          "AveragePooling2D",
          "GlobalAveragePooling1D",
          "GlobalAveragePooling2D");

  /** Layers that hand on what they get when the model predicts. */
  static final Set<String> IDENTITIES =
      Set.of(
          "Dropout",
          "AlphaDropout",
          "GaussianDropout",
          "GaussianNoise",
          "SpatialDropout1D",
          "SpatialDropout2D",
          "Identity");

  private Stages() {}

  /** Zeros around the images that a convolution reads. */
  record Padding(Margins margins, DataFormat dataFormat) {}

  /**
   * The stage for a layer.
   *
   * @param shapes of all values, as far as known
   * @param padding what was around the input when the model was made, or null
   */
  static Stage of(
      Layer layer, int[] inputs, int[] outputs, List<Shape> shapes, @Nullable Padding padding) {
    int rank = shapes.get(inputs[0]).rank();
    if (ProductStage.Arguments.of(layer) != null) {
      return new ProductStage(layer, inputs, outputs, padding);
    }
    if (layer instanceof BatchNormalization normalization && axis(normalization, rank) > 0) {
      return new Normalize(normalization, inputs, outputs, axis(normalization, rank));
    }
    if (isOneOf(MAX_POOLING, layer) || isOneOf(AVERAGE_POOLING, layer)) {
      return new Pool(layer, inputs, outputs);
    }
    if (layer instanceof Add && inputs.length > 1) {
      return new Sum(layer, inputs, outputs);
    }
    if (isIdentity(layer) || isReshape(layer, rank)) {
      return new Rename(layer, inputs, outputs);
    }
    if (clamp(layer) != null) {
      return new Limit(layer, inputs, outputs);
    }
    Activation function = function(layer);
    if (function != null && !(function instanceof Glu)) {
      return new FunctionStage(layer, function, inputs, outputs, rank);
    }
    if (layer instanceof Concatenate concatenate
        && neverTheFirst(List.of(concatenate.config().axis()), rank)) {
      return new Join(concatenate, inputs, outputs, rank);
    }
    return new Call(layer, inputs, outputs);
  }

  /** Whether the layer is one of Sepal's own of these names. */
  private static boolean isOneOf(Set<String> names, Layer layer) {
    return isBuiltIn(layer) && names.contains(layer.getClass().getSimpleName());
  }

  static boolean isBuiltIn(Layer layer) {
    return layer.getClass().getPackage() == Layer.class.getPackage();
  }

  /** Whether the layer hands on what it gets when it predicts. */
  static boolean isIdentity(Layer layer) {
    return isOneOf(IDENTITIES, layer) || clamp(layer) == Clamp.NONE;
  }

  private static boolean isReshape(Layer layer, int rank) {
    return layer instanceof Reshape
        || layer instanceof Flatten flatten
            && (flatten.config().dataFormat() == DataFormat.CHANNELS_LAST || rank <= 2);
  }

  /** The function that is all that the layer does, or null. */
  private static @Nullable Activation function(Layer layer) {
    if (layer instanceof sepal.layers.Activation activation) {
      return activation.config().activation();
    }
    if (layer instanceof ReLU relu) {
      ReLU.Config config = relu.config();
      return new Relu(config.negativeSlope(), config.maxValue(), config.threshold());
    }
    if (layer instanceof LeakyReLU leaky) {
      return new LeakyRelu(leaky.config().negativeSlope());
    }
    if (layer instanceof ELU elu) {
      return new Elu(elu.config().alpha());
    }
    if (layer instanceof sepal.layers.Softmax softmax) {
      Object axis = softmax.config().axis();
      return new Softmax(sepal.config.Config.asIntegers(layer.toString(), "axis", axis));
    }
    return null;
  }

  /** What the layer does if kernels can do it as they store, else null. */
  static @Nullable Clamp clamp(Layer layer) {
    Activation function = function(layer);
    return function == null ? null : function.clamp();
  }

  /** The activation of a layer with a kernel that the kernels do not apply, or null. */
  static @Nullable Activation restOf(Layer layer) {
    ProductStage.Arguments arguments = ProductStage.Arguments.of(layer);
    return arguments == null || arguments.activation().clamp() != null
        ? null
        : arguments.activation();
  }

  /** The margins that {@code before} makes, if the convolution {@code layer} can do without. */
  static @Nullable Padding padding(@Nullable Stage before, Layer layer) {
    ProductStage.Arguments arguments = ProductStage.Arguments.of(layer);
    if (before == null
        || arguments == null
        || !(before.layer.config() instanceof ZeroPaddingConfig zeros)
        || arguments.window() == null
        || arguments.window().padding() != sepal.shape.Padding.VALID
        || arguments.dataFormat() != zeros.dataFormat()) {
      return null;
    }
    Margins margins = zeros.padding();
    boolean reached = true;
    for (int axis = 0; axis < margins.rank(); axis++) {
      int span = arguments.window().span(axis);
      reached &= Math.max(margins.before().get(axis), margins.after().get(axis)) < span;
    }
    return reached ? new Padding(margins, arguments.dataFormat()) : null;
  }

  static int axis(BatchNormalization layer, int rank) {
    int axis = layer.config().axis();
    return axis < 0 ? axis + rank : axis;
  }

  /** A normalization that stands alone, and a clamp. */
  static final class Normalize extends Stage {
    private final BatchNormalization normalization;
    private final int axis;
    private Clamp clamp = Clamp.NONE;

    private record Prepared(float[] scale, float[] shift) {}

    Normalize(BatchNormalization layer, int[] inputs, int[] outputs, int axis) {
      super(layer, inputs, outputs);
      this.normalization = layer;
      this.axis = axis;
    }

    @Override
    boolean absorb(Layer next, int rank) {
      Clamp wanted = Stages.clamp(next);
      if (wanted == null || clamp != Clamp.NONE) {
        return false;
      }
      clamp = wanted;
      return true;
    }

    @Override
    int[] replaceable() {
      return new int[] {0};
    }

    @Override
    List<Weight> weights() {
      return layer.weights();
    }

    @Override
    Object prepare(Kernels kernels, Values values) {
      Affine affine = Affine.of(normalization, values);
      return new Prepared(affine.scaleValues(), affine.shiftValues());
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      Shape shape = from.get(0);
      int channels = shape.get(axis);
      if (layer.weights().get(0).shape().get(0) != channels) {
        throw new Unplannable(layer + " takes another number of channels");
      }
      int outer = shape.slice(0, axis).size();
      int inner = shape.slice(axis + 1, shape.rank()).size();
      return new NormalizeRun(in[0], clamp, out[0], outer, channels, inner);
    }

    private record NormalizeRun(
        Place in, Clamp clamp, Place out, int outer, int channels, int inner) implements Run {
      @Override
      public void run(Frame f, @Nullable Object prepared) {
        if (!(prepared instanceof Prepared p)) {
          throw new IllegalStateException("the weights were not prepared");
        }
        float[] x = in.array(f);
        float[] y = out.array(f);
        f.kernels()
            .scaleShift(x, in.at(f), p.scale, p.shift, clamp, y, out.at(f), outer, channels, inner);
      }
    }
  }

  /** Pooling under a window, or over everything. */
  static final class Pool extends Stage {
    Pool(Layer layer, int[] inputs, int[] outputs) {
      super(layer, inputs, outputs);
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      ConvGeometry geometry = geometry(from.get(0)).planar();
      return new PoolRun(isOneOf(MAX_POOLING, layer), in[0], out[0], geometry);
    }

    private static final class PoolRun extends PlannedRun {
      private final boolean max;
      private final ConvGeometry geometry;

      PoolRun(boolean max, Place x, Place y, ConvGeometry geometry) {
        super(x, y);
        this.max = max;
        this.geometry = geometry;
      }

      @Override
      Forward plan(Kernels kernels, @Nullable Object prepared) {
        return kernels.plannedPool(max, geometry);
      }
    }

    private ConvGeometry geometry(Shape shape) {
      if (layer.config() instanceof PoolingConfig c) {
        return geometry(shape, c.window(), c.dataFormat());
      }
      if (layer.config() instanceof GlobalPoolingConfig c) {
        int first = c.dataFormat().firstSpatialAxis();
        Dims all = Dims.of(shape.slice(first, first + shape.rank() - 2).toArray());
        Dims ones = Dims.fill(all.rank(), 1);
        Window window = new Window(all, all, ones, sepal.shape.Padding.VALID);
        return geometry(shape, window, c.dataFormat());
      }
      throw new Unplannable(layer + " is no pooling");
    }

    private ConvGeometry geometry(Shape shape, Window window, DataFormat dataFormat) {
      int channels = shape.get(dataFormat.channelAxis(shape.rank()));
      return ConvGeometry.of(layer.toString(), shape, window, dataFormat, channels);
    }
  }

  /** A sum of inputs of one shape, and a clamp. */
  static final class Sum extends Stage {
    private Clamp clamp = Clamp.NONE;

    Sum(Layer layer, int[] inputs, int[] outputs) {
      super(layer, inputs, outputs);
    }

    @Override
    boolean absorb(Layer next, int rank) {
      Clamp wanted = Stages.clamp(next);
      if (wanted == null || clamp != Clamp.NONE) {
        return false;
      }
      clamp = wanted;
      return true;
    }

    /** The first two are read before anything is written. */
    @Override
    int[] replaceable() {
      return new int[] {0, 1};
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      int count = to.get(0).size();
      Place y = out[0];
      if (Collections.frequency(from, to.get(0)) < from.size()) {
        Clamp limit = clamp;
        Run call = new Call(layer, inputs, outputs).bind(from, to, in, out);
        return (f, p) -> {
          call.run(f, p);
          ParallelElementwise.clamp(y.array(f), y.at(f), limit, y.array(f), y.at(f), count);
        };
      }
      return new SumRun(List.of(in), clamp, y, count);
    }

    private record SumRun(List<Place> in, Clamp clamp, Place y, int count) implements Run {
      @Override
      public void run(Frame f, @Nullable Object prepared) {
        float[] sum = y.array(f);
        int at = y.at(f);
        for (int i = 1; i < in.size(); i++) {
          Place a = i == 1 ? in.get(0) : y;
          Place b = in.get(i);
          Clamp last = i == in.size() - 1 ? clamp : Clamp.NONE;
          ParallelElementwise.add(a.array(f), a.at(f), b.array(f), b.at(f), last, sum, at, count);
        }
      }
    }
  }

  /** A clamp, or nothing but a copy. */
  static final class Limit extends Stage {
    private final Clamp clamp;

    Limit(Layer layer, int[] inputs, int[] outputs) {
      super(layer, inputs, outputs);
      Clamp known = Stages.clamp(layer);
      this.clamp = known == null ? Clamp.NONE : known;
    }

    @Override
    int[] replaceable() {
      return new int[] {0};
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      return copy(in[0], out[0], clamp, to.get(0).size());
    }

    static Run copy(Place x, Place y, Clamp clamp, int count) {
      return new LimitRun(x, y, clamp, count);
    }

    private record LimitRun(Place x, Place y, Clamp clamp, int count) implements Run {
      @Override
      public void run(Frame f, @Nullable Object prepared) {
        ParallelElementwise.clamp(x.array(f), x.at(f), clamp, y.array(f), y.at(f), count);
      }
    }
  }

  /** The input under another shape. */
  static final class Rename extends Stage {
    Rename(Layer layer, int[] inputs, int[] outputs) {
      super(layer, inputs, outputs);
    }

    @Override
    boolean isRename() {
      return true;
    }

    @Override
    long work(List<Shape> from, List<Shape> to) {
      return 0;
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      return (f, p) -> {};
    }
  }

  static boolean neverTheFirst(List<Integer> axes, int rank) {
    for (int axis : axes) {
      if (axis == 0 || axis <= -rank) {
        return false;
      }
    }
    return true;
  }

  /** Inputs side by side. */
  static final class Join extends Stage {
    private final int axis;

    Join(Concatenate layer, int[] inputs, int[] outputs, int rank) {
      super(layer, inputs, outputs);
      int given = layer.config().axis();
      this.axis = given < 0 ? given + rank : given;
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      int rows = to.get(0).slice(0, axis).size();
      int row = to.get(0).size() / rows;
      int[] parts = from.stream().mapToInt(shape -> shape.size() / rows).toArray();
      return (f, p) -> {
        int column = out[0].at(f);
        for (int i = 0; i < parts.length; i++) {
          float[] x = in[i].array(f);
          int at = in[i].at(f);
          for (int r = 0; r < rows; r++) {
            System.arraycopy(x, at + r * parts[i], out[0].array(f), column + r * row, parts[i]);
          }
          column += parts[i];
        }
      };
    }
  }

  /** Any other layer, called as it is. */
  static final class Call extends Stage {
    Call(Layer layer, int[] inputs, int[] outputs) {
      super(layer, inputs, outputs);
    }

    @Override
    boolean isSamplewise() {
      return isOneOf(SAMPLEWISE, layer);
    }

    @Override
    Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
      return (f, p) -> {
        List<Tensor> tensors = new ArrayList<>(in.length);
        for (int i = 0; i < in.length; i++) {
          tensors.add(read(f, in[i], from.get(i)));
        }
        List<Tensor> made = layer.applyAll(tensors, false);
        if (made.size() != out.length) {
          throw new Unplannable(layer + " gave another number of outputs than it had announced");
        }
        for (int i = 0; i < out.length; i++) {
          write(f, layer, made.get(i), to.get(i), out[i]);
        }
      };
    }
  }

  static Tensor read(Stage.Frame frame, Stage.Place place, Shape shape) {
    int at = place.at(frame);
    float[] copy = Arrays.copyOfRange(place.array(frame), at, at + shape.size());
    return Tensor.wrap(copy, shape);
  }

  static void write(Stage.Frame frame, Layer layer, Tensor made, Shape shape, Stage.Place place) {
    if (made.dtype() != DType.FLOAT32 || !made.shape().equals(shape)) {
      throw new Stage.Unplannable(layer + " gave something else than it had announced");
    }
    System.arraycopy(made.floats(), 0, place.array(frame), place.at(frame), made.size());
  }
}
