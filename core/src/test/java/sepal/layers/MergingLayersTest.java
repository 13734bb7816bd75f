package sepal.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.ops.Ops;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;
import sepal.testing.Gradients;

class MergingLayersTest {
  private static final Tensor A = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
  private static final Tensor B = Tensor.of(new double[] {2, 0.5, -1}, 1, 1, 3);

  @BeforeEach
  void start_names_again() {
    Layers.clearSession();
  }

  @Test
  void each_layer_combines_and_stretches_its_inputs_in_its_type() {
    for (String dtype : List.of("float32", "float64")) {
      assertGives(new Add(o -> o.dtype(dtype)), dtype, 3, 2.5, 2, 6, 5.5, 5);
      assertGives(new Subtract(o -> o.dtype(dtype)), dtype, -1, 1.5, 4, 2, 4.5, 7);
      assertGives(new Multiply(o -> o.dtype(dtype)), dtype, 2, 1, -3, 8, 2.5, -6);
      assertGives(new Average(o -> o.dtype(dtype)), dtype, 1.5, 1.25, 1, 3, 2.75, 2.5);
      assertGives(new Maximum(o -> o.dtype(dtype)), dtype, 2, 2, 3, 4, 5, 6);
      assertGives(new Minimum(o -> o.dtype(dtype)), dtype, 1, 0.5, -1, 2, 0.5, -1);
    }
  }

  private static void assertGives(Layer layer, String dtype, double... expected) {
    Tensor y = layer.apply(A, B);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2, 3));
    assertThat(y.dtype()).hasToString(dtype);
    assertThat(y.toDoubleArray()).as(layer.toString()).containsExactly(expected);
  }

  @Test
  void float64_is_computed_in_double() {
    Tensor tiny = Tensor.of(new double[] {1e-12}, 1, 1);
    Tensor one = Tensor.of(new double[] {1}, 1, 1);
    assertThat(new Add(o -> o.dtype("float64")).apply(one, tiny).doubles())
        .containsExactly(1 + 1e-12);
  }

  @Test
  void a_nan_wins_the_maximum_and_the_minimum() {
    Tensor nan = Tensor.of(new float[] {Float.NaN}, 1, 1);
    for (Layer layer : List.of(new Maximum(), new Minimum())) {
      assertThat(layer.apply(nan, Tensor.zeros(1, 1)).floats()).containsExactly(Float.NaN);
      assertThat(layer.apply(Tensor.zeros(1, 1), nan).floats()).containsExactly(Float.NaN);
    }
  }

  @Test
  void inputs_of_lower_rank_get_axes_after_the_batch() {
    Tensor image = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2);
    Tensor channels = Tensor.of(new float[] {10, 20, 30, 40}, 2, 2);
    Add layer = new Add();

    assertThat(layer.apply(image, channels).floats())
        .containsExactly(11, 22, 13, 24, 35, 46, 37, 48);
    assertThat(layer.apply(channels, image).floats())
        .containsExactly(layer.apply(image, channels).floats());
    assertThat(layer.apply(image, Tensor.of(new float[] {1, 2}, 2)).floats())
        .containsExactly(2, 3, 4, 5, 7, 8, 9, 10);
    assertThat(layer.computeOutputShapes(List.of(Shape.of(-1, 4, 4, 3), Shape.of(2, 3))))
        .containsExactly(Shape.of(2, 4, 4, 3));
  }

  @Test
  void three_inputs_and_one_input_are_fine() {
    Tensor ones = Tensor.full(DType.FLOAT32, Shape.of(1, 2), 1);
    assertThat(new Add().apply(ones, ones, ones).floats()).containsOnly(3);
    assertThat(new Average().apply(ones, ones, Tensor.zeros(1, 2)).floats()).containsOnly(2f / 3);
    assertThat(new Multiply().apply(ones).floats()).containsOnly(1);
  }

  @Test
  void integers_are_cast_to_the_type_of_the_layer() {
    Tensor ints = Tensor.of(new int[] {1, 2}, 1, 2);
    assertThat(new Average().apply(ints, ints).dtype()).isEqualTo(DType.FLOAT32);
  }

  @Test
  void unknown_sizes_stay_unknown_as_in_keras() {
    List<Shape> shapes = List.of(Shape.of(-1, -1, 5, 3), Shape.of(-1, 1, -1, 3));
    assertThat(new Add().computeOutputShapes(shapes)).containsExactly(Shape.of(-1, -1, -1, 3));
    assertThat(new Add().apply(Input.of(-1, 3), Input.of(1, 3)).shape())
        .isEqualTo(Shape.of(-1, -1, 3));
  }

  @Test
  void shapes_that_do_not_fit_are_refused() {
    Layer layer = new Add(o -> o.name("sum"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2), Tensor.zeros(1, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Add "sum": the inputs have incompatible shapes
              got:      [(1, 2), (1, 3)]
              expected: the same batch, and on each other axis the same size or 1""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2), Tensor.zeros(2, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Add "sum": the inputs have different batch sizes
              got:      [(1, 2), (2, 2)]
              expected: the same batch, and on each other axis the same size or 1""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2), Tensor.scalar(1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("a scalar has no batch axis");
    assertThatThrownBy(() -> layer.applyAll(List.of(), false))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Add "sum": there is nothing to combine
              got:      0 inputs
              expected: 1 or more""");
  }

  @Test
  void subtract_takes_two_inputs() {
    assertThatThrownBy(() -> new Subtract(o -> o.name("d")).apply(A, A, A))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Subtract "d": wrong number of inputs
              got:      3
              expected: 2""");
  }

  @Test
  void operands_of_different_types_or_shapes_are_refused() {
    assertThatThrownBy(() -> Ops.add(A, A.cast(DType.FLOAT32)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Ops.add: the operands must have one floating type
              got:      float64 and float32
              expected: float32 twice, or float64 twice""");
    assertThatThrownBy(() -> Ops.multiply(Tensor.zeros(2, 3), Tensor.zeros(2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Ops.multiply: the shapes do not broadcast to one
              got:      (2, 3) and (2,)
              expected: on each axis, from the last, the same size or 1""");
  }

  @Test
  void broadcasting_matches_the_definition_on_many_shapes() {
    int[][][] pairs = {
      {{2, 3, 4}, {4}}, {{2, 1, 4}, {3, 1}}, {{1, 3, 1, 2}, {5, 1, 4, 1}}, {{}, {2, 2}},
      {{2, 1, 1, 3}, {2, 4, 5, 3}}, {{2, 4, 5, 3}, {1, 4, 5, 1}}, {{0, 3}, {1, 3}}, {{1}, {1, 1}}
    };
    for (int[][] pair : pairs) {
      Tensor a = counting(1, pair[0]);
      Tensor b = counting(100, pair[1]);
      Tensor y = Ops.add(a, b);
      int rank = y.shape().rank();
      for (int i = 0; i < y.size(); i++) {
        assertThat(y.get(i))
            .as(a.shape() + " + " + b.shape() + " at " + i)
            .isEqualTo(at(a, y.shape(), i, rank) + at(b, y.shape(), i, rank));
      }
    }
  }

  private static Tensor counting(int step, int... shape) {
    Shape of = Shape.of(shape);
    float[] data = new float[of.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = i * step;
    }
    return Tensor.wrap(data, of);
  }

  private static double at(Tensor x, Shape result, int index, int rank) {
    int place = 0;
    int stride = 1;
    for (int axis = 1; axis <= rank; axis++) {
      int coordinate = index % result.get(-axis);
      index /= result.get(-axis);
      if (axis <= x.shape().rank()) {
        place += x.shape().get(-axis) == 1 ? 0 : coordinate * stride;
        stride *= x.shape().get(-axis);
      }
    }
    return x.get(place);
  }

  // ---- Concatenate

  @Test
  void concatenate_joins_along_any_axis() {
    Tensor a = Tensor.of(new int[] {1, 2, 3, 4}, 1, 2, 2);
    Tensor b = Tensor.of(new int[] {5, 6}, 1, 1, 2);
    Tensor c = Tensor.of(new int[] {7, 8}, 1, 2, 1);

    assertThat(new Concatenate(1).apply(a, b).toFloatArray()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(new Concatenate(-2).apply(b, a).toFloatArray()).containsExactly(5, 6, 1, 2, 3, 4);
    assertThat(new Concatenate().apply(a, c).toFloatArray()).containsExactly(1, 2, 7, 3, 4, 8);
    assertThat(new Concatenate(0).apply(a, a).shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(new Concatenate().apply(a, c).dtype()).isEqualTo(DType.INT32);
    assertThat(new Concatenate().apply(a, c.cast(DType.FLOAT64)).dtype()).isEqualTo(DType.FLOAT32);
    assertThat(new Concatenate().apply(a).toFloatArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void concatenate_adds_known_sizes_only() {
    assertThat(
            new Concatenate().computeOutputShapes(List.of(Shape.of(-1, 4, 2), Shape.of(-1, -1, 3))))
        .containsExactly(Shape.of(-1, 4, 5));
    assertThat(
            new Concatenate(1)
                .computeOutputShapes(List.of(Shape.of(-1, 4, 2), Shape.of(-1, -1, 2))))
        .containsExactly(Shape.of(-1, -1, 2));
  }

  @Test
  void concatenate_wants_equal_shapes_but_for_its_axis() {
    Layer layer = new Concatenate(o -> o.axis(-1).name("c"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(1, 2, 3), Tensor.zeros(1, 4, 3)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Concatenate "c": the inputs differ on another axis than -1
              got:      [(1, 2, 3), (1, 4, 3)]
              expected: shapes that are equal on all axes but axis -1""");
    assertThatThrownBy(() -> new Concatenate(3).apply(Tensor.zeros(1, 2), Tensor.zeros(1, 2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Concatenate "concatenate": the inputs do not have axis 3
              got:      [(1, 2), (1, 2)]
              expected: shapes that are equal on all axes but axis 3""");
  }

  // ---- Dot

  @Test
  void dot_sums_up_products_along_the_axes() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 1, 2, 3);
    Tensor y = Tensor.of(new double[] {1, 0, -1, 2}, 1, 2, 2);
    for (String dtype : List.of("float32", "float64")) {
      Tensor byRows = new Dot(o -> o.axes(1).dtype(dtype)).apply(x, y);
      assertThat(byRows.shape()).isEqualTo(Shape.of(1, 3, 2));
      assertThat(byRows.dtype()).hasToString(dtype);
      assertThat(byRows.toDoubleArray()).containsExactly(-3, 8, -3, 10, -3, 12);
      Tensor mixed = new Dot(o -> o.axes(1, 2).dtype(dtype)).apply(x, y);
      assertThat(mixed.toDoubleArray()).containsExactly(1, 7, 2, 8, 3, 9);
    }
    assertThat(new Dot(-1, 1).apply(x, Tensor.of(new float[] {1, 1, 2}, 1, 3)).floats())
        .containsExactly(9, 21);
    assertThat(new Dot(1, -1).apply(Tensor.of(new float[] {1, 1, 2}, 1, 3), x).floats())
        .containsExactly(9, 21);
  }

  @Test
  void dot_multiplies_sample_by_sample() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor y = Tensor.of(new float[] {5, 6, 7, 8}, 2, 2);
    Tensor dot = new Dot(1).apply(x, y);
    assertThat(dot.shape()).isEqualTo(Shape.of(2, 1));
    assertThat(dot.floats()).containsExactly(17, 53);
    assertThat(new Dot(o -> o.axes(1).normalize(true)).apply(x, x).floats())
        .containsExactly(new float[] {1, 1}, within(1e-6f));
    assertThat(new Dot(o -> o.axes(1).normalize(true)).apply(x, Tensor.zeros(2, 2)).floats())
        .containsExactly(0, 0);
  }

  @Test
  void dot_keeps_the_axes_of_the_first_then_of_the_second_input() {
    List<Shape> shapes = List.of(Shape.of(-1, 2, 7, 3), Shape.of(5, 4, 7, -1));
    assertThat(new Dot(2).computeOutputShapes(shapes)).containsExactly(Shape.of(5, 2, 3, 4, -1));
    assertThat(new Dot(3, 3).computeOutputShapes(shapes)).containsExactly(Shape.of(5, 2, 7, 4, 7));
  }

  @Test
  void gradients_of_dot_are_finite_differences() {
    for (boolean normalize : new boolean[] {false, true}) {
      Layer layer = new Dot(o -> o.axes(3, 1).normalize(normalize).dtype("float64"));
      Gradients.check(
          inputs -> layer.apply(inputs.get(0), inputs.get(1)),
          List.of(
              Gradients.random(Shape.of(2, 3, 2, 4), 1, 0.2, 1),
              Gradients.random(Shape.of(2, 4, 3), 2, 0.2, 1)),
          3,
          10);
    }
  }

  @Test
  void dot_names_one_axis_of_each_sample() {
    for (int[] axes : new int[][] {{0}, {1, 0}, {1, 2, 3}, {}}) {
      assertThatThrownBy(() -> new Dot(o -> o.axes(axes).name("d")))
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              """
              Dot "d": axes must name one axis of each sample
                got:      axes=%s
                expected: an integer for both inputs, or one for each; axis 0 is the batch"""
                  .formatted(axes.length == 1 ? "0" : Dims.of(axes).toList()));
    }
    assertThatThrownBy(() -> Layers.fromConfig("test", "Dot", Map.of("name", "d")))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            test, Dot "d": wrong value of axes
              got:      axes=null
              expected: an integer, or a list of two""");
  }

  @Test
  void dot_refuses_inputs_that_do_not_fit() {
    Layer layer = new Dot(o -> o.axes(1).name("d"));
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3), Tensor.zeros(2, 4)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            Dot "d": the inputs have different sizes along the axes to sum up
              got:      [(2, 3), (2, 4)], axes=1
              expected: two inputs of the same batch, and of the same size along axes""");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3), Tensor.zeros(1, 3)))
        .hasMessageStartingWith("Dot \"d\": the inputs have different batch sizes");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2), Tensor.zeros(2, 3)))
        .hasMessageStartingWith("Dot \"d\": an input does not have axis 1");
    assertThatThrownBy(() -> layer.apply(Tensor.zeros(2, 3)))
        .hasMessageStartingWith("Dot \"d\": it takes two inputs");
    assertThatThrownBy(() -> new Dot(-2).apply(Tensor.zeros(2, 3), Tensor.zeros(2, 3)))
        .hasMessageContaining("an input does not have axis -2");
  }
}
