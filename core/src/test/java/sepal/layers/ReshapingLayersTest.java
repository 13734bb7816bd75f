package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.ops.Interpolation;
import sepal.ops.Ops;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class ReshapingLayersTest {
  private static final Shape ANY_IMAGE = Shape.of(-1, -1, -1, 3);

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  private static Tensor counting(int... shape) {
    return Tensor.of(IntStream.range(0, Shape.of(shape).size()).toArray(), shape);
  }

  // ---- Flatten, Reshape, Permute

  @Test
  void flatten_of_channels_first_gives_the_order_of_channels_last() {
    Tensor x = counting(2, 3, 4, 5);
    Tensor last = new Permute(2, 3, 1).apply(x);

    Tensor y = new Flatten(o -> o.dataFormat("channels_first")).apply(x);

    assertThat(y.shape()).isEqualTo(Shape.of(2, 60));
    assertThat(y.dtype()).isEqualTo(DType.INT32);
    assertThat(y.toDoubleArray()).containsExactly(new Flatten().apply(last).toDoubleArray());
    assertThat(y.get(1)).isEqualTo(20);
  }

  @Test
  void flatten_knows_the_size_where_the_sample_is_known() {
    assertThat(new Flatten().computeOutputShape(Shape.of(-1, 4, 5))).isEqualTo(Shape.of(-1, 20));
    assertThat(new Flatten().computeOutputShape(ANY_IMAGE)).isEqualTo(Shape.of(-1, -1));
    assertThat(new Flatten().computeOutputShape(Shape.of(-1))).isEqualTo(Shape.of(-1, 1));
    assertThat(new Flatten().apply(Tensor.zeros(0, 2, 3)).shape()).isEqualTo(Shape.of(0, 6));
    assertThatThrownBy(() -> new Flatten(o -> o.name("f")).apply(Tensor.scalar(1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Flatten "f": a scalar has no batch axis to keep
              got:      input ()
              expected: at least one axis""");
  }

  @Test
  void reshape_computes_the_size_that_is_left_open() {
    Reshape layer = new Reshape(-1, 2, 2);

    assertThat(layer.apply(counting(2, 3, 4)).shape()).isEqualTo(Shape.of(2, 3, 2, 2));
    assertThat(layer.computeOutputShape(Shape.of(-1, 8))).isEqualTo(Shape.of(-1, 2, 2, 2));
    assertThat(layer.computeOutputShape(Shape.of(-1, -1))).isEqualTo(Shape.of(-1, -1, 2, 2));
    assertThat(new Reshape(4, 6).computeOutputShape(ANY_IMAGE)).isEqualTo(Shape.of(-1, 4, 6));
    assertThat(new Reshape().apply(Tensor.zeros(3, 1)).shape()).isEqualTo(Shape.of(3));
    assertThat(layer.getConfig()).containsEntry("target_shape", List.of(-1, 2, 2));
  }

  @Test
  void reshape_refuses_another_number_of_elements() {
    for (Dims target : List.of(Dims.of(3, 5), Dims.of(-1, 5), Dims.of(-1, 0))) {
      assertThatThrownBy(() -> new Reshape(target, o -> o.name("r")).apply(Tensor.zeros(1, 4, 4)))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Reshape "r": the sample and the target shape have different sizes
                got:      input (1, 4, 4), targetShape=%s
                expected: a target shape with as many elements as one sample"""
                  .formatted(target));
    }
  }

  @Test
  void reshape_leaves_one_size_open_at_most() {
    for (Dims target : List.of(Dims.of(-1, -1), Dims.of(-2, 3))) {
      assertThatThrownBy(() -> new Reshape(target.toArray()))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Reshape: at most one size of targetShape can be left open
                got:      targetShape=%s
                expected: sizes of 0 or more, and at most one -1"""
                  .formatted(target));
    }
  }

  @Test
  void permute_moves_every_element_to_its_place() {
    int[] sizes = {2, 3, 4, 5};
    for (Dims dims : List.of(Dims.of(1, 2, 3), Dims.of(3, 1, 2), Dims.of(2, 1, 3))) {
      Tensor x = counting(sizes).cast(DType.FLOAT32);
      Tensor y = new Permute(dims, o -> {}).apply(x);

      int[] at = new int[4];
      for (int i = 0; i < y.size(); i++) {
        int rest = i;
        for (int axis = 3; axis >= 0; axis--) {
          int from = axis == 0 ? 0 : dims.get(axis - 1);
          at[from] = rest % sizes[from];
          rest /= sizes[from];
        }
        int source = ((at[0] * 3 + at[1]) * 4 + at[2]) * 5 + at[3];
        assertThat(y.get(i)).as(dims + " at " + i).isEqualTo(source);
      }
    }
  }

  @Test
  void permute_moves_elements_of_every_type() {
    for (DType dtype : DType.values()) {
      Tensor y =
          new Permute(2, 1).apply(Tensor.of(new int[] {0, 1, 1, 0, 1, 0}, 1, 2, 3).cast(dtype));
      assertThat(y.dtype()).isEqualTo(dtype == DType.FLOAT64 ? DType.FLOAT32 : dtype);
      assertThat(y.toFloatArray()).containsExactly(0, 0, 1, 1, 1, 0);
    }
  }

  @Test
  void permute_knows_what_it_can_of_unknown_shapes() {
    assertThat(new Permute(3, 1, 2).computeOutputShape(ANY_IMAGE))
        .isEqualTo(Shape.of(-1, 3, -1, -1));
  }

  @Test
  void permute_names_each_axis_once() {
    for (Dims dims : List.of(Dims.of(0, 1), Dims.of(1, 3), Dims.of(1, 1))) {
      assertThatThrownBy(() -> new Permute(dims.toArray()))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Permute: dims must name each axis of a sample once
                got:      dims=%s
                expected: 1, 2, ... in some order, for example (2, 1); axis 0, the batch, stays"""
                  .formatted(dims));
    }
    Layer layer = new Permute(Dims.of(2, 1), o -> o.name("p"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 3, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Permute "p": wrong rank of the input
              got:      4   (input (1, 2, 3, 4))
              expected: 3   (for dims=(2, 1))""");
  }

  // ---- RepeatVector

  @Test
  void repeat_vector_repeats_the_vector_of_each_sample() {
    Tensor y = new RepeatVector(3).apply(counting(2, 2));

    assertThat(y.shape()).isEqualTo(Shape.of(2, 3, 2));
    assertThat(y.dtype()).isEqualTo(DType.INT32);
    assertThat(y.toFloatArray()).containsExactly(0, 1, 0, 1, 0, 1, 2, 3, 2, 3, 2, 3);
    assertThat(new RepeatVector(3).computeOutputShape(Shape.of(-1, -1)))
        .isEqualTo(Shape.of(-1, 3, -1));
    assertThat(new RepeatVector(3).getConfig()).containsEntry("n", 3);
  }

  @Test
  void repeat_vector_takes_vectors_and_a_positive_number() {
    assertThatThrownBy(() -> new RepeatVector(2, o -> o.name("r")).apply(Tensor.zeros(1, 2, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            RepeatVector "r": wrong rank of the input
              got:      3   (input (1, 2, 3))
              expected: 2   (for vectors)""");
    assertThatThrownBy(() -> new RepeatVector(0))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            RepeatVector: n must be positive
              got:      n=0
              expected: 1 or more""");
  }

  // ---- ZeroPadding2D, Cropping2D

  @Test
  void padding_puts_zeros_on_the_sides_asked_for() {
    Tensor x = counting(1, 2, 2, 1);
    Layer layer = new ZeroPadding2D(o -> o.padding(1, 0, 0, 2));
    assertThat(layer.apply(x).toFloatArray()).containsExactly(0, 0, 0, 0, 0, 1, 0, 0, 2, 3, 0, 0);
    assertThat(layer.apply(x).dtype()).isEqualTo(DType.INT32);
    assertThat(new ZeroPadding2D().computeOutputShape(ANY_IMAGE)).isEqualTo(ANY_IMAGE);
    assertThat(new ZeroPadding2D(2).computeOutputShape(Shape.of(-1, 4, -1, 3)))
        .isEqualTo(Shape.of(-1, 8, -1, 3));
  }

  @Test
  void cropping_takes_off_what_padding_put_on() {
    Random random = new Random(7);
    for (String format : List.of("channels_last", "channels_first")) {
      Tensor x = counting(2, 3, 4, 5);
      int[] m = random.ints(4, 0, 4).toArray();
      Layer pad = new ZeroPadding2D(o -> o.padding(m[0], m[1], m[2], m[3]).dataFormat(format));
      Layer crop = new Cropping2D(o -> o.cropping(m[0], m[1], m[2], m[3]).dataFormat(format));

      Tensor y = crop.apply(pad.apply(x));

      assertThat(y.shape()).as(format + Arrays.toString(m)).isEqualTo(x.shape());
      assertThat(y.toFloatArray()).as(Arrays.toString(m)).containsExactly(x.toFloatArray());
    }
  }

  @Test
  void padding_and_cropping_accept_keras_three_forms() {
    for (Object form : List.of(2, List.of(2, 2), List.of(List.of(2, 2), List.of(2, 2)))) {
      Layer layer = Layers.fromConfig("test", "ZeroPadding2D", Map.of("padding", form));
      assertThat(layer.getConfig().get("padding")).hasToString("[[2, 2], [2, 2]]");
    }
    for (Object form : Arrays.asList("a", List.of(1, 2, 3), List.of(1, List.of(1, 2)), 1.5)) {
      assertThatThrownBy(
              () -> Layers.fromConfig("test", "Cropping2D", Map.of("cropping", form, "name", "c")))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              test, Cropping2D "c": wrong form of cropping
                got:      cropping=%s
                expected: an integer, (height, width), or ((top, bottom), (left, right))"""
                  .formatted(form));
    }
  }

  @Test
  void negative_margins_are_refused() {
    assertThatThrownBy(() -> new Cropping2D(-1))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Cropping2D: cropping must not be negative
              got:      cropping=((-1, -1), (-1, -1))
              expected: 0 or more on each side
              fix:      use ZeroPadding2D to add rows and columns""");
    assertThatThrownBy(() -> new ZeroPadding2D(o -> o.padding(0, 0, -1, 0)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            ZeroPadding2D: padding must not be negative
              got:      padding=((0, 0), (-1, 0))
              expected: 0 or more on each side
              fix:      use Cropping2D to take rows and columns off""");
  }

  @Test
  void cropping_leaves_something_of_an_image() {
    Layer layer = new Cropping2D(o -> o.cropping(3).name("c"));
    for (Shape input : List.of(Shape.of(1, 6, 8, 2), Shape.of(-1, 8, 5, 2))) {
      assertThatThrownBy(() -> layer.computeOutputShape(input))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Cropping2D "c": nothing is left of the images
                got:      input %s, ((3, 3), (3, 3)) taken off
                expected: sizes above the sum of what is taken off"""
                  .formatted(input));
    }
    assertThat(layer.computeOutputShape(Shape.of(-1, 7, -1, 2))).isEqualTo(Shape.of(-1, 1, -1, 2));
  }

  @Test
  void images_have_four_axes() {
    for (Layer layer :
        List.of(
            new ZeroPadding2D(),
            new Cropping2D(1),
            new UpSampling2D(),
            new SpatialDropout2D(0.5))) {
      assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 5, 2)))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              %s: wrong rank of the input
                got:      3   (input (1, 5, 2))
                expected: 4   (for images)"""
                  .formatted(layer));
    }
  }

  // ---- the same in one dimension

  @Test
  void sequences_are_padded_and_cropped_at_their_ends() {
    Tensor x = counting(1, 3, 2);
    for (String format : List.of("channels_last", "channels_first")) {
      Layer pad = new ZeroPadding1D(o -> o.padding(1, 2).dataFormat(format));
      assertThat(pad.apply(x).dtype()).isEqualTo(DType.INT32);
      assertThat(pad.apply(x).toFloatArray())
          .containsExactly(
              format.equals("channels_last")
                  ? new float[] {0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 0}
                  : new float[] {0, 0, 1, 0, 0, 0, 2, 3, 0, 0, 0, 4, 5, 0, 0});
    }
    assertThat(new Cropping1D(o -> o.cropping(0, 2)).apply(x).toFloatArray()).containsExactly(0, 1);
    assertThat(new Cropping1D().apply(x).toFloatArray()).containsExactly(2, 3);
    assertThat(new ZeroPadding1D().computeOutputShape(Shape.of(-1, -1, 2)))
        .isEqualTo(Shape.of(-1, -1, 2));
    assertThat(new ZeroPadding1D(3).computeOutputShape(Shape.of(-1, 4, 2)))
        .isEqualTo(Shape.of(-1, 10, 2));
  }

  @Test
  void margins_of_sequences_are_written_as_a_pair() {
    for (Object form : List.of(2, List.of(2, 2))) {
      Layer pad = Layers.fromConfig("test", "ZeroPadding1D", Map.of("padding", form));
      Layer crop = Layers.fromConfig("test", "Cropping1D", Map.of("cropping", form));
      assertThat(pad.getConfig().get("padding")).hasToString("[2, 2]");
      assertThat(crop.getConfig().get("cropping")).hasToString("[2, 2]");
      assertThat(crop.getConfig()).doesNotContainKey("data_format");
    }
    assertThatThrownBy(() -> new Cropping1D(o -> o.cropping(1, 2, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Cropping1D: wrong form of cropping
              got:      cropping=[1, 2, 3]
              expected: an integer, or (before, after)""");
    assertThatThrownBy(() -> new Cropping1D(-1))
        .hasMessage(
            """
            Cropping1D: cropping must not be negative
              got:      cropping=(-1, -1)
              expected: 0 or more on each side
              fix:      use ZeroPadding1D to add steps""");
    assertThatThrownBy(() -> new ZeroPadding1D(o -> o.padding(0, -1)))
        .hasMessageContaining("use Cropping1D to take steps off");
  }

  @Test
  void every_step_comes_as_often_as_asked_for() {
    Tensor x = Tensor.of(new float[] {1, 2, Float.NaN, Float.NEGATIVE_INFINITY}, 1, 2, 2);
    for (String dtype : List.of("float32", "float64")) {
      assertThat(new UpSampling1D(o -> o.dtype(dtype)).apply(x).toFloatArray())
          .containsExactly(
              1, 2, 1, 2, Float.NaN, Float.NEGATIVE_INFINITY, Float.NaN, Float.NEGATIVE_INFINITY);
    }
    assertThat(new UpSampling1D(3).computeOutputShape(Shape.of(-1, 5, 2)))
        .isEqualTo(Shape.of(-1, 15, 2));
    assertThat(new UpSampling1D().computeOutputShape(Shape.of(-1, -1, 2)))
        .isEqualTo(Shape.of(-1, -1, 2));
    assertThatThrownBy(() -> new UpSampling1D(0))
        .hasMessage(
            """
            UpSampling1D: size must be a positive integer
              got:      size=0
              expected: 1 or more""");
  }

  @Test
  void sequences_have_three_axes() {
    for (Layer layer : List.of(new ZeroPadding1D(), new Cropping1D(), new UpSampling1D())) {
      assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 5, 5, 2)))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              %s: wrong rank of the input
                got:      4   (input (1, 5, 5, 2))
                expected: 3   (for sequences)"""
                  .formatted(layer));
    }
  }

  // ---- UpSampling2D

  @Test
  void nearest_repeats_pixels_in_both_formats_and_types() {
    for (String dtype : List.of("float32", "float64")) {
      Layer last = new UpSampling2D(o -> o.size(2, 3).dtype(dtype));
      Layer first = new UpSampling2D(o -> o.size(2, 3).dtype(dtype).dataFormat("channels_first"));
      Tensor x = counting(1, 1, 2, 1);

      assertThat(last.apply(x).toFloatArray()).containsExactly(0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1);
      assertThat(last.apply(x).dtype()).hasToString(dtype);
      assertThat(first.apply(x.reshape(Shape.of(1, 1, 1, 2))).toFloatArray())
          .containsExactly(last.apply(x).toFloatArray());
    }
    assertThat(new UpSampling2D(3).computeOutputShape(Shape.of(-1, 4, -1, 3)))
        .isEqualTo(Shape.of(-1, 12, -1, 3));
  }

  @Test
  void bilinear_mixes_neighbours_by_distance_and_repeats_the_edge() {
    Layer layer = new UpSampling2D(o -> o.size(1, 2).interpolation("Bilinear").dtype("float64"));
    assertThat(layer.apply(Tensor.of(new double[] {0, 1}, 1, 1, 2, 1)).doubles())
        .containsExactly(0, 0.25, 0.75, 1);
    assertThat(layer.getConfig()).containsEntry("interpolation", "bilinear");
  }

  @Test
  void interpolation_of_equal_pixels_changes_nothing() {
    for (Interpolation interpolation : Interpolation.values()) {
      for (String dtype : List.of("float32", "float64")) {
        Layer layer = new UpSampling2D(o -> o.size(3, 2).interpolation(interpolation).dtype(dtype));
        assertThat(layer.apply(Tensor.full(DType.FLOAT32, Shape.of(1, 3, 2, 2), 8)).toDoubleArray())
            .as("%s", interpolation)
            .hasSize(72)
            .usingComparatorWithPrecision(1e-5)
            .containsOnly(8.0);
      }
    }
  }

  @Test
  void an_infinite_pixel_spreads_no_further_than_its_neighbours() {
    Layer layer = new UpSampling2D(o -> o.size(1, 3).interpolation("bilinear"));
    float[] y = layer.apply(Tensor.of(new float[] {1, 1, 1f / 0}, 1, 1, 3, 1)).floats();
    assertThat(Arrays.copyOf(y, 5)).containsOnly(1);
    assertThat(Arrays.copyOfRange(y, 5, 9)).containsOnly(1f / 0);
  }

  @Test
  void a_factor_of_1_changes_nothing() {
    float[] x = {0.1f, 1f / 0, 0.3f, 0.7f, 0f / 0, -1f / 0};
    for (Interpolation interpolation : Interpolation.values()) {
      Layer layer = new UpSampling2D(o -> o.size(1).interpolation(interpolation));
      assertThat(layer.apply(Tensor.of(x, 1, 2, 3, 1)).floats())
          .as("%s", interpolation)
          .containsExactly(x);
    }
  }

  @Test
  void lanczos_weighs_all_pixels_within_its_radius() {
    Random random = new Random(5);
    Tensor x = Tensor.of(random.doubles(2 * 11 * 3 * 2, -1, 1).toArray(), 2, 11, 3, 2);
    for (int radius : List.of(3, 5)) {
      double[] expected = lanczos(x, radius, 2, 3);
      for (String dtype : List.of("float32", "float64")) {
        double precision = dtype.equals("float32") ? 2e-6 : 1e-14;
        Layer last =
            new UpSampling2D(o -> o.size(2, 3).interpolation("lanczos" + radius).dtype(dtype));
        Layer first =
            new UpSampling2D(
                o ->
                    o.size(2, 3)
                        .interpolation("Lanczos" + radius)
                        .dtype(dtype)
                        .dataFormat("channels_first"));
        Tensor back = Ops.transpose(first.apply(Ops.transpose(x, 0, 3, 1, 2)), 0, 2, 3, 1);
        for (Tensor y : List.of(last.apply(x), back)) {
          assertThat(y.shape()).isEqualTo(Shape.of(2, 22, 9, 2));
          assertThat(y.toDoubleArray())
              .as("%s, radius %s", dtype, radius)
              .containsExactly(expected, within(precision));
        }
        assertThat(first.getConfig()).containsEntry("interpolation", "lanczos" + radius);
      }
    }
  }

  /** Each new pixel from its definition: a mean of all pixels, weighted by sinc in both axes. */
  private static double[] lanczos(Tensor x, int radius, int rowFactor, int columnFactor) {
    int height = x.shape().get(1);
    int width = x.shape().get(2);
    int channels = x.shape().get(3);
    List<Double> y = new ArrayList<>();
    for (int image = 0; image < x.shape().get(0); image++) {
      for (int i = 0; i < height * rowFactor; i++) {
        for (int j = 0; j < width * columnFactor; j++) {
          for (int channel = 0; channel < channels; channel++) {
            double sum = 0;
            double weights = 0;
            for (int row = 0; row < height; row++) {
              for (int column = 0; column < width; column++) {
                double weight =
                    lanczos(row + 0.5 - (i + 0.5) / rowFactor, radius)
                        * lanczos(column + 0.5 - (j + 0.5) / columnFactor, radius);
                sum +=
                    weight * x.get(((image * height + row) * width + column) * channels + channel);
                weights += weight;
              }
            }
            y.add(sum / weights);
          }
        }
      }
    }
    return y.stream().mapToDouble(v -> v).toArray();
  }

  private static double lanczos(double x, int radius) {
    return Math.abs(x) < radius ? sinc(x) * sinc(x / radius) : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
  }

  @Test
  void other_interpolations_and_sizes_are_refused() {
    assertThatThrownBy(() -> new UpSampling2D(o -> o.interpolation("bilinaer")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            UpSampling2D: unknown interpolation
              got:      interpolation="bilinaer" (did you mean "bilinear"?)
              expected: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5\"""");
    assertThatThrownBy(() -> new UpSampling2D(o -> o.interpolation("lanczos4").name("u")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            UpSampling2D "u": unknown interpolation
              got:      interpolation="lanczos4" (did you mean "lanczos3"?)
              expected: "nearest", "bilinear", "bicubic", "lanczos3" or "lanczos5\"""");
    assertThatThrownBy(() -> new UpSampling2D(0))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            UpSampling2D: size must be a positive integer or 2 positive integers
              got:      size=(0, 0)
              expected: 2 values of 1 or more, for example (3, 3)""");
  }
}
