package sepal.losses;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Labels and predictions of one floating dtype. Where their ranks differ by a last axis of size 1,
 * they have been brought to one rank.
 *
 * @see "Keras 3.16, keras.src.losses.loss.squeeze_or_expand_to_same_rank"
 */
public record Samples(Tensor yTrue, Tensor yPred) {

  /** The labels and predictions brought together; the tape sees through to the predictions. */
  public static Samples align(Tensor yTrue, Tensor yPred) {
    Tensor predictions = yPred.dtype().isFloating() ? yPred : yPred.cast(DType.FLOAT32);
    Tensor labels = yTrue.cast(predictions.dtype());
    Shape ofLabels = labels.shape();
    Shape ofPredictions = predictions.shape();
    return new Samples(
        labels.reshape(fit(ofLabels, ofPredictions)),
        reshape(predictions, fit(ofPredictions, ofLabels)));
  }

  /**
   * What suits the shapes of labels and predictions: {@code Binary} if there is one prediction,
   * {@code SparseCategorical} if labels are numbers of classes, else {@code Categorical}.
   *
   * @see "Keras 3.16, keras.src.trainers.compile_utils.is_binary_or_sparse_categorical"
   */
  public static String kind(Shape yTrue, Shape yPred) {
    if (yPred.rank() == 0 || yPred.get(-1) == 1) {
      return "Binary";
    }
    return yTrue.rank() < yPred.rank() || yTrue.get(-1) == 1 ? "SparseCategorical" : "Categorical";
  }

  /** The shape of {@code own} with an axis of size 1 more or less, if that makes ranks equal. */
  private static Shape fit(Shape own, Shape other) {
    if (own.rank() == other.rank() + 1 && own.get(-1) == 1 && other.rank() != 1) {
      return own.slice(0, own.rank() - 1);
    }
    boolean expands = own.rank() == 1 && other.rank() == 2 && other.get(-1) == 1;
    return expands ? own.concat(1) : own;
  }

  private static Tensor reshape(Tensor x, Shape shape) {
    if (shape.equals(x.shape())) {
      return x;
    }
    return Tape.record(
        x.reshape(shape), (g, needed) -> new @Nullable Tensor[] {g.reshape(x.shape())}, x);
  }

  /**
   * A weight for each of the values.
   *
   * @param weight of the shape {@code values}, or of its first axes, or with axes of size 1; null
   *     for 1 everywhere
   * @throws IllegalArgumentException if it is of another shape
   */
  public static double[] weights(@Nullable Tensor weight, Shape values) {
    double[] weights = new double[values.size()];
    if (weight == null) {
      Arrays.fill(weights, 1);
      return weights;
    }
    Shape shape = weight.shape();
    while (shape.rank() > values.rank() && shape.rank() > 1 && shape.get(-1) == 1) {
      shape = shape.slice(0, shape.rank() - 1);
    }
    if (values.rank() == 0) {
      weights[0] = Arrays.stream(weight.toDoubleArray()).average().orElse(0);
      return weights;
    }
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (axis >= values.rank() || (shape.get(axis) != 1 && shape.get(axis) != values.get(axis))) {
        throw Problem.in("sample weights", "their shape does not go with that of the values")
            .got(weight.shape())
            .expected(values + ", or its first axes")
            .asInvalidArgument();
      }
    }
    for (int i = 0; i < weights.length; i++) {
      weights[i] = weight.get(index(i, values, shape));
    }
    return weights;
  }

  /** Where the weight of element {@code i} of the values lies. */
  private static int index(int i, Shape values, Shape weights) {
    int index = 0;
    int stride = 1;
    int rest = i;
    for (int axis = values.rank() - 1; axis >= 0; axis--) {
      int position = rest % values.get(axis);
      rest /= values.get(axis);
      if (axis < weights.rank()) {
        index += weights.get(axis) == 1 ? 0 : position * stride;
        stride *= weights.get(axis);
      }
    }
    return index;
  }
}
