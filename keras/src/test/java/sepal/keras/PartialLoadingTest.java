package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.check.InvalidArgument;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Layer;
import sepal.layers.SeparableConv2D;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Weights for a model that is only partly the one that was saved. */
class PartialLoadingTest {
  @TempDir private Path directory;
  private Path legacy;
  private Path weights;
  private Path archive;
  private final List<String> skipped = new ArrayList<>();

  private static Model model(float value, int classes, String head) {
    Model model =
        new Sequential(
            "model",
            new SeparableConv2D(4, 3, o -> o.name("sep").inputShape(6, 6, 2)),
            new GlobalAveragePooling2D(),
            new Dense(classes, o -> o.name(head)));
    for (Weight weight : model.weights()) {
      weight.assign(Tensor.full(weight.dtype(), weight.shape(), value));
    }
    return model;
  }

  @BeforeEach
  void save_a_model_of_ones() throws IOException {
    legacy = directory.resolve("saved.h5");
    weights = directory.resolve("saved.weights.h5");
    archive = directory.resolve("saved.keras");
    Model saved = model(1, 3, "head");
    Keras.saveModel(saved, legacy);
    Keras.saveWeights(saved, weights);
    Keras.saveModel(saved, archive);
  }

  private static List<Float> values(Model model) {
    List<Float> values = new ArrayList<>();
    for (Layer layer : model.layers()) {
      for (Weight weight : layer.weights()) {
        values.add(weight.value().floats()[0]);
      }
    }
    return values;
  }

  @Test
  void by_name_takes_the_layers_that_both_have() throws IOException {
    Model model = model(2, 3, "other_head");

    Keras.loadWeights(model, legacy, o -> o.byName(true));

    assertThat(values(model)).containsExactly(1f, 1f, 1f, 2f, 2f);
  }

  @Test
  void by_name_refuses_a_layer_of_another_shape_and_changes_nothing() {
    Model model = model(2, 5, "head");

    assertThatThrownBy(() -> Keras.loadWeights(model, legacy, o -> o.byName(true)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            legacy
                + """
                : wrong shape for kernel of Dense "head"
                  got:      (4, 3)   (/model_weights/head/model/head/kernel)
                  expected: (4, 5)
                  fix:      load the file into the model that it was saved from""");
    assertThat(values(model)).containsOnly(2f);
  }

  @Test
  void a_legacy_file_skips_each_weight_that_does_not_fit() throws IOException {
    Model model = model(2, 5, "head");

    Keras.loadWeights(
        model, legacy, o -> o.byName(true).skipMismatch(true).onSkipped(skipped::add));

    assertThat(values(model)).containsExactly(1f, 1f, 1f, 2f, 2f);
    assertThat(skipped)
        .containsExactly(
            legacy
                + """
                : skipped: wrong shape for kernel of Dense "head"
                  got:      (4, 3)   (/model_weights/head/model/head/kernel)
                  expected: (4, 5)""",
            legacy
                + """
                : skipped: wrong shape for bias of Dense "head"
                  got:      (3,)   (/model_weights/head/model/head/bias)
                  expected: (5,)""");
  }

  @Test
  void a_new_file_skips_each_layer_that_does_not_fit_as_a_whole() throws IOException {
    for (Path file : List.of(weights, archive)) {
      Model model = model(2, 5, "head");
      skipped.clear();

      Keras.loadWeights(model, file, o -> o.skipMismatch(true).onSkipped(skipped::add));

      assertThat(values(model)).containsExactly(1f, 1f, 1f, 2f, 2f);
      assertThat(skipped).hasSize(2).allMatch(text -> text.contains("skipped: wrong shape for "));
    }
  }

  @Test
  void a_layer_that_the_file_has_not_is_skipped_too() throws IOException {
    Model model =
        new Sequential(
            "model",
            new SeparableConv2D(4, 3, o -> o.name("sep").inputShape(6, 6, 2)),
            new GlobalAveragePooling2D(),
            new Dense(3, o -> o.name("head")),
            new Dense(2, o -> o.name("more")));

    Keras.loadWeights(model, weights, o -> o.skipMismatch(true).onSkipped(skipped::add));

    assertThat(values(model).subList(0, 5)).containsOnly(1f);
    assertThat(skipped)
        .containsExactly(
            weights
                + """
                : skipped: wrong number of weights for Dense "more"
                  got:      0 arrays []
                  expected: 2 for [kernel, bias]""");
  }

  @Test
  void by_name_is_refused_where_names_say_nothing() {
    for (Path file : List.of(weights, archive)) {
      assertThatThrownBy(() -> Keras.loadWeights(model(2, 3, "head"), file, o -> o.byName(true)))
          .isInstanceOf(InvalidArgument.class)
          .hasMessageContaining("weights are not found by name in this kind of file");
    }
  }

  @Test
  void names_that_all_differ_are_refused() {
    Model model = new Sequential("model", new Dense(3, o -> o.name("x").inputShape(4)));

    assertThatThrownBy(() -> Keras.loadWeights(model, legacy, o -> o.byName(true)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            legacy
                + """
                : no layer of the model has a name that is in the file
                  got:      x
                  expected: among sep, head
                  fix:      leave byName out if the layers follow each other as in the file""");
  }

  @Test
  void an_optimizer_takes_the_iterations_of_tensorflow_which_have_64_bits() throws IOException {
    Model model = model(1, 3, "head");
    model.compile("adam", "mse");
    model.trainer().optimizer().build(model.trainableWeights());
    Hdf5Tree tree = SavedWeights.tree(model);
    tree.group("optimizer/vars").arrays().put("0", Tensor.wrap(new long[] {7}, Shape.of()));
    try (OutputStream out = Files.newOutputStream(weights)) {
      new Hdf5Writer(tree).writeTo(out);
    }

    Keras.loadWeights(model, weights);

    assertThat(model.trainer().optimizer().iterations()).isEqualTo(7);
  }
}
