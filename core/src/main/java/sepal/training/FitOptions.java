package sepal.training;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** The optional arguments of {@code fit}, with Keras' defaults. */
public final class FitOptions {
  @Nullable Integer batchSize;
  int epochs = 1;
  int initialEpoch;
  List<Callback> callbacks = List.of();
  double validationSplit;
  @Nullable Dataset validationDataset;
  @Nullable List<Tensor> validationX;
  List<Tensor> validationY = List.of();
  @Nullable Tensor validationWeight;
  boolean shuffle = true;
  long seed;
  @Nullable Map<Integer, Double> classWeight;
  @Nullable Tensor sampleWeight;
  @Nullable Integer stepsPerEpoch;
  @Nullable Integer validationSteps;
  @Nullable Integer validationBatchSize;
  int validationFreq = 1;

  /** With Keras' defaults. */
  public FitOptions() {}

  /** Samples in each update; 32 unless given. */
  public FitOptions batchSize(int batchSize) {
    this.batchSize = Check.positive("fit", "batchSize", batchSize);
    return this;
  }

  /** The epoch to stop before; 1 unless given. */
  public FitOptions epochs(int epochs) {
    this.epochs = epochs;
    return this;
  }

  /** The epoch to begin with, to go on with earlier training; 0 unless given. */
  public FitOptions initialEpoch(int initialEpoch) {
    this.initialEpoch = initialEpoch;
    return this;
  }

  /** What watches the training, in this order; a progress bar is one too. */
  public FitOptions callbacks(Callback... callbacks) {
    this.callbacks = List.of(callbacks);
    return this;
  }

  /** The last part of the samples, between 0 and 1, is held out for validation. */
  public FitOptions validationSplit(double fraction) {
    if (!(fraction >= 0 && fraction < 1)) {
      throw Problem.in("fit", "validationSplit must lie between 0 and 1")
          .got("validationSplit=" + fraction)
          .expected("0 or more, less than 1")
          .asInvalidArgument();
    }
    this.validationSplit = fraction;
    return this;
  }

  /** Samples that are evaluated after each epoch and never trained on. */
  public FitOptions validationData(Tensor x, Tensor y) {
    return validationData(List.of(x), List.of(y), null);
  }

  /** Samples that are evaluated after each epoch, with a weight for each, and never trained on. */
  public FitOptions validationData(Tensor x, Tensor y, @Nullable Tensor sampleWeight) {
    return validationData(List.of(x), List.of(y), sampleWeight);
  }

  /** Samples that are evaluated after each epoch and never trained on. */
  public FitOptions validationData(List<Tensor> x, List<Tensor> y, @Nullable Tensor sampleWeight) {
    this.validationX = List.copyOf(x);
    this.validationY = List.copyOf(y);
    this.validationWeight = sampleWeight;
    return this;
  }

  /** Batches that are evaluated after each epoch and never trained on. */
  public FitOptions validationData(Dataset dataset) {
    this.validationDataset = dataset;
    return this;
  }

  /** Whether tensors are shuffled before each epoch; true unless given. Datasets never are. */
  public FitOptions shuffle(boolean shuffle) {
    this.shuffle = shuffle;
    return this;
  }

  /** Rules the shuffling: the same seed gives the same order in each epoch; 0 unless given. */
  public FitOptions seed(long seed) {
    this.seed = seed;
    return this;
  }

  /** Weights of the classes in the loss; 1 for classes that are not named. */
  public FitOptions classWeight(Map<Integer, Double> classWeight) {
    this.classWeight = Map.copyOf(classWeight);
    return this;
  }

  /** One weight for each sample in the loss. */
  public FitOptions sampleWeight(Tensor sampleWeight) {
    this.sampleWeight = sampleWeight;
    return this;
  }

  /** Updates in each epoch; all batches unless given. */
  public FitOptions stepsPerEpoch(int steps) {
    this.stepsPerEpoch = Check.positive("fit", "stepsPerEpoch", steps);
    return this;
  }

  /** Batches in each validation; all unless given. */
  public FitOptions validationSteps(int steps) {
    this.validationSteps = Check.positive("fit", "validationSteps", steps);
    return this;
  }

  /** Samples in each batch of validation; as in training unless given. */
  public FitOptions validationBatchSize(int batchSize) {
    this.validationBatchSize = Check.positive("fit", "validationBatchSize", batchSize);
    return this;
  }

  /** Validates after every so many epochs; 1 unless given. */
  public FitOptions validationFreq(int epochs) {
    this.validationFreq = Check.positive("fit", "validationFreq", epochs);
    return this;
  }
}
