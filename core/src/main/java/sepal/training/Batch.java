package sepal.training;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.tensor.Tensor;

/**
 * Samples that are trained on together.
 *
 * @param x one tensor for each input of the model, samples on axis 0
 * @param y one tensor for each output of the model; empty for predictions
 * @param sampleWeight one weight for each sample, or null
 */
public record Batch(List<Tensor> x, List<Tensor> y, @Nullable Tensor sampleWeight) {

  public Batch {
    x = List.copyOf(x);
    y = List.copyOf(y);
  }

  /** For a model with one input and one output, without weights of samples. */
  public Batch(Tensor x, Tensor y) {
    this(List.of(x), List.of(y), null);
  }

  /** The number of samples. */
  public int size() {
    return x.get(0).shape().get(0);
  }
}
