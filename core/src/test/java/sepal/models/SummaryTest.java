package sepal.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Dropout;
import sepal.layers.Flatten;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layers;
import sepal.layers.SeparableConv2D;

/**
 * The options of summaries. The tables were drawn with Rich 15 from the same rows; those of Keras'
 * own models are tested where their recordings are.
 */
class SummaryTest {
  @BeforeEach
  void start_the_automatic_names_again() {
    Layers.clearSession();
  }

  @Test
  void an_unbuilt_model_has_question_marks() {
    Model model = new Sequential(new SeparableConv2D(4, 3), new Dropout(0.5));

    assertThat(model.summary())
        .isEqualTo(
            """
            Model: "sequential"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
            ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
            │ separable_conv2d                │ ?                      │   0 (unbuilt) │
            │ (SeparableConv2D)               │                        │               │
            ├─────────────────────────────────┼────────────────────────┼───────────────┤
            │ dropout (Dropout)               │ ?                      │             0 │
            └─────────────────────────────────┴────────────────────────┴───────────────┘
             Total params: 0 (0.00 B)
             Trainable params: 0 (0.00 B)
             Non-trainable params: 0 (0.00 B)
            """);
  }

  private static Functional nested() {
    KerasTensor x = Input.of(o -> o.shape(6, 6, 3).name("x"));
    Sequential inner =
        new Sequential(
            "inner",
            new SeparableConv2D(4, 3, o -> o.name("isep")),
            new BatchNormalization(o -> o.name("ibn").trainable(false)));
    return new Functional(x, new Flatten(o -> o.name("flat")).apply(inner.apply(x)), "outer");
  }

  @Test
  void nested_models_are_expanded_and_frozen_layers_shown() {
    assertThat(nested().summary(o -> o.expandNested().showTrainable()))
        .isEqualTo(
            """
            Model: "outer"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━┳━━━━━━━┓
            ┃ Layer (type)                ┃ Output Shape          ┃    Param # ┃ Trai… ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━╇━━━━━━━┩
            │ x (InputLayer)              │ (None, 6, 6, 3)       │          0 │   -   │
            ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
            │ inner (Sequential)          │ (None, 4, 4, 4)       │         59 │   Y   │
            ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
            │    └ isep (SeparableConv2D) │ (None, 4, 4, 4)       │         43 │   Y   │
            ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
            │    └ ibn                    │ (None, 4, 4, 4)       │         16 │   N   │
            │ (BatchNormalization)        │                       │            │       │
            ├─────────────────────────────┼───────────────────────┼────────────┼───────┤
            │ flat (Flatten)              │ (None, 64)            │          0 │   -   │
            └─────────────────────────────┴───────────────────────┴────────────┴───────┘
             Total params: 59 (236.00 B)
             Trainable params: 43 (172.00 B)
             Non-trainable params: 16 (64.00 B)
            """);
  }

  @Test
  void a_graph_shows_connections_and_several_outputs_in_a_wider_table() {
    KerasTensor inside = Input.of(o -> o.shape(1234).name("inside"));
    Functional fork =
        new Functional(
            List.of(inside),
            List.of(new Dense(2).apply(inside), new Dense(3).apply(inside)),
            "fork");
    KerasTensor x = Input.of(o -> o.shape(1000).name("x"));
    KerasTensor d = new Dense(1234, o -> o.name("d")).apply(x);
    List<KerasTensor> ends = fork.applyAll(d);
    KerasTensor sum = new Add(o -> o.name("sum")).apply(d, d);
    Model model = new Functional(List.of(x), List.of(ends.get(0), ends.get(1), sum), "wide");

    assertThat(model.summary(o -> o.lineLength(100).showTrainable()))
        .isEqualTo(
            """
            Model: "wide"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━┓
            ┃ Layer (type)             ┃ Output Shape         ┃       Param # ┃ Connected to         ┃ Traina… ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━┩
            │ x (InputLayer)           │ (None, 1000)         │             0 │ -                    │    -    │
            ├──────────────────────────┼──────────────────────┼───────────────┼──────────────────────┼─────────┤
            │ d (Dense)                │ (None, 1234)         │     1,235,234 │ x[0][0]              │    Y    │
            ├──────────────────────────┼──────────────────────┼───────────────┼──────────────────────┼─────────┤
            │ fork (Functional)        │ [(None, 2), (None,   │         6,175 │ d[0][0]              │    Y    │
            │                          │ 3)]                  │               │                      │         │
            ├──────────────────────────┼──────────────────────┼───────────────┼──────────────────────┼─────────┤
            │ sum (Add)                │ (None, 1234)         │             0 │ d[0][0], d[0][0]     │    -    │
            └──────────────────────────┴──────────────────────┴───────────────┴──────────────────────┴─────────┘
             Total params: 1,241,409 (4.74 MB)
             Trainable params: 1,241,409 (4.74 MB)
             Non-trainable params: 0 (0.00 B)
            """);
  }

  @Test
  void positions_move_the_columns() {
    Model model = new Sequential("m", new Dense(4, o -> o.name("a").inputShape(3)));

    assertThat(model.summary(o -> o.lineLength(60).positions(0.5, 0.7, 1.0)))
        .startsWith(
            """
            Model: "m"
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━┳━━━━━━━━━━━━━━━━━┓
            ┃                             ┃ Output   ┃                 ┃
            ┃ Layer (type)                ┃ Shape    ┃         Param # ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━╇━━━━━━━━━━━━━━━━━┩
            │ a (Dense)                   │ (None,   │              16 │
            │                             │ 4)       │                 │
            └─────────────────────────────┴──────────┴─────────────────┘
            """);
  }

  private static List<String> rows(String summary) {
    return Stream.of("a1", "a2", "b1", "b2", "c")
        .filter(name -> summary.contains("│ " + name + " (Dense)"))
        .toList();
  }

  @Test
  void a_range_of_layers_goes_from_the_first_to_the_last_that_match() {
    Model model = new Sequential();
    for (String name : List.of("a1", "a2", "b1", "b2", "c")) {
      ((Sequential) model).add(new Dense(1, o -> o.name(name)));
    }

    assertThat(rows(model.summary())).hasSize(5);
    assertThat(rows(model.summary(o -> o.layerRange("a2", "b1")))).containsExactly("a2", "b1");
    assertThat(rows(model.summary(o -> o.layerRange("a", "b"))))
        .containsExactly("a1", "a2", "b1", "b2");
    assertThat(rows(model.summary(o -> o.layerRange("b[12]", "a2"))))
        .containsExactly("a2", "b1", "b2");
    assertThatThrownBy(() -> model.summary(o -> o.layerRange("a1", "z")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": layerRange fits no layer
              got:      "z"
              expected: the beginning of one of a1, a2, b1, b2, c""");
    assertThatThrownBy(() -> model.summary(o -> o.layerRange("a(", "c")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            Sequential "sequential": layerRange is not a name or a regular expression
              got:      "a(\"""");
  }

  @Test
  void bytes_are_rounded_as_python_does_it() {
    // 144 floats are 576 bytes, 288 are 1.125 KB, 1312 are 5.125 KB: halves go to the even digit.
    assertThat(new Sequential(new Dense(12, o -> o.inputShape(12).useBias(false))).summary())
        .contains("Total params: 144 (576.00 B)");
    assertThat(new Sequential(new Dense(24, o -> o.inputShape(12).useBias(false))).summary())
        .contains("Total params: 288 (1.12 KB)");
    assertThat(new Sequential(new Dense(32, o -> o.inputShape(41).useBias(false))).summary())
        .contains("Total params: 1,312 (5.12 KB)");
    assertThat(
            new Sequential(new Dense(2, o -> o.inputShape(8).useBias(false).dtype("float64")))
                .summary())
        .contains("Total params: 16 (128.00 B)");
  }

  @Test
  void the_text_goes_to_a_printing_function_once() {
    StringBuilder printed = new StringBuilder();

    String text = nested().summary(o -> o.printTo(printed::append));

    assertThat(printed).hasToString(text);
  }

  @Test
  void impossible_widths_are_told_in_full() {
    Model model = nested();

    assertThatThrownBy(() -> model.summary(o -> o.lineLength(10)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            summary: a column is too narrow
              got:      column 3 of 3 gets 2 characters
              expected: 4 or more
              fix:      make lineLength greater, or move the positions""");
    assertThatThrownBy(() -> model.summary(o -> o.positions(0.5, 1.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            summary: one position is needed for each column
              got:      2 positions
              expected: 3   (Layer (type), Output Shape, Param #)""");
  }
}
