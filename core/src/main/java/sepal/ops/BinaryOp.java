package sepal.ops;

import java.util.Locale;
import sepal.check.Problem;
import sepal.tensor.DType;
import sepal.tensor.Tape;
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
    return Tape.record(compute(a, b), (g, needed) -> backward(a, b, g), a, b);
  }

  private Tensor compute(Tensor a, Tensor b) {
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

  /** What was repeated in the forward is summed up here. */
  private Tensor[] backward(Tensor a, Tensor b, Tensor upstream) {
    if (this == ADD && a.shape().equals(b.shape())) {
      return new Tensor[] {upstream, upstream};
    }
    Broadcast broadcast = Broadcast.of(toString(), a.shape(), b.shape());
    int stepA = broadcast.innerStepA();
    int stepB = broadcast.innerStepB();
    double[] x = a.toDoubleArray();
    double[] z = b.toDoubleArray();
    double[] g = upstream.toDoubleArray();
    double[] da = new double[x.length];
    double[] db = new double[z.length];
    broadcast.forEachRow(
        (at, atA, atB, n) -> {
          for (int i = 0; i < n; i++) {
            double left = x[atA + i * stepA];
            double right = z[atB + i * stepB];
            da[atA + i * stepA] += g[at + i] * slopeA(left, right);
            db[atB + i * stepB] += g[at + i] * slopeB(left, right);
          }
        });
    return new Tensor[] {
      Tensor.wrap(da, a.shape()).cast(a.dtype()), Tensor.wrap(db, b.shape()).cast(b.dtype())
    };
  }

  /** The derivative by the first number; equal numbers share a maximum or minimum. */
  private double slopeA(double a, double b) {
    return switch (this) {
      case ADD, SUBTRACT -> 1;
      case MULTIPLY -> b;
      case DIVIDE -> 1 / b;
      case MAXIMUM -> a > b ? 1 : a == b ? 0.5 : 0;
      case MINIMUM -> a < b ? 1 : a == b ? 0.5 : 0;
      case PRELU -> a > 0 ? 1 : b;
    };
  }

  /** The derivative by the second number. */
  private double slopeB(double a, double b) {
    return switch (this) {
      case ADD -> 1;
      case SUBTRACT -> -1;
      case MULTIPLY -> a;
      case DIVIDE -> -a / (b * b);
      case MAXIMUM, MINIMUM -> 1 - slopeA(a, b);
      case PRELU -> a > 0 ? 0 : a;
    };
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
