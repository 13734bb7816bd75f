package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.tensor.Tensor;
import tools.jackson.databind.json.JsonMapper;

class ModelsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @BeforeEach
  void start_the_automatic_names_again() {
    Layers.clearSession();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String text) {
    return JSON.readValue(text.replace('\'', '"'), Map.class);
  }

  private static Model read(String text) {
    return Models.fromConfig("m.keras", json(text));
  }

  /** A functional model x -> d, with other text in the place of some parts. */
  private static String functional(String... fromTo) {
    String text =
        """
        {'module': 'keras.src.models.functional', 'class_name': 'Functional', 'config': {
          'name': 'm', 'trainable': true, 'layers': [
            {'module': 'keras.layers', 'class_name': 'InputLayer',
             'config': {'batch_shape': [null, 3], 'dtype': 'float32', 'name': 'x'},
             'registered_name': null, 'name': 'x', 'inbound_nodes': []},
            {'module': 'keras.layers', 'class_name': 'Dense',
             'config': {'name': 'd', 'units': 2},
             'registered_name': null, 'name': 'd', 'inbound_nodes': [
               {'args': [{'class_name': '__keras_tensor__', 'config': {'shape': [null, 3],
                 'dtype': 'float32', 'keras_history': ['x', 0, 0]}}], 'kwargs': {}}]}],
          'input_layers': ['x', 0, 0], 'output_layers': [['d', 0, 0]]},
         'registered_name': 'Functional'}
        """;
    for (int i = 0; i < fromTo.length; i += 2) {
      assertThat(text).contains(fromTo[i]);
      text = text.replace(fromTo[i], fromTo[i + 1]);
    }
    return text;
  }

  @Test
  void json_needs_the_module_that_reads_and_writes_it() {
    for (Executable use :
        List.<Executable>of(() -> new Sequential().toJson(), () -> Model.fromJson("{}"))) {
      assertThatThrownBy(use::execute)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              """
              Model: no module is present that reads and writes JSON
                fix:      add sepal-keras""");
    }
  }

  private static void assertRefused(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message.stripTrailing());
  }

  // ---- there and back

  private static void assertComesBack(Model model) {
    Map<String, Object> written = model.serialize();
    Model copy = Models.fromConfig("copy", json(JSON.writeValueAsString(written)));

    assertThat(copy.serialize()).hasToString(written.toString());
    assertThat(copy.summary()).isEqualTo(model.summary());
    assertThat(copy.inputNames()).isEqualTo(model.inputNames());
    assertThat(copy.outputNames()).isEqualTo(model.outputNames());
    copy.setWeights(model.getWeights());
    List<Tensor> inputs =
        model.inputs().stream()
            .map(x -> Tensor.full(x.dtype(), x.shape().with(0, 2), 0.5))
            .toList();
    List<Tensor> outputs = model.predict(inputs);
    for (int i = 0; i < outputs.size(); i++) {
      assertThat(copy.predict(inputs).get(i).floats()).containsExactly(outputs.get(i).floats());
    }
  }

  @Test
  void shared_layers_and_several_ends_come_back() {
    KerasTensor x = Input.of(o -> o.shape(3).name("x"));
    KerasTensor y = Input.of(o -> o.shape(3).name("y"));
    Layer shared = new Dense(3, o -> o.name("shared"));
    KerasTensor sum = new Add(o -> o.name("sum")).apply(shared.apply(x), shared.apply(y));
    KerasTensor again = shared.apply(sum);

    assertComesBack(new Functional(List.of(x, y), List.of(again, sum), "m"));
    assertComesBack(new Functional(List.of(x, y), List.of(sum), "without_the_last_call"));
    assertComesBack(new Functional(Map.of("p", x, "q", y), Map.of("r", again), "named"));
  }

  @Test
  void only_calls_that_belong_to_a_model_are_written() {
    KerasTensor x = Input.of(o -> o.shape(3).name("x"));
    Layer shared = new Dense(3, o -> o.name("shared"));
    shared.apply(Input.of(3));
    shared.apply(Input.of(3));
    Functional model = new Functional(x, shared.apply(x), "m");

    assertThat(model.getConfig().get("output_layers")).hasToString("[shared, 0, 0]");
    assertComesBack(model);
  }

  @Test
  void nested_models_come_back_with_the_indices_that_keras_writes() {
    KerasTensor a = Input.of(o -> o.shape(3).name("a"));
    KerasTensor b = Input.of(o -> o.shape(3).name("b"));
    Functional inner =
        new Functional(
            Map.of("one", a, "two", b),
            Map.of("out", new Add(o -> o.name("add")).apply(a, b)),
            "inner");
    Sequential norm = new Sequential("norm", new BatchNormalization(o -> o.name("bn")));
    KerasTensor x = Input.of(o -> o.shape(3).name("x"));
    KerasTensor y = Input.of(o -> o.shape(3).name("y"));
    KerasTensor once = inner.apply(x, norm.apply(y));
    Functional outer = new Functional(List.of(x, y), List.of(inner.apply(once, x)), "outer");

    assertComesBack(outer);
    assertThat(outer.getConfig().get("output_layers")).hasToString("[[inner, 2, 0]]");
    assertThat(JSON.writeValueAsString(outer.getConfig()))
        .contains(
            "\"inbound_nodes\":[{\"args\":[{\"",
            "\"keras_history\":[\"inner\",0,0]",
            "\"kwargs\":{\"mask\":[null,null]}");
  }

  @Test
  void a_sequential_model_comes_back_built_or_not() {
    assertComesBack(new Sequential("m", new Dense(2, o -> o.inputShape(3)), new Dense(1)));

    Sequential unbuilt = new Sequential("m", new Dense(2, o -> o.name("d")));
    Model copy = Models.fromConfig("copy", unbuilt.serialize());

    assertThat(copy.isBuilt()).isFalse();
    assertThat(copy.serialize()).hasToString(unbuilt.serialize().toString());
    assertThat(copy.serialize()).doesNotContainKey("build_config");
  }

  @Test
  void a_frozen_model_comes_back_frozen() {
    Sequential model = new Sequential("m", new Dense(2, o -> o.inputShape(3)));
    model.setTrainable(false);

    Model copy = Models.fromConfig("copy", model.serialize());

    assertThat(copy.isTrainable()).isFalse();
    assertThat(copy.trainableWeights()).isEmpty();
  }

  // ---- what Keras writes beside that

  @Test
  void layers_may_come_in_any_order_and_keep_it() {
    Model model = read(functional());
    @SuppressWarnings("unchecked")
    Map<String, Object> config = (Map<String, Object>) json(functional()).get("config");
    List<Object> layers = new ArrayList<>((List<?>) config.get("layers"));
    java.util.Collections.reverse(layers);
    config.put("layers", layers);

    Model reversed =
        Models.fromConfig("m.keras", Map.of("class_name", "Functional", "config", config));

    assertThat(model.layers()).extracting(Layer::name).containsExactly("x", "d");
    assertThat(reversed.layers()).extracting(Layer::name).containsExactly("d", "x");
    assertThat(reversed.countParams()).isEqualTo(8);
  }

  @Test
  void a_sum_of_tensors_outside_of_layers_is_read() {
    String sum =
        """
        {'module': 'keras.src.ops.numpy', 'class_name': 'Add', 'config': {'name': 'add'},
         'registered_name': 'Add', 'name': 'add', 'inbound_nodes': [{'args': [
           {'class_name': '__keras_tensor__', 'config': {'keras_history': ['d', 0, 0]}},
           {'class_name': '__keras_tensor__', 'config': {'keras_history': ['d', 0, 0]}}],
           'kwargs': {}}]}],
        """;
    Model model =
        read(
            functional(
                "],\n  'input_layers'",
                "," + sum + " 'input_layers'",
                "['d', 0, 0]]}",
                "['add', 0, 0]]}"));

    assertThat(model.layers()).extracting(Layer::name).containsExactly("x", "d", "add");
  }

  @Test
  void a_sequential_model_may_tell_its_shape_in_several_places() {
    String layers = "'layers': [{'class_name': 'Dense', 'config': {'units': 2}}]";
    assertThat(
            read("{'class_name': 'Sequential', 'config': {'name': 'm', " + layers + "}}").isBuilt())
        .isFalse();
    assertThat(
            read("{'class_name': 'Sequential', 'config': {'name': 'm', "
                    + layers
                    + ", 'build_input_shape': [null, 3]}}")
                .countParams())
        .isEqualTo(8);
    assertThat(
            read("{'class_name': 'Sequential', 'config': {'name': 'm', "
                    + layers
                    + "}, 'build_config': {'input_shape': [null, 3]}}")
                .countParams())
        .isEqualTo(8);
  }

  @Test
  void a_clone_has_the_same_layers_with_weights_of_its_own() {
    Model model = new Sequential(new Dense(2, o -> o.inputShape(3).name("d")));
    Model clone = Models.cloneModel(model);

    assertThat(clone.getConfig()).isEqualTo(model.getConfig());
    assertThat(clone.getWeight("d/kernel")).isNotSameAs(model.getWeight("d/kernel"));
    assertThat(clone.getWeight("d/kernel").value().floats())
        .isNotEqualTo(model.getWeight("d/kernel").value().floats());
  }

  @Test
  void a_registered_class_is_read() {
    Layers.register("my>Twice", config -> new Dense(4, o -> o.name("twice")));

    Model model =
        read(functional("'Dense'", "'Twice'", "null, 'name': 'd'", "'my>Twice', 'name': 'd'"));

    assertThat(model.outputs().get(0).shape().get(1)).isEqualTo(4);
  }

  // ---- what is refused

  @Test
  void what_is_not_a_model_is_told_in_full() {
    assertRefused(
        "{'class_name': 'Dense', 'config': {'units': 2}}",
        """
        m.keras: not a model that can be read
          got:      class_name="Dense"
          expected: Sequential or Functional""");
    assertRefused(
        "{'config': {}}",
        """
        m.keras: wrong value of class_name
          got:      class_name=null
          expected: a string""");
    assertRefused(
        "{'class_name': 'Functional', 'config': 5}",
        """
        m.keras: wrong value of config
          got:      config=5
          expected: an object {...}""");
    assertRefused(
        "{'class_name': 'Functional', 'config': {}}",
        """
        m.keras: wrong value of layers
          got:      layers=null
          expected: a list""");
    assertRefused(
        "{'class_name': 'Sequential', 'config': {'layers': [7]}}",
        """
        m.keras, layer 1: wrong value of layers
          got:      layers=7
          expected: an object {...}""");
  }

  @Test
  void an_unknown_layer_class_is_told_in_full() {
    assertRefused(
        functional("'Dense'", "'Denser'"),
        """
        m.keras, layer 2: unknown layer class
          got:      "Denser"
          expected: a layer class of Sepal, or one that is registered
          fix:      call Layers.register("Denser", config -> ...) first""");
  }

  @Test
  void code_and_operations_that_are_not_supported_are_told_in_full() {
    assertThatThrownBy(() -> read(functional("'Dense'", "'Lambda'")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            m.keras, layer 2: Lambda layers carry code and are not read
              got:      layer "d"
              fix:      replace it by a layer class of your own, registered with Layers.register""");
    assertThatThrownBy(
            () ->
                read(
                    functional(
                        "'module': 'keras.layers', 'class_name': 'Dense'",
                        "'module': 'keras.src.ops.numpy', 'class_name': 'Roll'")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            m.keras, layer 2: an operation outside of layers that is not supported
              got:      keras.src.ops.numpy.Roll
              expected: Add, Maximum, Minimum, Multiply, Subtract""");
    assertThatThrownBy(() -> read(functional("'kwargs': {}", "'kwargs': {'training': true}")))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessage(
            """
            m.keras, layer 2 "d": a call with an option that is not supported
              got:      training=true
              expected: calls on tensors alone""");
  }

  @Test
  void references_to_nowhere_are_told_in_full() {
    assertRefused(
        functional("'keras_history': ['x', 0, 0]", "'keras_history': ['y', 0, 0]"),
        """
        m.keras: layer "d" is called on a layer that the model does not have
          got:      "y" (did you mean "x"?)
          expected: the name of a layer of the model""");
    assertRefused(
        functional("'keras_history': ['x', 0, 0]", "'keras_history': ['x', 1, 0]"),
        """
        m.keras: layer "d" is called on an output that does not exist
          got:      x[1][0]
          expected: a call from 0 to 0 of "x\"""");
    assertRefused(
        functional("'keras_history': ['x', 0, 0]", "'keras_history': ['x', 0, 3]"),
        """
        m.keras: layer "d" is called on an output that does not exist
          got:      x[0][3]
          expected: an output from 0 to 0""");
    assertRefused(
        functional("[['d', 0, 0]]", "[['d', -1, 0]]"),
        """
        m.keras: output_layers has an output that does not exist
          got:      d[-1][0]
          expected: a call from 0 to 0 of "d\"""");
    assertRefused(
        functional("[['d', 0, 0]]", "['d', 0]"),
        """
        m.keras: wrong value of output_layers
          got:      output_layers="d"
          expected: [layer name, 0, 0], or a list or map of these""");
    assertRefused(
        functional("'keras_history': ['x', 0, 0]", "'keras_history': [0, 'x', 0]"),
        """
        m.keras, layer 2 "d": wrong value of keras_history
          got:      keras_history=[0, x, 0]
          expected: [layer name, index of its call, index of its output]""");
  }

  @Test
  void a_cycle_is_told_in_full() {
    assertRefused(
        functional("'keras_history': ['x', 0, 0]", "'keras_history': ['d', 0, 0]"),
        """
        m.keras: the layers form a cycle
          got:      d wait for each other
          expected: a graph without cycles""");
  }

  @Test
  void two_layers_of_one_name_are_told_in_full() {
    assertRefused(
        functional("null, 'name': 'd'", "null, 'name': 'x'"),
        """
        m.keras, layer 2: two layers have the same name
          got:      "x" twice
          expected: a name of its own for each layer""");
  }

  @Test
  void models_nested_too_deeply_are_told_in_full() {
    assertThat(nested(Models.MAX_DEPTH).layers()).hasSize(1);
    assertThatThrownBy(() -> nested(Models.MAX_DEPTH + 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(
            """
            : models are nested too deeply
              expected: at most 64 models inside each other""");
    assertThatThrownBy(() -> nested(5_000)).isInstanceOf(IllegalArgumentException.class);
    assertThat(nested(Models.MAX_DEPTH).layers()).hasSize(1);
  }

  private static Model nested(int depth) {
    Map<String, Object> model =
        Map.of("class_name", "Dense", "config", Map.of("name", "d", "units", 1));
    for (int i = 0; i < depth; i++) {
      Map<String, Object> config = new LinkedHashMap<>();
      config.put("name", "s" + i);
      config.put("layers", List.of(model));
      model = Map.of("class_name", "Sequential", "config", config);
    }
    return Models.fromConfig("m.keras", model);
  }

  @Test
  void arguments_nested_too_deeply_are_refused() {
    Object end = List.of("d", 0, 0);
    for (int i = 0; i < 5_000; i++) {
      end = List.of(end);
    }
    Map<String, Object> model = json(functional());
    @SuppressWarnings("unchecked")
    Map<String, Object> config = (Map<String, Object>) model.get("config");
    config.put("output_layers", end);

    assertThatThrownBy(() -> Models.fromConfig("m.keras", model))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            m.keras: output_layers is nested too deeply
              expected: at most 16 lists inside each other""");
  }

  @Test
  void a_long_chain_in_reverse_order_is_read_quickly() {
    int length = 10_000;
    List<Object> layers = new ArrayList<>();
    for (int i = length; i > 0; i--) {
      layers.add(
          json(
              """
              {'class_name': 'Activation', 'config': {'name': 'a%d', 'activation': 'linear'},
               'name': 'a%d', 'inbound_nodes': [{'args': [{'class_name': '__keras_tensor__',
               'config': {'keras_history': ['a%d', 0, 0]}}]}]}"""
                  .formatted(i, i, i - 1)));
    }
    layers.add(
        json(
            """
            {'class_name': 'InputLayer', 'config': {'name': 'a0', 'batch_shape': [null, 1]},
             'name': 'a0', 'inbound_nodes': []}"""));
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("layers", layers);
    config.put("input_layers", List.of(List.of("a0", 0, 0)));
    config.put("output_layers", List.of(List.of("a" + length, 0, 0)));

    Model model =
        Models.fromConfig("m.keras", Map.of("class_name", "Functional", "config", config));

    assertThat(model.predict(Tensor.of(new float[] {3}, 1, 1)).floats()).containsExactly(3);
  }
}
