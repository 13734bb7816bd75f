package sepal.losses;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * Connectionist temporal classification: minus the logarithm of the probability of all ways to
 * stretch the labels over the time steps. Labels are numbers of classes, (n, length), filled up
 * with 0, which is no class; predictions are logits, (n, time, classes).
 *
 * @see "Graves et al.: Connectionist temporal classification, ICML 2006"
 * @see "Keras 3.16, keras.losses.CTC"
 */
public record CTC(String name, Reduction reduction) implements BuiltIn {
  private static final double NEVER = Double.NEGATIVE_INFINITY;

  /** With Keras' defaults. */
  public CTC() {
    this("ctc", Reduction.SUM_OVER_BATCH_SIZE);
  }

  /** With another reduction. */
  public CTC reduction(Reduction reduction) {
    return new CTC(name, reduction);
  }

  /**
   * @throws IllegalArgumentException if the shapes are others, or a label is no class
   */
  @Override
  public Tensor call(Tensor yTrue, Tensor yPred) {
    if (yTrue.shape().rank() != 2
        || yPred.shape().rank() != 3
        || yTrue.shape().get(0) != yPred.shape().get(0)) {
      throw Problem.in("CTC", "labels and predictions do not go together")
          .got("yTrue " + yTrue.shape() + ", yPred " + yPred.shape())
          .expected("yTrue (n, length), yPred (n, time, classes)")
          .asInvalidArgument();
    }
    int n = yPred.shape().get(0);
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = new Sample(yTrue, yPred, i).value();
    }
    return Tape.record(
        Tensor.wrap(values, Shape.of(n)).cast(yPred.dtype()),
        (upstream, needed) -> new @Nullable Tensor[] {gradient(upstream, yTrue, yPred)},
        yPred);
  }

  private static Tensor gradient(Tensor upstream, Tensor yTrue, Tensor yPred) {
    double[] gradient = new double[yPred.size()];
    for (int i = 0; i < upstream.size(); i++) {
      new Sample(yTrue, yPred, i).addGradient(upstream.get(i), gradient);
    }
    return Tensor.wrap(gradient, yPred.shape()).cast(yPred.dtype());
  }

  /** One sample: logarithms of the probabilities of being in a state at a time. */
  private static final class Sample {
    private final int times;
    private final int classes;
    private final int start;

    /** A blank, then each label followed by a blank. */
    private final int[] states;

    private final double[][] logs;

    Sample(Tensor yTrue, Tensor yPred, int sample) {
      times = yPred.shape().get(1);
      classes = yPred.shape().get(2);
      start = sample * times * classes;
      int length = yTrue.shape().get(1);
      int[] labels = new int[length];
      int count = 0;
      for (int i = 0; i < length; i++) {
        labels[i] = label(yTrue.get(sample * length + i));
        count += labels[i] == 0 ? 0 : 1;
      }
      states = new int[2 * count + 1];
      for (int i = 0; i < count; i++) {
        states[2 * i + 1] = labels[i];
      }
      logs = new double[times][classes];
      for (int t = 0; t < times; t++) {
        for (int c = 0; c < classes; c++) {
          logs[t][c] = yPred.get(start + t * classes + c);
        }
        double shift = Probabilities.logSumExp(logs[t]);
        for (int c = 0; c < classes; c++) {
          logs[t][c] -= shift;
        }
      }
    }

    private int label(double value) {
      if (value < 0 || value >= classes || value != Math.rint(value)) {
        throw Problem.in("CTC", "a label is not the number of a class")
            .got(value)
            .expected("an integer from 1 to " + (classes - 1) + ", or 0 for nothing")
            .asInvalidArgument();
      }
      return (int) value;
    }

    double value() {
      return -total(forward());
    }

    private double total(double[][] forward) {
      double[] last = forward[times - 1];
      double blank = last[states.length - 1];
      return states.length == 1 ? blank : add(blank, last[states.length - 2]);
    }

    /** Of all ways to be in a state at a time, what was seen at that time included. */
    private double[][] forward() {
      double[][] alpha = new double[times][states.length];
      for (int t = 0; t < times; t++) {
        for (int s = 0; s < states.length; s++) {
          double before;
          if (t == 0) {
            before = s < 2 ? 0 : NEVER;
          } else {
            before = alpha[t - 1][s];
            before = s > 0 ? add(before, alpha[t - 1][s - 1]) : before;
            before = skips(s) ? add(before, alpha[t - 1][s - 2]) : before;
          }
          alpha[t][s] = before + logs[t][states[s]];
        }
      }
      return alpha;
    }

    /** Of all ways to go on from a state at a time, what is seen at that time excluded. */
    private double[][] backward() {
      double[][] beta = new double[times][states.length];
      for (int t = times - 1; t >= 0; t--) {
        for (int s = 0; s < states.length; s++) {
          double after;
          if (t == times - 1) {
            after = s >= states.length - 2 ? 0 : NEVER;
          } else {
            after = beta[t + 1][s] + logs[t + 1][states[s]];
            after = s + 1 < states.length ? add(after, step(beta, t, s + 1)) : after;
            after =
                s + 2 < states.length && skips(s + 2) ? add(after, step(beta, t, s + 2)) : after;
          }
          beta[t][s] = after;
        }
      }
      return beta;
    }

    private double step(double[][] beta, int t, int to) {
      return beta[t + 1][to] + logs[t + 1][states[to]];
    }

    /** Whether a state may be entered from the label before, without a blank between. */
    private boolean skips(int s) {
      return s >= 2 && states[s] != 0 && states[s] != states[s - 2];
    }

    void addGradient(double upstream, double[] gradient) {
      double[][] alpha = forward();
      double[][] beta = backward();
      double total = total(alpha);
      for (int t = 0; t < times; t++) {
        double[] seen = new double[classes];
        Arrays.fill(seen, NEVER);
        for (int s = 0; s < states.length; s++) {
          seen[states[s]] = add(seen[states[s]], alpha[t][s] + beta[t][s]);
        }
        for (int c = 0; c < classes; c++) {
          double expected = Math.exp(logs[t][c]) - Math.exp(seen[c] - total);
          gradient[start + t * classes + c] = upstream * expected;
        }
      }
    }

    private static double add(double a, double b) {
      double max = Math.max(a, b);
      return max == NEVER ? NEVER : max + Math.log1p(Math.exp(Math.min(a, b) - max));
    }
  }
}
