package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

class FunctionalTest {
  @BeforeEach
  void start_the_automatic_names_again() {
    Layers.clearSession();
  }

  private static KerasTensor input(String name, int size) {
    return Input.of(o -> o.shape(size).name(name));
  }

  private static Dense dense(String name, int units) {
    return new Dense(units, o -> o.name(name));
  }

  @Test
  void layers_far_from_the_outputs_come_first_and_ties_in_the_order_of_the_search() {
    KerasTensor x = input("x", 3);
    KerasTensor y = input("y", 3);
    KerasTensor deep = dense("deep_2", 3).apply(dense("deep_1", 3).apply(y));
    KerasTensor sum = new Add(o -> o.name("sum")).apply(dense("flat", 3).apply(x), deep);

    Functional model = new Functional(List.of(x, y), List.of(sum));

    assertThat(model.layers())
        .extracting(Layer::name)
        .containsExactly("y", "x", "deep_1", "flat", "deep_2", "sum");
  }

  @Test
  void automatic_names_count_models_too() {
    KerasTensor x = Input.of(3);
    Functional first = new Functional(x, new Dense(2).apply(x));
    Functional second = new Functional(x, first.apply(x));
    Sequential stack = new Sequential(new Dense(1));
    Sequential other = new Sequential();

    assertThat(List.of(first, second, stack, other))
        .extracting(Layer::name)
        .containsExactly("functional", "functional_1", "sequential", "sequential_1");
    assertThat(stack.getLayer(0).name()).isEqualTo("dense_1");
  }

  @Test
  void weights_are_found_by_path_through_models_inside() {
    KerasTensor image = input("image", 4);
    Functional encoder =
        new Functional(image, dense("code", 3).apply(dense("wide", 5).apply(image)), "encoder");
    KerasTensor x = input("x", 4);
    Functional model = new Functional(x, dense("head", 2).apply(encoder.apply(x)), "classifier");

    assertThat(model.weightsByPath().keySet())
        .containsExactly(
            "encoder/wide/kernel",
            "encoder/wide/bias",
            "encoder/code/kernel",
            "encoder/code/bias",
            "head/kernel",
            "head/bias");
    assertThat(model.weightsByPath().values()).containsExactlyElementsOf(model.weights());
    Weight kernel = ((Functional) model.getLayer("encoder")).getLayer("code").weights().get(0);
    assertThat(model.getWeight("encoder/code/kernel")).isSameAs(kernel);
    assertThat(model.getWeight("classifier/encoder/code/kernel")).isSameAs(kernel);
    assertThat(encoder.getWeight("code/kernel")).isSameAs(kernel);
    assertThat(encoder.getLayer("code").getWeight("kernel")).isSameAs(kernel);
    assertThat(encoder.getLayer("code").getWeight(kernel.path())).isSameAs(kernel);
    assertThatThrownBy(() -> encoder.getWeight("code/kernal"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "encoder": no weight of this path
              got:      "code/kernal" (did you mean "code/kernel"?)
              expected: one of wide/kernel, wide/bias, code/kernel, code/bias""");
    assertThatThrownBy(() -> dense("new", 3).getWeight("kernel"))
        .hasMessage(
            """
            Dense "new": no weight of this path
              got:      "kernel"
              expected: nothing: there are no weights before build(inputShape)""");
  }

  @Test
  void calls_of_a_shared_layer_are_counted() {
    KerasTensor x = input("x", 3);
    Dense shared = dense("shared", 3);
    KerasTensor once = shared.apply(x);
    KerasTensor twice = shared.apply(once);
    KerasTensor sum = new Add(o -> o.name("sum")).apply(once, twice);
    Functional model = new Functional(x, sum);

    assertThat(once).hasToString("shared[0][0]");
    assertThat(twice).hasToString("shared[1][0]");
    assertThat(model.weights()).hasSize(2);
    assertThat(model.countParams()).isEqualTo(12);
    assertThat(model.outputNames()).containsExactly("sum");
  }

  @Test
  void an_input_that_nothing_needs_stays_an_input() {
    KerasTensor x = input("x", 3);
    KerasTensor idle = input("idle", 2);

    Functional model = new Functional(List.of(x, idle), List.of(dense("d", 1).apply(x)));

    assertThat(model.layers()).extracting(Layer::name).containsExactly("x", "idle", "d");
    assertThat(model.inputNames()).containsExactly("x", "idle");
  }

  @Test
  void maps_name_inputs_and_outputs_in_the_order_of_their_keys() {
    KerasTensor x = input("x", 3);
    KerasTensor y = input("y", 3);
    KerasTensor sum = new Add(o -> o.name("sum")).apply(x, y);

    Functional model =
        new Functional(Map.of("right", y, "left", x), Map.of("total", sum, "again", x), "m");

    assertThat(model.inputNames()).containsExactly("left", "right");
    assertThat(model.inputs()).containsExactly(x, y);
    assertThat(model.outputNames()).containsExactly("again", "total");
  }

  @Test
  void freezing_a_model_freezes_its_layers() {
    KerasTensor x = input("x", 3);
    Layer norm = new BatchNormalization(o -> o.name("norm"));
    Sequential inner = new Sequential("inner", dense("d", 2));
    Functional model = new Functional(x, inner.apply(norm.apply(x)));

    assertThat(model.trainableWeights())
        .extracting(Weight::name)
        .containsExactly("gamma", "beta", "kernel", "bias");
    assertThat(model.nonTrainableWeights())
        .extracting(Weight::name)
        .containsExactly("moving_mean", "moving_variance");

    inner.setTrainable(false);

    assertThat(inner.getLayer("d").isTrainable()).isFalse();
    assertThat(model.trainableWeights()).extracting(Weight::name).containsExactly("gamma", "beta");
    assertThat(model.weights())
        .extracting(Weight::name)
        .containsExactly("gamma", "beta", "moving_mean", "moving_variance", "kernel", "bias");

    model.setTrainable(false);

    assertThat(norm.isTrainable()).isFalse();
    assertThat(model.trainableWeights()).isEmpty();
    assertThat(model.nonTrainableWeights()).hasSize(6);
  }

  @Test
  void a_graph_of_ten_thousand_layers_is_ordered_without_exhausting_the_stack() {
    KerasTensor x = input("x", 1);
    KerasTensor end = x;
    Layer add = new Add(o -> o.name("add"));
    for (int i = 0; i < 10_000; i++) {
      end = add.apply(end, x);
    }
    Functional model = new Functional(x, end);

    assertThat(model.predict(Tensor.of(new float[] {1}, 1, 1)).floats()).containsExactly(10_001);
  }

  @Test
  void a_disconnected_graph_is_told_in_full() {
    KerasTensor x = input("x", 3);
    KerasTensor y = input("y", 3);
    KerasTensor sum = new Add(o -> o.name("sum")).apply(x, y);

    assertThatThrownBy(() -> new Functional(x, sum, "m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": the graph is disconnected
              got:      inputs [x[0][0]]; the outputs also need y[0][0]
              expected: every input that the outputs depend on
              fix:      add y[0][0] to the inputs""");
  }

  @Test
  void two_layers_of_one_name_are_told_in_full() {
    KerasTensor x = input("x", 3);
    KerasTensor y = dense("d", 3).apply(dense("d", 3).apply(x));

    assertThatThrownBy(() -> new Functional(x, y, "m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": two layers have the same name
              got:      "d" twice
              expected: a name of its own for each layer
              fix:      give one of them another name: o -> o.name("d_2")""");
  }

  @Test
  void impossible_ends_are_told_in_full() {
    KerasTensor x = input("x", 3);

    assertThatThrownBy(() -> new Functional(List.of(), List.of(x), "m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": a model needs inputs
              got:      no inputs
              expected: at least one tensor""");
    assertThatThrownBy(() -> new Functional(List.of(x, x), List.of(x), "m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": an input is listed twice
              got:      [x[0][0], x[0][0]]
              expected: each input once""");
    Map<String, KerasTensor> nothing = new HashMap<>();
    nothing.put("x", null);
    assertThatThrownBy(() -> new Functional(nothing, Map.of("x", x), "m"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": inputs of a model must be symbolic tensors
              got:      null
              expected: what Input.of(...) or a layer's apply(...) returned""");
  }

  @Test
  void a_missing_layer_is_told_in_full() {
    KerasTensor x = input("x", 3);
    Functional model = new Functional(x, dense("hidden", 3).apply(x), "m");

    assertThat(model.getLayer("hidden")).isSameAs(model.getLayer(1));
    assertThatThrownBy(() -> model.getLayer("hiden"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": no layer of this name
              got:      "hiden" (did you mean "hidden"?)
              expected: one of x, hidden""");
    assertThatThrownBy(() -> model.getLayer(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "m": no layer at this index
              got:      2
              expected: 0 to 1""");
    assertThatThrownBy(() -> model.getLayer(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_nested_model_refuses_symbolic_tensors_that_do_not_fit() {
    KerasTensor x = input("x", 3);
    Functional inner = new Functional(x, dense("d", 2).apply(x), "inner");

    assertThatThrownBy(() -> inner.apply(input("y", 4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Functional "inner": wrong shape of input "x"
              got:      (null, 4)
              expected: (null, 3)""");
    assertThat(inner.inboundNodes()).isEmpty();
    assertThat(inner.apply(input("z", 3)).shape()).isEqualTo(Shape.of(-1, 2));
  }

  @Test
  void the_order_of_layers_does_not_depend_on_chance() {
    List<List<String>> orders = new ArrayList<>();
    for (int run = 0; run < 3; run++) {
      KerasTensor x = input("x", 2);
      List<KerasTensor> ends = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ends.add(dense("e" + i, 2).apply(dense("f" + i, 2).apply(x)));
      }
      Functional model = new Functional(List.of(x), ends);
      orders.add(model.layers().stream().map(Layer::name).toList());
    }
    assertThat(orders.get(1)).isEqualTo(orders.get(0));
    assertThat(orders.get(2)).isEqualTo(orders.get(0)).startsWith("x", "f0", "f1").endsWith("e19");
  }
}
