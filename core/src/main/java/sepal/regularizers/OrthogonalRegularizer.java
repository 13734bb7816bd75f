package sepal.regularizers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/**
 * Pushes the rows or columns of a matrix apart: the mean absolute cosine between two of them, times
 * {@code factor}.
 *
 * @param factor the coefficient, 0.01 unless given; not negative
 * @param mode {@code rows} (unless given) or {@code columns}
 * @see "Keras 3.16, keras.regularizers.OrthogonalRegularizer"
 */
public record OrthogonalRegularizer(double factor, String mode) implements BuiltIn {
  /** Keras divides a vector by its length, or by 1e-7 if it is shorter. */
  private static final double SMALLEST_SQUARE = 1e-14;

  public OrthogonalRegularizer {
    checkCoefficient("factor", factor);
    if (!mode.equals("rows") && !mode.equals("columns")) {
      throw Problem.in("OrthogonalRegularizer", "unknown mode")
          .got("mode=\"" + mode + "\"")
          .expected("\"rows\" or \"columns\"")
          .asInvalidArgument();
    }
  }

  public OrthogonalRegularizer() {
    this(0.01, "rows");
  }

  /**
   * @throws IllegalArgumentException if {@code x} is not a matrix
   */
  @Override
  public double apply(Tensor x) {
    if (x.shape().rank() != 2) {
      throw Problem.in("OrthogonalRegularizer", "the weight is not a matrix")
          .got("shape " + x.shape() + " of rank " + x.shape().rank())
          .expected("a shape of rank 2")
          .asInvalidArgument();
    }
    boolean rows = mode.equals("rows");
    int columns = x.shape().get(1);
    int count = x.shape().get(rows ? 0 : 1);
    double[][] vectors = new double[count][x.shape().get(rows ? 1 : 0)];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < vectors[i].length; k++) {
        vectors[i][k] = x.get(rows ? i * columns + k : k * columns + i);
      }
    }
    double sum = 0;
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < i; j++) {
        sum += Math.abs(cosine(vectors[i], vectors[j]));
      }
    }
    return factor * sum / (count * (count - 1.0) / 2);
  }

  private static double cosine(double[] a, double[] b) {
    double squares = Math.max(dot(a, a), SMALLEST_SQUARE) * Math.max(dot(b, b), SMALLEST_SQUARE);
    return dot(a, b) / Math.sqrt(squares);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("factor", factor);
    config.put("mode", mode);
    return config;
  }
}
