package sepal.ops;

import java.util.Locale;
import sepal.check.Problem;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** Functions of two numbers, applied element by element with NumPy's broadcasting. */
enum BinaryOp {
  ADD,
  SUBTRACT,
  MULTIPLY,
  DIVIDE,
  MAXIMUM,
  MINIMUM,
  /** The first number above 0, and multiplied by the second below. */
  PRELU;

  Tensor forward(Tensor a, Tensor b) {
    if (a.dtype() != b.dtype() || !a.dtype().isFloating()) {
      throw Problem.in(toString(), "the operands must have one floating type")
          .got(a.dtype() + " and " + b.dtype())
          .expected("float32 twice, or float64 twice")
          .asInvalidArgument();
    }
    Broadcast broadcast = Broadcast.of(toString(), a.shape(), b.shape());
    int stepA = broadcast.innerStepA();
    int stepB = broadcast.innerStepB();
    if (a.dtype() == DType.FLOAT32) {
      float[] y = new float[broadcast.shape().size()];
      broadcast.forEachRow(
          (at, atA, atB, n) -> row(a.floats(), atA, stepA, b.floats(), atB, stepB, y, at, n));
      return Tensor.wrap(y, broadcast.shape());
    }
    double[] y = new double[broadcast.shape().size()];
    broadcast.forEachRow(
        (at, atA, atB, n) -> row(a.doubles(), atA, stepA, b.doubles(), atB, stepB, y, at, n));
    return Tensor.wrap(y, broadcast.shape());
  }

  /** One loop for each function, so that the compiler sees plain arithmetic in it. */
  private void row(
      float[] a, int atA, int stepA, float[] b, int atB, int stepB, float[] y, int at, int n) {
    switch (this) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] + b[atB + i * stepB];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] - b[atB + i * stepB];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] * b[atB + i * stepB];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] / b[atB + i * stepB];
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.max(a[atA + i * stepA], b[atB + i * stepB]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.min(a[atA + i * stepA], b[atB + i * stepB]);
        }
      }
      case PRELU -> {
        for (int i = 0; i < n; i++) {
          float x = a[atA + i * stepA];
          y[at + i] = x > 0 ? x : x * b[atB + i * stepB];
        }
      }
    }
  }

  private void row(
      double[] a, int atA, int stepA, double[] b, int atB, int stepB, double[] y, int at, int n) {
    switch (this) {
      case ADD -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] + b[atB + i * stepB];
        }
      }
      case SUBTRACT -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] - b[atB + i * stepB];
        }
      }
      case MULTIPLY -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] * b[atB + i * stepB];
        }
      }
      case DIVIDE -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = a[atA + i * stepA] / b[atB + i * stepB];
        }
      }
      case MAXIMUM -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.max(a[atA + i * stepA], b[atB + i * stepB]);
        }
      }
      case MINIMUM -> {
        for (int i = 0; i < n; i++) {
          y[at + i] = Math.min(a[atA + i * stepA], b[atB + i * stepB]);
        }
      }
      case PRELU -> {
        for (int i = 0; i < n; i++) {
          double x = a[atA + i * stepA];
          y[at + i] = x > 0 ? x : x * b[atB + i * stepB];
        }
      }
    }
  }

  @Override
  public String toString() {
    return "Ops." + name().toLowerCase(Locale.ROOT);
  }
}
