package sepal.callbacks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sepal.layers.Dense;
import sepal.layers.Dropout;
import sepal.models.Sequential;
import sepal.optimizers.Adam;
import sepal.optimizers.SGD;
import sepal.tensor.Tensor;
import sepal.training.Callback;
import sepal.training.FitOptions;
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
  void checkpoints_in_files_need_the_module_that_writes_them() {
    assertThatThrownBy(() -> new ModelCheckpoint("m.keras"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            ModelCheckpoint: no module is present that writes models to files
              fix:      add sepal-keras, or give a CheckpointStore""");
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

  private static Sequential withDropout() {
    Sequential model =
        new Sequential(
            new Dense(4, o -> o.inputShape(1).kernelInitializer("ones")),
            new Dropout(0.5, o -> o.seed(3L)),
            new Dense(1, o -> o.kernelInitializer("ones")));
    model.compile(new Adam(0.01), "mse");
    return model;
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "4, 0", "7, 0", "4, 2", "5, 3", "7, 1", "11, 2"})
  void a_training_cut_off_in_an_epoch_goes_on_with_its_shuffling_and_dropout(int dies, int steps) {
    Consumer<FitOptions> arguments =
        o -> {
          o.epochs(4).batchSize(1).seed(5);
          if (steps > 0) {
            o.stepsPerEpoch(steps);
          }
        };
    Sequential whole = withDropout();
    whole.fit(X, Y, arguments);

    BackupAndRestore.MemoryStore store = new BackupAndRestore.MemoryStore();
    AtomicInteger batches = new AtomicInteger();
    Callback cut =
        new LambdaCallback(
            o ->
                o.onTrainBatchEnd(
                    (batch, logs) -> {
                      if (batches.incrementAndGet() == dies) {
                        throw new IllegalStateException("cut off");
                      }
                    }));
    Sequential first = withDropout();
    boolean ends = steps > 0 && dies > 4 * steps;
    assertThat(
            catchThrowable(
                () ->
                    first.fit(
                        X,
                        Y,
                        arguments.andThen(o -> o.callbacks(cut, new BackupAndRestore(store, 1))))))
        .matches(thrown -> ends == (thrown == null));
    Sequential resumed = withDropout();
    if (!ends) {
      resumed.fit(X, Y, arguments.andThen(o -> o.callbacks(new BackupAndRestore(store, 1))));
    }
    assertThat(values(ends ? first : resumed)).isEqualTo(values(whole));
  }

  private static List<List<Float>> values(Sequential model) {
    List<List<Float>> values = new ArrayList<>();
    for (Tensor weight : model.getWeights()) {
      List<Float> numbers = new ArrayList<>();
      for (float value : weight.floats()) {
        numbers.add(value);
      }
      values.add(numbers);
    }
    return values;
  }

  @Test
  void a_backup_of_another_model_is_refused_and_changes_nothing() {
    BackupAndRestore.MemoryStore store = new BackupAndRestore.MemoryStore();
    Callback cut =
        new LambdaCallback(
            o ->
                o.onEpochBegin(
                    epoch -> {
                      if (epoch == 1) {
                        throw new IllegalStateException("cut off");
                      }
                    }));
    assertThatThrownBy(
            () ->
                withDropout()
                    .fit(X, Y, o -> o.epochs(2).callbacks(new BackupAndRestore(store), cut)))
        .hasMessage("cut off");
    Sequential other = line();
    assertThatThrownBy(() -> other.fit(X, Y, o -> o.callbacks(new BackupAndRestore(store))))
        .hasMessage(
            """
            BackupAndRestore: the backup is of another model
              got:      1 seed generators
              expected: 0
              fix:      delete the backup, or train the model that it was made of""");
    assertThat(slope(other)).isZero();
  }

  private static Sequential averaged() {
    Sequential model = line();
    model.compile(new SGD(o -> o.learningRate(0.01).useEma(0.5, null)), "mse");
    return model;
  }

  @Test
  void swapping_moving_averages_evaluates_them_and_trains_on_as_if_it_were_not_there() {
    Sequential plain = averaged();
    Sequential swapped = averaged();
    List<Float> seen = new ArrayList<>();
    Callback look =
        new Callback() {
          @Override
          public void onTestBegin() {
            seen.add(slope(swapped));
          }
        };
    List<Float> averages = new ArrayList<>();
    Callback note =
        new LambdaCallback(
            o ->
                o.onTrainBatchEnd(
                    (batch, logs) ->
                        averages.add(plain.trainer().optimizer().variables().get(2).floats()[0])));
    plain.fit(X, Y, o -> o.epochs(3).shuffle(false).callbacks(note));
    swapped.fit(
        X,
        Y,
        o -> o.epochs(3).shuffle(false).validationData(X, Y).callbacks(new SwapEMAWeights(), look));
    assertThat(seen).isEqualTo(averages).doesNotHaveDuplicates();
    assertThat(slope(swapped)).isEqualTo(slope(plain)).isEqualTo(averages.get(2));
  }

  @Test
  void swapping_at_the_end_of_epochs_shows_the_averages_to_later_callbacks() {
    Sequential plain = averaged();
    plain.fit(X, Y, o -> o.epochs(3).shuffle(false));
    Sequential swapped = averaged();
    List<Float> seen = new ArrayList<>();
    Callback look =
        new LambdaCallback(o -> o.onEpochEnd((epoch, logs) -> seen.add(slope(swapped))));
    swapped.fit(X, Y, o -> o.epochs(3).shuffle(false).callbacks(new SwapEMAWeights(true), look));
    assertThat(seen.get(2)).isEqualTo(slope(swapped)).isEqualTo(slope(plain));
    assertThatThrownBy(() -> line().evaluate(X, Y, o -> o.callbacks(new SwapEMAWeights())))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            """
            SGD: the optimizer follows no moving averages
              got:      useEma=false
              fix:      make the optimizer with useEma(0.99, null)""");
  }

  @Test
  void the_progress_bar_looks_like_that_of_keras() {
    StringBuilder text = new StringBuilder();
    AtomicLong clock = new AtomicLong();
    Callback bar = new ProgbarLogger(text::append, true, () -> clock.getAndAdd(150_000_000));
    line()
        .fit(
            X,
            Y,
            o ->
                o.epochs(2)
                    .batchSize(2)
                    .validationData(X, Y)
                    .callbacks(
                        pretend("loss", e -> 0.25),
                        pretend("mae", e -> 1e-4),
                        pretend("val_loss", e -> 2.0),
                        pretend("val_mae", e -> 3.0),
                        bar));
    assertThat(text.toString().split("\n"))
        .extracting(line -> line.substring(line.lastIndexOf('\r') + 1).strip())
        .containsExactly(
            "Epoch 1/2",
            "2/2 ━━━━━━━━━━━━━━━━━━━━ 0s 225ms/step - loss: 0.2500 - mae: 1.0000e-04"
                + " - val_loss: 2.0000 - val_mae: 3.0000",
            "Epoch 2/2",
            "2/2 ━━━━━━━━━━━━━━━━━━━━ 0s 225ms/step - loss: 0.2500 - mae: 1.0000e-04"
                + " - val_loss: 2.0000 - val_mae: 3.0000");
    assertThat(text).contains("\r1/2 ━━━━━━━━━━────────── 0s 150ms/step - loss: ");

    text.setLength(0);
    line().predict(X, o -> o.batchSize(1).callbacks(new ProgbarLogger(text::append, false)));
    assertThat(text.toString()).startsWith("4/4 - 0s - ").endsWith("/step\n");
  }
}
