package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.activations.HardSigmoid;
import sepal.keras.Keras;
import sepal.layers.Dense;
import sepal.models.Model;
import sepal.models.Sequential;

/** What the library tells the log when files are read and written. */
class WarningsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {".keras", ".h5"})
  void a_meaning_that_keras_3_has_no_name_for_is_named_when_it_is_saved(String ending)
      throws IOException {
    Path file = folder.resolve("m" + ending);
    Model old = new Sequential(new Dense(1, o -> o.activation(HardSigmoid.KERAS_2).inputShape(1)));
    Model today = new Sequential(new Dense(1, o -> o.activation("hard_sigmoid").inputShape(1)));

    assertThat(warnings(() -> Keras.saveModel(old, file)))
        .containsExactly(file + ": Keras cannot open this file: it has no HardSigmoid");
    assertThat(warnings(() -> Keras.saveModel(today, file))).isEmpty();
  }

  @Test
  void what_was_skipped_goes_to_the_log_unless_somebody_listens() throws IOException {
    Path weights = Recorded.MODELS.resolve("fitted_adam.weights.h5");
    Model model = Keras.loadModel(Recorded.MODELS.resolve("fitted_sgd_momentum.keras"));

    assertThat(warnings(() -> Keras.loadWeights(model, weights)))
        .singleElement()
        .asString()
        .startsWith(weights + ": skipped: the optimizer's variables; it starts afresh");
    assertThat(warnings(() -> Keras.loadWeights(model, weights, o -> o.onSkipped(told -> {}))))
        .isEmpty();
  }

  private interface Action {
    void run() throws IOException;
  }

  private static List<String> warnings(Action action) throws IOException {
    List<String> messages = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord entry) {
            messages.add(new SimpleFormatter().formatMessage(entry));
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger("sepal.keras");
    logger.addHandler(handler);
    try {
      action.run();
    } finally {
      logger.removeHandler(handler);
    }
    return messages;
  }
}
