package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.layers.Dense;
import sepal.layers.Input;
import sepal.layers.InputLayer;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.SeparableConv2D;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class SequentialTest {
  @BeforeEach
  void start_the_automatic_names_again() {
    Layers.clearSession();
  }

  @Test
  void with_an_input_shape_layers_are_built_as_they_are_added() {
    Sequential model = new Sequential();
    Layer first = new Dense(4, o -> o.inputShape(3));

    assertThat(model.add(first)).isSameAs(model);

    assertThat(model.isBuilt()).isTrue();
    assertThat(model.layers()).containsExactly(first);
    assertThat(model.inputs().get(0).shape()).isEqualTo(Shape.of(-1, 3));
    model.add(new Dense(2));
    assertThat(model.outputs().get(0).shape()).isEqualTo(Shape.of(-1, 2));
    assertThat(model.countParams()).isEqualTo(16 + 10);
  }

  @Test
  void a_batch_shape_and_an_input_do_as_well() {
    Sequential batch = new Sequential(new Dense(4, o -> o.batchInputShape(7, 3)));
    Sequential layer = new Sequential(new InputLayer(o -> o.shape(3)), new Dense(4));
    Sequential input = new Sequential().add(Input.of(3)).add(new Dense(4));

    assertThat(batch.inputs().get(0).shape()).isEqualTo(Shape.of(7, 3));
    assertThat(layer.layers()).hasSize(1);
    assertThat(input.outputs().get(0).shape()).isEqualTo(Shape.of(-1, 4));
    assertThat(batch.predict(Tensor.zeros(2, 3)).shape()).isEqualTo(Shape.of(2, 4));
  }

  @Test
  void without_one_it_is_built_by_the_first_data() {
    Sequential model = new Sequential(new Dense(4), new Dense(2));
    assertThat(model.isBuilt()).isFalse();
    assertThat(model.weights()).isEmpty();

    assertThat(model.predict(Tensor.zeros(5, 3)).shape()).isEqualTo(Shape.of(5, 2));

    assertThat(model.weights()).hasSize(4);
    assertThat(model.inputs().get(0).shape()).isEqualTo(Shape.of(-1, 3));
    assertThat(model.layers()).hasSize(2);
  }

  @Test
  void without_one_it_is_built_by_build_in_the_type_of_the_first_layer() {
    Sequential model = new Sequential(new Dense(4, o -> o.dtype("float64")));

    model.build(Shape.of(-1, 3));
    model.build(Shape.of(8, 3));

    assertThat(model.inputs().get(0).dtype()).isEqualTo(DType.FLOAT64);
    assertThatThrownBy(() -> model.build(Shape.of(-1, 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": the model has another input shape already
              got:      (null, 5)
              expected: (null, 3)""");
  }

  @Test
  void pop_takes_the_last_layer_and_add_puts_another() {
    Layer last = new Dense(2);
    Sequential model = new Sequential(new Dense(4, o -> o.inputShape(3)), last);
    Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
    model.predict(x);

    assertThat(model.pop()).isSameAs(last);

    assertThat(model.predict(x).shape()).isEqualTo(Shape.of(1, 4));
    model.add(new Dense(9));
    assertThat(model.predict(x).shape()).isEqualTo(Shape.of(1, 9));
    model.pop();
    model.pop();
    assertThat(model.isBuilt()).isFalse();
    assertThatThrownBy(model::pop)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("Sequential \"sequential\": there is no layer to pop");
  }

  @Test
  void before_it_is_built_it_has_no_inputs_or_outputs() {
    Sequential model = new Sequential(new Dense(2));

    assertThatThrownBy(model::inputs)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Sequential "sequential": the model has no inputs before it is built
              fix:      call build(inputShape), or start with an InputLayer""");
    assertThatThrownBy(model::outputs).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> model.computeOutputShape(Shape.of(1, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the model has no output shape before it is built");
    assertThatThrownBy(model::countParams).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> new Sequential("empty").build(Shape.of(1, 2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            Sequential "empty": a model without layers cannot be built
              fix:      call add(layer) first""");
  }

  @Test
  void a_name_that_is_taken_is_refused_and_changes_nothing() {
    Sequential model = new Sequential(new Dense(2, o -> o.name("d").inputShape(3)));

    assertThatThrownBy(() -> model.add(new Dense(2, o -> o.name("d"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": two layers have the same name
              got:      "d" twice
              expected: a name of its own for each layer
              fix:      give one of them another name: o -> o.name("d_2")""");
    assertThat(model.layers()).hasSize(1);
  }

  @Test
  void a_layer_that_does_not_fit_is_refused_and_changes_nothing() {
    Sequential model = new Sequential(new Dense(2, o -> o.inputShape(3)));

    assertThatThrownBy(() -> model.add(new SeparableConv2D(2, 3)))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(model.layers()).hasSize(1);
    assertThat(model.predict(Tensor.zeros(1, 3)).shape()).isEqualTo(Shape.of(1, 2));
  }

  @Test
  void only_one_input_layer_is_accepted_and_only_at_the_bottom() {
    Sequential model = new Sequential(new Dense(2, o -> o.inputShape(3).name("d")));

    assertThatThrownBy(() -> model.add(new InputLayer(o -> o.shape(2).name("second"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": an input layer can only be the first layer
              got:      InputLayer "second" after Dense "d\"""");
    KerasTensor made = new Dense(1, o -> o.name("e")).apply(Input.of(2));
    assertThatThrownBy(() -> model.add(made))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": only layers and inputs can be added
              got:      the symbolic tensor e[0][0]
              expected: a layer, or what Input.of(...) returned""");
  }

  @Test
  void names_are_accepted_in_the_constructor() {
    assertThat(new Sequential("m", new Dense(2)).name()).isEqualTo("m");
    assertThatThrownBy(() -> new Sequential("a/b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a layer name must not be empty or contain a slash");
  }
}
