package sepal.keras;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import sepal.callbacks.BackupAndRestore;
import sepal.callbacks.LambdaCallback;
import sepal.initializers.GlorotUniform;
import sepal.layers.BatchNormalization;
import sepal.layers.Dense;
import sepal.layers.Dropout;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.SpatialDropout2D;
import sepal.models.Model;
import sepal.models.Sequential;
import sepal.optimizers.Adam;
import sepal.shape.Shape;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/** A process that trains, and dies after so many batches. */
final class KilledTrainer {
  static final int EPOCHS = 4;
  static final int BATCHES = 5; // in each epoch
  private static final int BATCH_SIZE = 4;
  private static final int SAMPLES = BATCHES * BATCH_SIZE - 1;

  private KilledTrainer() {}

  /** Trained to the end; goes on with the backup, if there is one. */
  static Model train(Callback... callbacks) {
    Model model =
        new Sequential(
            "killed",
            new SeparableConv2D(
                6,
                3,
                o ->
                    o.inputShape(8, 8, 2)
                        .depthwiseInitializer(new GlorotUniform(1))
                        .pointwiseInitializer(new GlorotUniform(2))),
            new BatchNormalization(),
            new SpatialDropout2D(0.3, o -> o.seed(7L)),
            new GlobalAveragePooling2D(),
            new Dropout(0.4, o -> o.seed(8L)),
            new Dense(3, o -> o.activation("softmax").kernelInitializer(new GlorotUniform(3))));
    model.compile(
        new Adam(o -> o.learningRate(0.01).useEma(0.9, null)), "sparse_categorical_crossentropy");
    Random random = new Random(4);
    float[] x = new float[SAMPLES * 8 * 8 * 2];
    int[] y = new int[SAMPLES];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    for (int i = 0; i < y.length; i++) {
      y[i] = random.nextInt(3);
    }
    model.fit(
        Tensor.wrap(x, Shape.of(SAMPLES, 8, 8, 2)),
        Tensor.wrap(y, Shape.of(SAMPLES)),
        o -> o.epochs(EPOCHS).batchSize(BATCH_SIZE).seed(9).callbacks(callbacks));
    return model;
  }

  /**
   * @param args the backup, batches between two backups, batches to live (0 for ever), where to
   *     save the model
   */
  public static void main(String[] args) throws IOException {
    BackupFile backup = new BackupFile(Path.of(args[0]));
    int[] left = {Integer.parseInt(args[2])};
    Callback death =
        new LambdaCallback(
            o ->
                o.onTrainBatchEnd(
                    (batch, logs) -> {
                      if (--left[0] == 0) {
                        Runtime.getRuntime().halt(137);
                      }
                    }));
    Model model = train(new BackupAndRestore(backup, Integer.valueOf(args[1])), death);
    Keras.saveModel(model, Path.of(args[3]));
  }
}
