package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sepal.keras.Keras;
import sepal.layers.KerasTensor;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Recorded and published models predict by a plan what they predict layer by layer. */
class PlannedPredictionTest {
  private static final long SEED = 20261121;

  static List<Path> recorded() throws IOException {
    return SavingTest.recorded();
  }

  static List<Path> real() throws IOException {
    return SavingTest.real().stream()
        .filter(file -> !file.toString().contains("weights")) // no model in it
        .toList();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void a_recorded_model_predicts_the_same_with_a_plan(Path file) throws IOException {
    assertPlanned(Keras.loadModel(file));
  }

  @ParameterizedTest
  @MethodSource("real")
  void a_published_model_predicts_the_same_with_a_plan(Path file) throws IOException {
    assertPlanned(Keras.loadModel(file));
  }

  private static void assertPlanned(Model model) {
    List<Tensor> inputs = inputs(model, new Random(SEED));
    List<Tensor> planned = model.predict(inputs);
    List<Tensor> inBatches = model.predict(inputs, 2);
    System.setProperty("sepal.plan", "off");
    List<Tensor> expected;
    try {
      expected = model.predict(inputs);
    } finally {
      System.clearProperty("sepal.plan");
    }

    assertThat(planned).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(planned.get(i).shape()).isEqualTo(expected.get(i).shape());
      assertThat(inBatches.get(i).toDoubleArray()).containsExactly(planned.get(i).toDoubleArray());
      for (int k = 0; k < expected.get(i).size(); k++) {
        double value = expected.get(i).get(k);
        assertThat(planned.get(i).get(k))
            .as("output %d, element %d, seed %d", i, k, SEED)
            .isCloseTo(value, within(1e-5 + 1e-5 * Math.abs(value)));
      }
    }
  }

  /** Three samples; 33 where the size is open. */
  private static List<Tensor> inputs(Model model, Random random) {
    List<Tensor> inputs = new ArrayList<>();
    for (KerasTensor input : model.inputs()) {
      Shape shape = input.shape().with(0, 3);
      for (int axis = 1; axis < shape.rank(); axis++) {
        shape = shape.isKnown(axis) ? shape : shape.with(axis, 33);
      }
      float[] values = new float[shape.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextGaussian();
      }
      inputs.add(Tensor.wrap(values, shape).cast(input.dtype()));
    }
    return inputs;
  }
}
