package sepal.training;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** The samples of one {@code fit}, split into those to train on and those to validate on. */
record FitData(ArrayDataset training, @Nullable Dataset validation) {
  static final int DEFAULT_BATCH_SIZE = 32;

  static FitData of(List<Tensor> x, List<Tensor> y, FitOptions o) {
    if (o.classWeight != null && o.sampleWeight != null) {
      throw Problem.in("fit", "classWeight and sampleWeight exclude each other")
          .fix("multiply the class weights into the sample weights")
          .asInvalidArgument();
    }
    int samples = ArrayDataset.samples("fit", x, y, o.sampleWeight);
    int kept = samples;
    Dataset validation = validation(o);
    if (validation == null && o.validationSplit > 0) {
      kept = (int) Math.floor(samples * (1 - o.validationSplit));
      if (kept == 0 || kept == samples) {
        throw Problem.in("fit", "validationSplit leaves one side without samples")
            .got("validationSplit=" + o.validationSplit + " of " + samples + " samples")
            .expected("a fraction that leaves at least one sample on each side")
            .asInvalidArgument();
      }
      validation =
          new ArrayDataset(
              "fit",
              part(x, kept, samples),
              part(y, kept, samples),
              o.sampleWeight == null ? null : o.sampleWeight.rows(kept, samples),
              validationBatchSize(o),
              null);
    }
    ArrayDataset training =
        new ArrayDataset(
            "fit",
            part(x, 0, kept),
            part(y, 0, kept),
            o.sampleWeight == null ? null : o.sampleWeight.rows(0, kept),
            batchSize(o, kept),
            o.shuffle ? o.seed : null);
    return new FitData(training, validation);
  }

  private static List<Tensor> part(List<Tensor> tensors, int from, int to) {
    return tensors.stream().map(tensor -> tensor.rows(from, to)).toList();
  }

  /** 32, or what makes the asked number of steps from all samples. */
  private static int batchSize(FitOptions o, int samples) {
    if (o.batchSize != null) {
      return o.batchSize;
    }
    return o.stepsPerEpoch == null
        ? DEFAULT_BATCH_SIZE
        : Math.max(1, (samples + o.stepsPerEpoch - 1) / o.stepsPerEpoch);
  }

  private static int validationBatchSize(FitOptions o) {
    if (o.validationBatchSize != null) {
      return o.validationBatchSize;
    }
    return o.batchSize == null ? DEFAULT_BATCH_SIZE : o.batchSize;
  }

  /** The validation data that were given, or null. */
  static @Nullable Dataset validation(FitOptions o) {
    if (o.validationX == null) {
      return o.validationDataset;
    }
    return new ArrayDataset(
        "fit", o.validationX, o.validationY, o.validationWeight, validationBatchSize(o), null);
  }

  /** The batch with the weight of each sample's class. */
  static Batch withClassWeights(Batch batch, @Nullable Map<Integer, Double> classWeight) {
    if (classWeight == null) {
      return batch;
    }
    if (batch.y().size() != 1) {
      throw Problem.in("fit", "classWeight needs a model with one output")
          .got(batch.y().size() + " targets")
          .fix("use sampleWeight")
          .asInvalidArgument();
    }
    Tensor y = batch.y().get(0);
    int samples = batch.size();
    int classes = samples == 0 ? 1 : y.size() / samples;
    float[] weights = new float[samples];
    for (int i = 0; i < samples; i++) {
      int label = classes == 1 ? (int) y.get(i) : largest(y, i * classes, classes);
      weights[i] = classWeight.getOrDefault(label, 1.0).floatValue();
    }
    return new Batch(batch.x(), batch.y(), Tensor.wrap(weights, Shape.of(samples)));
  }

  private static int largest(Tensor y, int from, int count) {
    int best = 0;
    for (int i = 1; i < count; i++) {
      if (y.get(from + i) > y.get(from + best)) {
        best = i;
      }
    }
    return best;
  }
}
