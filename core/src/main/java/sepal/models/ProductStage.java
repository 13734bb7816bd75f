package sepal.models;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.kernels.Clamp;
import sepal.kernels.Forward;
import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.layers.BatchNormalization;
import sepal.layers.ConvConfig;
import sepal.layers.Dense;
import sepal.layers.DepthwiseConvConfig;
import sepal.layers.Layer;
import sepal.layers.SeparableConvConfig;
import sepal.layers.Weight;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/** A layer with a kernel, the normalizations after it folded into the kernel, a clamp. */
final class ProductStage extends Stage {
  private final Arguments arguments;
  private final Stages.@Nullable Padding padding;
  private final List<BatchNormalization> folded = new ArrayList<>();
  private Clamp clamp;

  enum Kind {
    CONV,
    SEPARABLE,
    DEPTHWISE,
    DENSE
  }

  /**
   * What the kinds of layers have in common.
   *
   * @param window null for {@link Dense}
   */
  record Arguments(
      Kind kind,
      @Nullable Window window,
      DataFormat dataFormat,
      int multiplier,
      int groups,
      Activation activation) {

    static @Nullable Arguments of(Layer layer) {
      if (!Stages.isBuiltIn(layer)) {
        return null;
      }
      if (layer.config() instanceof ConvConfig c && c.kernelSize().rank() < 3) {
        return new Arguments(Kind.CONV, c.window(), c.dataFormat(), 1, c.groups(), c.activation());
      }
      if (layer.config() instanceof SeparableConvConfig c) {
        return new Arguments(
            Kind.SEPARABLE, c.window(), c.dataFormat(), c.depthMultiplier(), 1, c.activation());
      }
      if (layer.config() instanceof DepthwiseConvConfig c) {
        return new Arguments(
            Kind.DEPTHWISE, c.window(), c.dataFormat(), c.depthMultiplier(), 1, c.activation());
      }
      if (layer instanceof Dense dense) {
        return new Arguments(
            Kind.DENSE, null, DataFormat.CHANNELS_LAST, 1, 1, dense.config().activation());
      }
      return null;
    }

    String kernelName() {
      return kind == Kind.SEPARABLE ? "pointwise_kernel" : "kernel";
    }
  }

  /** The weights as the kernels take them. */
  private record Prepared(
      @Nullable PackedKernel packed, float[] depthwise, float @Nullable [] bias) {

    PackedKernel kernel() {
      if (packed == null) {
        throw new IllegalStateException("only depthwise kernels are not packed");
      }
      return packed;
    }
  }

  ProductStage(Layer layer, int[] inputs, int[] outputs, Stages.@Nullable Padding padding) {
    super(layer, inputs, outputs);
    Arguments given = Arguments.of(layer);
    if (given == null) {
      throw new Unplannable(layer + " has no kernel");
    }
    Clamp known = given.activation.clamp();
    this.arguments = given;
    this.padding = padding;
    this.clamp = known == null ? Clamp.NONE : known;
  }

  @Override
  boolean absorb(Layer next, int rank) {
    if (arguments.activation.clamp() == null || clamp != Clamp.NONE) {
      return false;
    }
    if (next instanceof BatchNormalization normalization
        && Stages.axis(normalization, rank) == arguments.dataFormat.channelAxis(rank)) {
      folded.add(normalization);
      return true;
    }
    Clamp wanted = Stages.clamp(next);
    clamp = wanted == null ? clamp : wanted;
    return wanted != null;
  }

  @Override
  List<Weight> weights() {
    List<Weight> weights = new ArrayList<>(layer.weights());
    for (BatchNormalization normalization : folded) {
      weights.addAll(normalization.weights());
    }
    return weights;
  }

  @Override
  Object prepare(Kernels kernels, Values values) {
    float[] kernel = values.get(layer, arguments.kernelName()).floats();
    Tensor given = values.find(layer, "bias");
    float[] bias = given == null ? null : given.floats();
    if (!folded.isEmpty()) {
      Affine all = Affine.of(folded.get(0), values).afterBias(bias);
      for (BatchNormalization next : folded.subList(1, folded.size())) {
        all = Affine.of(next, values).after(all);
      }
      kernel = columnsTimes(kernel, all.scale());
      bias = all.shiftValues();
      checkFinite(kernel);
      checkFinite(bias);
    }
    if (arguments.kind == Kind.DEPTHWISE) {
      return new Prepared(null, kernel, bias);
    }
    int filters = values.get(layer, arguments.kernelName()).shape().get(-1);
    PackedKernel packed = kernels.pack(kernel, kernel.length / filters, filters, arguments.groups);
    boolean separable = arguments.kind == Kind.SEPARABLE;
    float[] depthwise = separable ? values.get(layer, "depthwise_kernel").floats() : kernel;
    return new Prepared(packed, separable ? depthwise : new float[0], bias);
  }

  private static float[] columnsTimes(float[] kernel, double[] scale) {
    float[] product = new float[kernel.length];
    for (int i = 0; i < kernel.length; i++) {
      product[i] = (float) (kernel[i] * scale[i % scale.length]);
    }
    return product;
  }

  /** Infinity times zero: the order of multiplications would show. */
  private void checkFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new Unplannable(layer + " has weights that cannot be folded");
      }
    }
  }

  @Override
  List<Shape> outputShapes(List<Shape> shapes) {
    return layer.computeOutputShapes(List.of(padded(shapes.get(0))));
  }

  private Shape padded(Shape shape) {
    return padding == null
        ? shape
        : padding.margins().around(layer.toString(), shape, padding.dataFormat());
  }

  @Override
  long work(List<Shape> from, List<Shape> to) {
    long taps = arguments.window == null ? 1 : arguments.window.size().product();
    int axis = arguments.dataFormat.channelAxis(from.get(0).rank());
    long channels = from.get(0).get(axis);
    long depth =
        switch (arguments.kind) {
          case CONV -> taps * channels / arguments.groups;
          case DEPTHWISE -> taps;
          case SEPARABLE -> channels * arguments.multiplier;
          case DENSE -> channels;
        };
    return to.get(0).size() * depth;
  }

  @Override
  Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out) {
    Shape input = padded(from.get(0));
    if (arguments.window == null) {
      checkChannels(input.get(-1), 0);
      int count = input.slice(0, input.rank() - 1).size();
      return new DenseRun(in[0], count, clamp, out[0]);
    }
    DataFormat dataFormat = arguments.dataFormat;
    int filters = to.get(0).get(dataFormat.channelAxis(input.rank()));
    ConvGeometry whole =
        ConvGeometry.of(layer.toString(), input, arguments.window, dataFormat, filters);
    ConvGeometry g = (padding == null ? whole : whole.without(padding.margins())).planar();
    checkChannels(g.channels() / arguments.groups, -2);
    return new ConvRun(arguments.kind, in[0], arguments.multiplier, clamp, out[0], g);
  }

  private static final class DenseRun extends PlannedRun {
    private final int count;
    private final Clamp clamp;

    DenseRun(Place x, int count, Clamp clamp, Place y) {
      super(x, y);
      this.count = count;
      this.clamp = clamp;
    }

    @Override
    Forward plan(Kernels kernels, @Nullable Object prepared) {
      Prepared p = of(prepared);
      return kernels.plannedDense(count, p.kernel(), p.bias, clamp);
    }
  }

  private static final class ConvRun extends PlannedRun {
    private final Kind kind;
    private final int multiplier;
    private final Clamp clamp;
    private final ConvGeometry geometry;

    ConvRun(Kind kind, Place x, int multiplier, Clamp clamp, Place y, ConvGeometry geometry) {
      super(x, y);
      this.kind = kind;
      this.multiplier = multiplier;
      this.clamp = clamp;
      this.geometry = geometry;
    }

    @Override
    Forward plan(Kernels kernels, @Nullable Object prepared) {
      Prepared p = of(prepared);
      if (kind == Kind.CONV) {
        return kernels.plannedConv(p.kernel(), p.bias, clamp, geometry);
      }
      if (kind == Kind.SEPARABLE) {
        return kernels.plannedSeparable(
            p.depthwise, multiplier, p.kernel(), p.bias, clamp, geometry);
      }
      return kernels.plannedDepthwise(p.depthwise, multiplier, p.bias, clamp, geometry);
    }
  }

  private static Prepared of(@Nullable Object prepared) {
    if (prepared instanceof Prepared weights) {
      return weights;
    }
    throw new IllegalStateException("the weights were not prepared");
  }

  /** Sizes that were unknown when the model was made may not suit the kernel. */
  private void checkChannels(int channels, int axis) {
    Weight kernel = layer.weights().get(0);
    if (kernel.shape().get(axis) != channels) {
      throw new Unplannable(layer + " takes " + kernel.shape().get(axis) + " channels");
    }
  }
}
