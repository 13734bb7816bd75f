package sepal.initializers;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;

/**
 * A random orthogonal matrix: the weight, seen as a matrix with the last axis as columns, has
 * orthonormal columns, or rows where there are fewer of them, times {@code gain}.
 *
 * @see "Saxe, McClelland, Ganguli: Exact solutions to the nonlinear dynamics of learning, 2014"
 */
public final class Orthogonal extends RandomInitializer {
  private final double gain;

  /** With Keras' defaults. */
  public Orthogonal() {
    this(1);
  }

  /**
   * @param gain the length of the rows or columns, 1 unless given
   */
  public Orthogonal(double gain) {
    this(gain, null);
  }

  /** With the same values every time. */
  public Orthogonal(double gain, long seed) {
    this(gain, (Long) seed);
  }

  Orthogonal(double gain, @Nullable Long seed) {
    super(seed);
    this.gain = gain;
  }

  @Override
  DoubleSupplier values(Shape shape, RandomStream random) {
    if (shape.rank() < 2) {
      throw Problem.in("Orthogonal", "the weight is not a matrix")
          .got("shape " + shape + " of rank " + shape.rank())
          .expected("a shape of rank 2 or more")
          .asInvalidArgument();
    }
    int columns = shape.get(-1);
    int rows = columns == 0 ? 0 : shape.size() / columns;
    double[][] basis = orthonormal(Math.min(rows, columns), Math.max(rows, columns), random);
    return new DoubleSupplier() {
      private int next;

      @Override
      public double getAsDouble() {
        int row = next / columns;
        int column = next++ % columns;
        return gain * (rows < columns ? basis[row][column] : basis[column][row]);
      }
    };
  }

  /**
   * {@code count} orthonormal vectors. Gram and Schmidt's method keeps each vector on its own side,
   * which is Q of the QR decomposition with a positive diagonal in R, Keras' sign rule. Done twice,
   * it is as exact as reflections.
   */
  private static double[][] orthonormal(int count, int length, RandomStream random) {
    double[][] basis = new double[count][length];
    for (int i = 0; i < count; i++) {
      double[] vector = basis[i];
      for (int k = 0; k < length; k++) {
        vector[k] = random.normal();
      }
      for (int pass = 0; pass < 2; pass++) {
        for (int j = 0; j < i; j++) {
          add(vector, -dot(vector, basis[j]), basis[j]);
        }
        double norm = Math.sqrt(dot(vector, vector));
        for (int k = 0; k < length; k++) {
          vector[k] /= norm;
        }
      }
    }
    return basis;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static void add(double[] a, double factor, double[] b) {
    for (int k = 0; k < a.length; k++) {
      a[k] += factor * b[k];
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("gain", gain);
    return config;
  }
}
