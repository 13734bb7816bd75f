package sepal.regularizers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.AxisGroups;
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
  /** Keras divides a vector by its length, or by this if it is shorter. */
  private static final double SMALLEST = 1e-7;

  public OrthogonalRegularizer {
    checkCoefficient("factor", factor);
    if (!mode.equals("rows") && !mode.equals("columns")) {
      throw Problem.in("OrthogonalRegularizer", "unknown mode")
          .got("mode=\"" + mode + "\"")
          .expected("\"rows\" or \"columns\"")
          .asInvalidArgument();
    }
  }

  /** With Keras' defaults. */
  public OrthogonalRegularizer() {
    this(0.01, "rows");
  }

  /**
   * @throws IllegalArgumentException if {@code x} is not a matrix
   */
  @Override
  public Tensor apply(Tensor x) {
    if (x.shape().rank() != 2) {
      throw Problem.in("OrthogonalRegularizer", "the weight is not a matrix")
          .got("shape " + x.shape() + " of rank " + x.shape().rank())
          .expected("a shape of rank 2")
          .asInvalidArgument();
    }
    AxisGroups vectors =
        AxisGroups.of("OrthogonalRegularizer", x.shape(), List.of(mode.equals("rows") ? 1 : 0));
    double[][] units = new double[vectors.count()][vectors.length()];
    double[] lengths = new double[units.length];
    for (int i = 0; i < units.length; i++) {
      vectors.read(x::get, i, units[i]);
      lengths[i] = normalize(units[i]);
    }
    double pairs = units.length * (units.length - 1.0) / 2;
    double sum = 0;
    for (int i = 0; i < units.length; i++) {
      for (int j = 0; j < i; j++) {
        sum += Math.abs(dot(units[i], units[j]));
      }
    }
    return Penalty.of(
        factor * sum / pairs, x, () -> slopes(units, lengths, vectors, factor / pairs));
  }

  /** By each element of the weight: only what turns a vector changes its cosines. */
  private static double[] slopes(
      double[][] units, double[] lengths, AxisGroups vectors, double factor) {
    double[] slopes = new double[units.length * vectors.length()];
    for (int i = 0; i < units.length; i++) {
      double[] along = new double[vectors.length()];
      for (int j = 0; j < units.length; j++) {
        double cosine = dot(units[i], units[j]);
        if (i != j) {
          for (int k = 0; k < along.length; k++) {
            double turn = units[j][k] - (lengths[i] > SMALLEST ? cosine * units[i][k] : 0);
            along[k] += factor * Math.signum(cosine) * turn / lengths[i];
          }
        }
      }
      vectors.write(along, i, slopes);
    }
    return slopes;
  }

  /** Divides the vector by its length, which it returns, or by {@link #SMALLEST} if greater. */
  private static double normalize(double[] vector) {
    double length = Math.max(Math.sqrt(dot(vector, vector)), SMALLEST);
    for (int k = 0; k < vector.length; k++) {
      vector[k] /= length;
    }
    return length;
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
