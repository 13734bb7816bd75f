package sepal.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Margins;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

/** The gradient of every operation, on random shapes, is what finite differences say. */
class GradientTest {
  private static final int SEEDS = 3;

  /** A function of tensors, and inputs away from its kinks. */
  private record Sample(Function<List<Tensor>, Tensor> function, List<Tensor> inputs) {}

  /**
   * @param operation the method of {@link Ops}
   * @param sample draws shapes, inputs and arguments
   */
  private record Row(String operation, String variant, Function<Draw, Sample> sample) {
    @Override
    public String toString() {
      return variant.isEmpty() ? operation : operation + ", " + variant;
    }
  }

  /** Operations without a gradient, and why. */
  private static final Map<String, String> CONSTANT =
      Map.of("movingAverage", "running statistics are not trained");

  static Stream<Row> rows() {
    List<Row> rows = new ArrayList<>();
    elementwise(rows);
    reductions(rows);
    movements(rows);
    normalizations(rows);
    convolutions(rows);
    poolings(rows);
    return rows.stream();
  }

  private static void elementwise(List<Row> rows) {
    rows.add(unary("abs", Ops::abs));
    rows.add(unary("exp", Ops::exp));
    rows.add(unary("log", Ops::log));
    rows.add(unary("sqrt", Ops::sqrt));
    rows.add(unary("square", Ops::square));
    for (Stretch stretch : Stretch.values()) {
      rows.add(binary("add", stretch, Ops::add));
      rows.add(binary("subtract", stretch, Ops::subtract));
      rows.add(binary("multiply", stretch, Ops::multiply));
      rows.add(binary("divide", stretch, Ops::divide));
      rows.add(binary("maximum", stretch, Ops::maximum));
      rows.add(binary("minimum", stretch, Ops::minimum));
      rows.add(binary("prelu", stretch, Ops::prelu));
    }
    rows.add(
        new Row(
            "dropout",
            "",
            draw -> {
              Tensor x = draw.away(draw.shape(3));
              Shape noise = x.shape().with(1, 1);
              return of(t -> Ops.dropout(t, 0.4, noise, 17, 3), x);
            }));
    rows.add(
        new Row(
            "alphaDropout",
            "",
            draw -> {
              Tensor x = draw.away(draw.shape(3));
              Shape noise = x.shape().with(1, 1);
              return of(t -> Ops.alphaDropout(t, 0.4, noise, 17, 3), x);
            }));
    rows.add(
        new Row(
            "gaussianDropout",
            "",
            draw -> of(x -> Ops.gaussianDropout(x, 0.4, 17, 3), draw.away(draw.shape(3)))));
    rows.add(
        new Row(
            "gaussianNoise",
            "",
            draw -> of(x -> Ops.gaussianNoise(x, 0.4, 17, 3), draw.away(draw.shape(3)))));
  }

  private static void reductions(List<Row> rows) {
    for (int[] axes : new int[][] {{}, {0}, {1}, {-1}, {0, 2}, {-1, 1}}) {
      String variant = "axes " + Arrays.toString(axes);
      rows.add(
          new Row("sum", variant, draw -> of(x -> Ops.sum(x, axes), draw.away(draw.shape(3)))));
      rows.add(
          new Row("mean", variant, draw -> of(x -> Ops.mean(x, axes), draw.away(draw.shape(3)))));
    }
  }

  private static void movements(List<Row> rows) {
    rows.add(
        new Row(
            "reshape",
            "",
            draw -> {
              Tensor x = draw.away(draw.shape(3));
              Shape flat = Shape.of(x.shape().get(0), x.size() / x.shape().get(0));
              return of(t -> Ops.reshape(t, flat), x);
            }));
    for (int[] axes : new int[][] {{1, 0, 2}, {2, 0, 1}, {0, 2, 1}}) {
      rows.add(
          new Row(
              "transpose",
              Arrays.toString(axes),
              draw -> of(x -> Ops.transpose(x, axes), draw.away(draw.shape(3)))));
    }
    for (int axis = 0; axis < 3; axis++) {
      int along = axis;
      rows.add(
          new Row(
              "slice",
              "axis " + axis,
              draw -> {
                Tensor x = draw.away(draw.shape(3));
                int from = draw.size(0, x.shape().get(along) - 1);
                int to = draw.size(from, x.shape().get(along));
                return of(t -> Ops.slice(t, along, from, to), x);
              }));
    }
    for (int axis = 0; axis < 3; axis++) {
      int side = axis;
      rows.add(
          new Row(
              "concatenate",
              "axis " + axis,
              draw -> {
                Shape shape = draw.shape(3);
                return new Sample(
                    inputs -> Ops.concatenate(inputs, side),
                    List.of(
                        draw.away(shape),
                        draw.away(shape.with(side, draw.size(1, 4))),
                        draw.away(shape.with(side, draw.size(1, 4)))));
              }));
    }
    for (DataFormat format : DataFormat.values()) {
      for (int rank = 1; rank <= 2; rank++) {
        rows.add(pad(format, rank, "padding", draw -> draw.size(0, 2)));
        rows.add(pad(format, rank, "cropping", draw -> -draw.size(0, 1)));
      }
      rows.add(
          new Row(
              "resize",
              "volumes, " + format,
              draw -> {
                Tensor x = draw.away(images(draw, 3, format, draw.size(1, 3)));
                Shape output = x.shape();
                for (int axis = 0; axis < 3; axis++) {
                  int at = format.firstSpatialAxis() + axis;
                  output = output.with(at, output.get(at) * draw.size(1, 3));
                }
                Shape larger = output;
                return of(t -> Ops.resize(t, larger, format, Interpolation.NEAREST), x);
              }));
      for (Interpolation interpolation : Interpolation.values()) {
        rows.add(
            new Row(
                "resize",
                interpolation + ", " + format,
                draw -> {
                  Tensor x = draw.away(draw.shape(4));
                  int rows0 = format.firstSpatialAxis();
                  Shape output =
                      x.shape()
                          .with(rows0, x.shape().get(rows0) * draw.size(1, 3))
                          .with(rows0 + 1, x.shape().get(rows0 + 1) * draw.size(1, 3));
                  return of(t -> Ops.resize(t, output, format, interpolation), x);
                }));
      }
    }
  }

  private static Row pad(
      DataFormat format, int rank, String variant, Function<Draw, Integer> margin) {
    return new Row(
        "pad",
        variant + ", " + format + ", rank " + rank,
        draw -> {
          Tensor x = draw.away(images(draw, rank, format, draw.size(1, 3)));
          int[] sides = new int[2 * rank];
          Arrays.setAll(sides, side -> margin.apply(draw));
          Margins margins = Margins.of(sides);
          Shape output = margins.around("test", x.shape(), format);
          return of(t -> Ops.pad(t, margins, output, format), x);
        });
  }

  private static void normalizations(List<Row> rows) {
    for (double shortest : new double[] {1e-6, 100}) {
      for (List<Integer> axes : List.of(List.of(-1), List.of(0, 2))) {
        rows.add(
            new Row(
                "unitNormalization",
                axes + ", divided by " + shortest + " or more",
                draw ->
                    of(x -> Ops.unitNormalization(x, axes, shortest), draw.away(draw.shape(3)))));
      }
    }
    for (List<Integer> axes : List.of(List.of(-1), List.of(1), List.of(0, 2))) {
      for (boolean centered : new boolean[] {true, false}) {
        for (boolean scaled : new boolean[] {true, false}) {
          String variant = axes + (centered ? ", centered" : "") + (scaled ? ", gamma, beta" : "");
          rows.add(
              new Row("layerNormalization", variant, draw -> layers(draw, axes, centered, scaled)));
        }
      }
    }
    for (int axis : new int[] {1, 3}) {
      for (boolean scaled : new boolean[] {true, false}) {
        rows.add(
            new Row(
                "batchNormalization",
                "axis " + axis + (scaled ? ", gamma and beta" : ""),
                draw -> {
                  Shape shape = draw.shape(4);
                  Shape channels = Shape.of(shape.get(axis));
                  List<Tensor> inputs =
                      new ArrayList<>(
                          List.of(draw.away(shape), draw.away(channels), draw.positive(channels)));
                  if (scaled) {
                    inputs.add(draw.away(channels));
                    inputs.add(draw.away(channels));
                  }
                  return new Sample(
                      t ->
                          Ops.batchNormalization(
                              t.get(0),
                              scaled ? t.get(3) : null,
                              scaled ? t.get(4) : null,
                              t.get(1),
                              t.get(2),
                              axis,
                              1e-3),
                      inputs);
                }));
      }
      rows.add(
          new Row(
              "batchNormalization",
              "axis " + axis + ", statistics of the batch",
              draw -> {
                Shape shape = draw.shape(4);
                Shape channels = Shape.of(shape.get(axis));
                return new Sample(
                    t ->
                        Ops.batchNormalization(
                            t.get(0), t.get(1), t.get(2), Ops.moments(t.get(0), axis), axis, 1e-3),
                    List.of(draw.away(shape), draw.away(channels), draw.away(channels)));
              }));
      rows.add(
          new Row(
              "moments",
              "mean, axis " + axis,
              draw -> of(x -> Ops.moments(x, axis).mean(), draw.away(draw.shape(4)))));
      rows.add(
          new Row(
              "moments",
              "variance, axis " + axis,
              draw -> of(x -> Ops.moments(x, axis).variance(), draw.away(draw.shape(4)))));
    }
  }

  private static Sample layers(Draw draw, List<Integer> axes, boolean centered, boolean scaled) {
    Shape shape = Shape.of(draw.size(2, 4), draw.size(2, 4), draw.size(2, 4));
    List<Tensor> inputs = new ArrayList<>(List.of(draw.away(shape)));
    if (scaled) {
      Shape sizes = Shape.of(axes.stream().mapToInt(shape::get).toArray());
      inputs.add(draw.away(sizes));
      inputs.add(draw.away(sizes));
    }
    return new Sample(
        t ->
            Ops.layerNormalization(
                t.get(0), scaled ? t.get(1) : null, scaled ? t.get(2) : null, axes, 1e-3, centered),
        inputs);
  }

  /** What comes after the product. */
  private enum After {
    NOTHING(false, Activations.LINEAR),
    BIAS(true, Activations.LINEAR),
    SMOOTH(true, Activations.TANH),
    /** Inputs on a grid, so that no output is nearer than 1/2 to a kink. */
    CLAMPED(true, Activations.RELU6);

    final boolean bias;
    final Activation activation;

    After(boolean bias, Activation activation) {
      this.bias = bias;
      this.activation = activation;
    }

    Tensor draw(Draw draw, Shape shape) {
      return this == CLAMPED ? draw.integers(shape) : draw.away(shape);
    }

    /** The inputs, and a bias after them if there is one. */
    List<Tensor> withBias(Draw draw, int filters, Tensor... inputs) {
      List<Tensor> all = new ArrayList<>(List.of(inputs));
      if (bias) {
        Shape shape = Shape.of(filters);
        all.add(
            this == CLAMPED
                ? Ops.add(draw.integers(shape), Tensor.full(DType.FLOAT64, shape, 0.5))
                : draw.away(shape));
      }
      return all;
    }

    @Nullable Tensor bias(List<Tensor> inputs) {
      return bias ? inputs.get(inputs.size() - 1) : null;
    }
  }

  /**
   * Steps and gaps of a window in one to three dimensions; Keras allows no gaps where steps are
   * above 1.
   */
  private static final List<List<Dims>> STEPS =
      List.of(
          List.of(Dims.of(2), Dims.of(1)),
          List.of(Dims.of(1), Dims.of(2)),
          List.of(Dims.of(1, 1), Dims.of(1, 1)),
          List.of(Dims.of(2, 2), Dims.of(1, 1)),
          List.of(Dims.of(3, 1), Dims.of(1, 1)),
          List.of(Dims.of(1, 1), Dims.of(2, 2)),
          List.of(Dims.of(1, 1), Dims.of(1, 2)),
          List.of(Dims.of(1, 1, 1), Dims.of(1, 1, 1)),
          List.of(Dims.of(2, 1, 3), Dims.of(1, 1, 1)),
          List.of(Dims.of(1, 1, 1), Dims.of(2, 1, 2)));

  private static void convolutions(List<Row> rows) {
    rows.add(
        new Row(
            "matmul",
            "",
            draw -> {
              Shape shape = draw.shape(3);
              Shape other = Shape.of(shape.get(0), shape.get(2), draw.size(1, 4));
              return new Sample(
                  inputs -> Ops.matmul(inputs.get(0), inputs.get(1)),
                  List.of(draw.away(shape), draw.away(other)));
            }));
    for (After after : After.values()) {
      rows.add(
          new Row(
              "dense",
              after.toString(),
              draw -> {
                Shape shape = draw.shape(3);
                int units = draw.size(1, 4);
                List<Tensor> inputs =
                    after.withBias(
                        draw,
                        units,
                        after.draw(draw, shape),
                        after.draw(draw, Shape.of(shape.get(-1), units)));
                return new Sample(
                    t -> Ops.dense(t.get(0), t.get(1), after.bias(t), after.activation), inputs);
              }));
    }
    forEachWindow(
        (variant, format, padding, steps, after) -> {
          for (int multiplier = 1; multiplier <= 2; multiplier++) {
            int times = multiplier;
            rows.add(
                new Row(
                    "conv",
                    variant + ", groups " + times,
                    draw -> ordinary(draw, format, padding, steps, after, times)));
            if (steps.get(0).rank() == 3) {
              continue; // Keras has no such layers
            }
            rows.add(
                new Row(
                    "separableConv",
                    variant + ", multiplier " + times,
                    draw -> separable(draw, format, padding, steps, after, times)));
            rows.add(
                new Row(
                    "depthwiseConv",
                    variant + ", multiplier " + times,
                    draw -> depthwise(draw, format, padding, steps, after, times)));
          }
          if (padding == Padding.CAUSAL) {
            return; // no transposed convolution knows it
          }
          for (boolean longer : new boolean[] {false, true}) {
            rows.add(
                new Row(
                    "convTranspose",
                    variant + (longer ? ", output padding" : ""),
                    draw -> transposed(draw, format, padding, steps, after, longer)));
          }
        });
  }

  private interface Windows {
    void add(String variant, DataFormat format, Padding padding, List<Dims> steps, After after);
  }

  private static void forEachWindow(Windows windows) {
    After[] after = After.values();
    int next = 0;
    for (DataFormat format : DataFormat.values()) {
      for (Padding padding : Padding.values()) {
        for (List<Dims> steps : STEPS) {
          String window = "strides " + steps.get(0) + ", dilation " + steps.get(1);
          After end = after[next++ % after.length];
          windows.add(
              format + ", " + padding + ", " + window + ", " + end, format, padding, steps, end);
        }
      }
    }
  }

  private static Sample separable(
      Draw draw, DataFormat format, Padding padding, List<Dims> steps, After after, int times) {
    int channels = draw.size(1, 2);
    int filters = draw.size(1, 3);
    Shape images = images(draw, steps.get(0).rank(), format, channels);
    Window window = draw.window(steps, padding);
    ConvGeometry geometry = ConvGeometry.of("test", images, window, format, filters);
    return new Sample(
        t ->
            Ops.separableConv(
                t.get(0), t.get(1), t.get(2), after.bias(t), after.activation, geometry),
        after.withBias(
            draw,
            filters,
            after.draw(draw, images),
            after.draw(draw, kernel(window.size(), channels, times)),
            after.draw(draw, kernel(Dims.fill(window.rank(), 1), channels * times, filters))));
  }

  private static Sample depthwise(
      Draw draw, DataFormat format, Padding padding, List<Dims> steps, After after, int times) {
    int channels = draw.size(1, 3);
    Shape images = images(draw, steps.get(0).rank(), format, channels);
    Window window = draw.window(steps, padding);
    ConvGeometry geometry = ConvGeometry.of("test", images, window, format, channels * times);
    return new Sample(
        t -> Ops.depthwiseConv(t.get(0), t.get(1), after.bias(t), after.activation, geometry),
        after.withBias(
            draw,
            channels * times,
            after.draw(draw, images),
            after.draw(draw, kernel(window.size(), channels, times))));
  }

  private static Sample ordinary(
      Draw draw, DataFormat format, Padding padding, List<Dims> steps, After after, int groups) {
    int channels = draw.size(1, 2);
    int filters = draw.size(1, 2) * groups;
    Shape images = images(draw, steps.get(0).rank(), format, channels * groups);
    Window window = draw.window(steps, padding);
    ConvGeometry geometry = ConvGeometry.of("test", images, window, format, filters);
    return new Sample(
        t -> Ops.conv(t.get(0), t.get(1), after.bias(t), after.activation, groups, geometry),
        after.withBias(
            draw,
            filters,
            after.draw(draw, images),
            after.draw(draw, kernel(window.size(), channels, filters))));
  }

  private static Sample transposed(
      Draw draw,
      DataFormat format,
      Padding padding,
      List<Dims> steps,
      After after,
      boolean longer) {
    int channels = draw.size(1, 3);
    int filters = draw.size(1, 3);
    Shape images = images(draw, steps.get(0).rank(), format, channels);
    Window window = draw.window(steps, padding);
    Dims more =
        longer
            ? Dims.of(steps.get(0).toList().stream().mapToInt(s -> draw.size(0, s - 1)).toArray())
            : null;
    ConvGeometry convolution =
        ConvGeometry.transposed("test", images, window, more, format, filters);
    return new Sample(
        t -> Ops.convTranspose(t.get(0), t.get(1), after.bias(t), after.activation, convolution),
        after.withBias(
            draw,
            filters,
            after.draw(draw, images),
            after.draw(draw, kernel(window.size(), filters, channels))));
  }

  private static void poolings(List<Row> rows) {
    forEachWindow(
        (variant, format, padding, steps, after) -> {
          if (steps.get(1).max() == 1) {
            rows.add(
                new Row(
                    "maxPool", variant, draw -> pool(draw, format, padding, steps, Ops::maxPool)));
            rows.add(
                new Row(
                    "averagePool",
                    variant,
                    draw -> pool(draw, format, padding, steps, Ops::averagePool)));
          }
        });
  }

  private interface Pool {
    Tensor apply(Tensor x, ConvGeometry geometry);
  }

  private static Sample pool(
      Draw draw, DataFormat format, Padding padding, List<Dims> steps, Pool pool) {
    int channels = draw.size(1, 3);
    Shape images = images(draw, steps.get(0).rank(), format, channels);
    Window window = draw.window(steps, padding);
    ConvGeometry geometry = ConvGeometry.of("test", images, window, format, channels);
    return of(x -> pool.apply(x, geometry), draw.away(images));
  }

  private static Row unary(String operation, UnaryOperator<Tensor> function) {
    return new Row(
        operation,
        "",
        draw ->
            of(
                function,
                operation.equals("abs") ? draw.away(draw.shape(3)) : draw.positive(draw.shape(3))));
  }

  /** Which operand has axes of size 1, or fewer axes. */
  private enum Stretch {
    NONE,
    LEFT,
    RIGHT,
    SHORT,
    BOTH
  }

  private static Row binary(String operation, Stretch stretch, BinaryOperator<Tensor> function) {
    return new Row(
        operation,
        "stretch " + stretch,
        draw -> {
          Shape shape = draw.shape(3);
          Shape left =
              switch (stretch) {
                case LEFT -> shape.with(1, 1);
                case BOTH -> shape.with(0, 1);
                default -> shape;
              };
          Shape right =
              switch (stretch) {
                case RIGHT, BOTH -> shape.with(2, 1);
                case SHORT -> shape.slice(2, 3);
                default -> shape;
              };
          List<Tensor> inputs =
              operation.equals("divide")
                  ? List.of(draw.away(left), draw.positive(right))
                  : draw.away(left, right);
          return new Sample(t -> function.apply(t.get(0), t.get(1)), inputs);
        });
  }

  private static Sample of(UnaryOperator<Tensor> function, Tensor x) {
    return new Sample(inputs -> function.apply(inputs.get(0)), List.of(x));
  }

  private static Shape images(Draw draw, int rank, DataFormat format, int channels) {
    int[] sizes = new int[rank + 2];
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = draw.size(3, 5);
    }
    sizes[0] = draw.size(1, 2);
    sizes[format.channelAxis(rank + 2)] = channels;
    return Shape.of(sizes);
  }

  private static Shape kernel(Dims window, int in, int out) {
    int rank = window.rank();
    int[] sizes = Arrays.copyOf(window.toArray(), rank + 2);
    sizes[rank] = in;
    sizes[rank + 1] = out;
    return Shape.of(sizes);
  }

  /** Seeded random sizes and numbers. */
  private static final class Draw {
    private final SplittableRandom random;

    Draw(long seed) {
      random = new SplittableRandom(seed);
    }

    int size(int least, int greatest) {
      return random.nextInt(least, greatest + 1);
    }

    Shape shape(int rank) {
      return Shape.of(random.ints(rank, 1, 5).toArray());
    }

    /** A window of a size that fits into 3 inputs with its gaps. */
    Window window(List<Dims> steps, Padding padding) {
      Dims dilation = steps.get(1);
      int[] sizes = new int[dilation.rank()];
      for (int axis = 0; axis < sizes.length; axis++) {
        sizes[axis] = size(1, dilation.get(axis) == 1 ? 3 : 2);
      }
      return new Window(Dims.of(sizes), steps.get(0), dilation, padding);
    }

    Tensor positive(Shape shape) {
      return Tensor.wrap(random.doubles(shape.size(), 0.2, 3).toArray(), shape);
    }

    Tensor integers(Shape shape) {
      return Tensor.wrap(random.ints(shape.size(), -2, 3).asDoubleStream().toArray(), shape);
    }

    Tensor away(Shape shape) {
      return away(new Shape[] {shape}).get(0);
    }

    /** Numbers from -2 to 2, no two of them, nor one and 0, so near that a step joins them. */
    List<Tensor> away(Shape... shapes) {
      int count = Arrays.stream(shapes).mapToInt(Shape::size).sum();
      double gap = 4.0 / count;
      double[] values = new double[count];
      for (int i = 0; i < count; i++) {
        int place = random.nextInt(i + 1);
        values[i] = values[place];
        values[place] = -2 + gap * (i + random.nextDouble(0.1, 0.4));
      }
      List<Tensor> tensors = new ArrayList<>();
      int from = 0;
      for (Shape shape : shapes) {
        int to = from + shape.size();
        tensors.add(Tensor.wrap(Arrays.copyOfRange(values, from, to), shape));
        from = to;
      }
      return tensors;
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void gradients_are_finite_differences(Row row) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Sample sample = row.sample().apply(new Draw(seed));
      Gradients.check(sample.function(), sample.inputs(), seed, 10);
    }
  }

  /**
   * float32 has its own kernels. What is summed up has at most some hundred terms of size 10, whose
   * rounding is 6e-8 of them.
   */
  @ParameterizedTest
  @MethodSource("rows")
  void gradients_of_float32_are_those_of_float64(Row row) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Sample sample = row.sample().apply(new Draw(seed));
      Tensor upstream =
          Gradients.random(sample.function().apply(sample.inputs()).shape(), 7, -1, 1);
      List<Tensor> exact = Gradients.of(sample.function(), sample.inputs(), upstream);
      List<Tensor> single =
          Gradients.of(
              sample.function(),
              sample.inputs().stream().map(x -> x.cast(DType.FLOAT32)).toList(),
              upstream.cast(DType.FLOAT32));
      for (int k = 0; k < exact.size(); k++) {
        assertThat(single.get(k).toDoubleArray())
            .as("gradient by input %d, seed %d", k, seed)
            .containsExactly(exact.get(k).doubles(), within(6e-5));
      }
    }
  }

  @Test
  void every_operation_has_a_row() {
    Set<String> operations =
        Arrays.stream(Ops.class.getMethods())
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .map(method -> method.getName())
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> known = new TreeSet<>(CONSTANT.keySet());
    rows().forEach(row -> known.add(row.operation()));
    assertThat(known)
        .as(
            "the operations of Ops whose gradient is tested: for a new one, add to rows() of this"
                + " test a new Row(\"name of the method\", \"variant\", draw -> of(x ->"
                + " Ops.name(x, ...), draw.away(draw.shape(3)))), one for each variant")
        .isEqualTo(operations);
  }
}
