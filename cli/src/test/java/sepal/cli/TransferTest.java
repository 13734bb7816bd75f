package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import sepal.initializers.GlorotUniform;
import sepal.keras.Keras;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.KerasTensor;
import sepal.layers.Weight;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.optimizers.Adam;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** A network that others trained on faces learns glyphs, with all of it frozen but a new head. */
class TransferTest {
  private static final Path FACES =
      Recorded.SHARED.resolve("models/fer2013_mini_XCEPTION.102-0.66.hdf5");

  private static final int SIZE = 64;

  /** As the faces were: -1 to 1. */
  private static Tensor scaled(Glyphs glyphs) {
    double[] values = glyphs.x().toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      values[i] = 2 * values[i] - 1;
    }
    return Tensor.wrap(values, glyphs.x().shape()).cast(DType.FLOAT32);
  }

  private static List<float[]> values(Model model) {
    return model.getWeights().stream().map(Tensor::floats).toList();
  }

  @Test
  void a_published_model_with_frozen_convolutions_and_a_new_head_learns_glyphs() throws Exception {
    if (!Files.exists(FACES)) {
      String skipped = "SKIPPED: transfer learning, since " + FACES + " is not there";
      System.err.println(skipped);
      Assumptions.abort(skipped);
    }
    Model faces = Keras.loadModel(FACES, o -> o.compile(false));
    faces.setTrainable(false);
    KerasTensor features = faces.getLayer("add_4").output();
    KerasTensor head =
        new Dense(
                Glyphs.NAMES.size(),
                o -> o.name("glyph").activation("softmax").kernelInitializer(new GlorotUniform(1)))
            .apply(
                new BatchNormalization(o -> o.name("scaled").momentum(0.8))
                    .apply(new GlobalAveragePooling2D().apply(features)));
    Model model = new Functional(faces.input(), head);
    model.compile(new Adam(0.02), "sparse_categorical_crossentropy", "accuracy");
    assertThat(model.trainableWeights().stream().map(Weight::path))
        .containsExactly("scaled/gamma", "scaled/beta", "glyph/kernel", "glyph/bias");

    Glyphs glyphs = Glyphs.draw(360, SIZE, 1);
    Glyphs heldOut = Glyphs.draw(120, SIZE, 2);
    List<float[]> frozen = values(faces);
    Map<String, Double> before = model.evaluate(scaled(heldOut), heldOut.y());
    model.fit(scaled(glyphs), glyphs.y(), o -> o.epochs(5).batchSize(24));
    Map<String, Double> after = model.evaluate(scaled(heldOut), heldOut.y());

    assertThat(before.get("accuracy")).isLessThan(0.3);
    assertThat(after.get("accuracy")).isGreaterThan(0.55);
    assertThat(after.get("loss")).isLessThan(0.6 * before.get("loss"));
    assertThat(values(faces)).usingRecursiveComparison().isEqualTo(frozen);
  }
}
