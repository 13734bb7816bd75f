package sepal.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.layers.Dense;
import sepal.models.Sequential;
import sepal.optimizers.SGD;
import sepal.tensor.Tensor;
import sepal.training.Callback;
import sepal.training.History;

class CallbacksTest {
  private static final Tensor X = Tensor.of(new float[] {1, 2, 3, 4}, 4, 1);
  private static final Tensor Y = Tensor.of(new float[] {2, 4, 6, 8}, 4, 1);

  @TempDir Path folder;

  private static Sequential line() {
    Sequential model =
        new Sequential(
            new Dense(1, o -> o.inputShape(1).kernelInitializer("zeros").useBias(false)));
    model.compile(new SGD(0.01), "mse", "mae");
    return model;
  }

  private static float slope(Sequential model) {
    return model.getWeights().get(0).floats()[0];
  }

  /** Replaces a logged value, so that a test rules what callbacks after it see. */
  private static Callback pretend(String name, IntFunction<Double> value) {
    return new LambdaCallback(
        o -> o.onEpochEnd((epoch, logs) -> logs.put(name, value.apply(epoch))));
  }

  @Test
  void early_stopping_waits_for_its_patience_and_restores_the_best_weights() {
    Sequential model = line();
    List<Float> slopes = new ArrayList<>();
    double[] losses = {5, 4, 4.5, 4.2, 4.1, 1};
    EarlyStopping stopping =
        new EarlyStopping(o -> o.monitor("loss").patience(2).restoreBestWeights(true));
    History history =
        model.fit(
            X,
            Y,
            o ->
                o.epochs(6)
                    .callbacks(
                        pretend("loss", e -> losses[e]),
                        new LambdaCallback(c -> c.onEpochEnd((e, l) -> slopes.add(slope(model)))),
                        stopping));

    assertThat(history.epochs()).containsExactly(0, 1, 2, 3);
    assertThat(stopping.stoppedEpoch()).isEqualTo(3);
    assertThat(stopping.bestEpoch()).isEqualTo(1);
    assertThat(slope(model)).isEqualTo(slopes.get(1)).isNotEqualTo(slopes.get(3));
  }

  @Test
  void a_metric_that_knows_no_direction_needs_a_mode() {
    assertThatThrownBy(
            () ->
                line()
                    .fit(
                        X,
                        Y,
                        o ->
                            o.callbacks(
                                pretend("score", e -> 1.0),
                                new EarlyStopping(s -> s.monitor("score")))))
        .hasMessage(
            """
            EarlyStopping: the metric does not tell whether more is better
              got:      monitor="score"
              fix:      set mode to "min" or "max\"""");
    assertThatThrownBy(() -> new EarlyStopping(o -> o.mode("up")))
        .hasMessage(
            """
            EarlyStopping: unknown mode
              got:      mode="up"
              expected: "auto", "min" or "max\"""");
  }

  @Test
  void a_plateau_lowers_the_rate_down_to_its_minimum() {
    Sequential model = line();
    History history =
        model.fit(
            X,
            Y,
            o ->
                o.epochs(6)
                    .callbacks(
                        pretend("loss", e -> 1.0),
                        new ReduceLROnPlateau(
                            r -> r.monitor("loss").patience(2).factor(0.1).minLr(5e-4))));

    assertThat(history.get("learning_rate").get(0)).isCloseTo(0.01, within(1e-7));
    assertThat(history.get("learning_rate").get(3)).isCloseTo(0.001, within(1e-7));
    assertThat(history.get("learning_rate").get(5)).isCloseTo(5e-4, within(1e-7));
  }

  @Test
  void a_scheduler_sets_the_rate_of_each_epoch() {
    History history =
        line()
            .fit(
                X,
                Y,
                o -> o.epochs(3).callbacks(new LearningRateScheduler((epoch, rate) -> rate / 2)));
    assertThat(history.get("learning_rate"))
        .satisfiesExactly(
            r -> assertThat(r).isCloseTo(0.005, within(1e-7)),
            r -> assertThat(r).isCloseTo(0.0025, within(1e-7)),
            r -> assertThat(r).isCloseTo(0.00125, within(1e-7)));
  }

  @Test
  void the_csv_log_has_sorted_columns_and_goes_on_when_told_to() throws IOException {
    Path file = folder.resolve("log.csv");
    line().fit(X, Y, o -> o.epochs(2).callbacks(new CSVLogger(file)));
    assertThat(Files.readAllLines(file))
        .hasSize(3)
        .startsWith("epoch,loss,mae,val_loss,val_mae")
        .element(1)
        .asString()
        .startsWith("0,")
        .endsWith(",NA,NA");

    line().fit(X, Y, o -> o.callbacks(new CSVLogger(file, ",", true)));
    assertThat(Files.readAllLines(file)).hasSize(4);
  }

  @Test
  void checkpoints_are_named_by_epoch_and_logs_and_only_the_best_are_kept() {
    List<String> saved = new ArrayList<>();
    double[] losses = {5, 6, 4};
    line()
        .fit(
            X,
            Y,
            o ->
                o.epochs(3)
                    .callbacks(
                        pretend("loss", e -> losses[e]),
                        new ModelCheckpoint(
                            "m-{epoch:02d}-{loss:.1f}.keras",
                            (model, path, weightsOnly) -> saved.add(path),
                            c -> c.monitor("loss").saveBestOnly(true))));
    assertThat(saved).containsExactly("m-01-5.0.keras", "m-03-4.0.keras");
    assertThatThrownBy(() -> new ModelCheckpoint("m.txt", (m, p, w) -> {}, c -> {}))
        .hasMessage(
            """
            ModelCheckpoint: the path has another ending
              got:      "m.txt"
              expected: ".keras" or ".h5\"""");
  }

  @Test
  void a_training_that_was_cut_off_goes_on_to_the_same_bits() {
    Sequential whole = line();
    whole.fit(X, Y, o -> o.epochs(6).batchSize(2));

    BackupAndRestore.MemoryStore store = new BackupAndRestore.MemoryStore();
    Callback cut =
        new LambdaCallback(
            o ->
                o.onEpochBegin(
                    epoch -> {
                      if (epoch == 3) {
                        throw new IllegalStateException("cut off");
                      }
                    }));
    assertThatThrownBy(
            () ->
                line()
                    .fit(
                        X,
                        Y,
                        o -> o.epochs(6).batchSize(2).callbacks(new BackupAndRestore(store), cut)))
        .hasMessage("cut off");
    Sequential resumed = line();
    History history =
        resumed.fit(X, Y, o -> o.epochs(6).batchSize(2).callbacks(new BackupAndRestore(store)));

    assertThat(history.epochs()).containsExactly(3, 4, 5);
    assertThat(slope(resumed)).isEqualTo(slope(whole));
    assertThat(store.read()).isNull();
    assertThat(whole.evaluate(X, Y)).isEqualTo(Map.copyOf(resumed.evaluate(X, Y)));
  }
}
