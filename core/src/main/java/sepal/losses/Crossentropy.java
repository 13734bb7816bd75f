package sepal.losses;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** The binary, sparse or categorical crossentropy, whichever suits the shapes. */
enum Crossentropy implements Loss {
  INSTANCE;

  @Override
  public Tensor call(Tensor yTrue, Tensor yPred) {
    return suiting(yTrue.shape(), yPred.shape()).call(yTrue, yPred);
  }

  @Override
  public Tensor apply(Tensor yTrue, Tensor yPred, @Nullable Tensor sampleWeight) {
    return suiting(yTrue.shape(), yPred.shape()).apply(yTrue, yPred, sampleWeight);
  }

  private static Loss suiting(Shape yTrue, Shape yPred) {
    String className = Samples.kind(yTrue, yPred) + "Crossentropy";
    return Objects.requireNonNull(Losses.get("crossentropy", className));
  }

  @Override
  public Object serialize() {
    return "crossentropy";
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    return Map.of();
  }
}
