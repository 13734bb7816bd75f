package sepal.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Prints predictions for people; the whole numbers go to a file. */
final class Report {
  private static final int MOST_SAMPLES = 20;
  private static final int USUAL_TOP = 5;
  private static final int FIRST_VALUES = 8;

  private final PrintWriter out;
  private final List<String> samples;
  private final @Nullable Integer top;
  private final List<String> labels;

  /**
   * @param samples what each sample of the batch was read from
   * @param top how many classes to print, or null for a usual number of what looks like classes
   * @param labels the names of the classes, or none
   */
  Report(PrintWriter out, List<String> samples, @Nullable Integer top, List<String> labels) {
    this.out = out;
    this.samples = samples;
    this.top = top;
    this.labels = labels;
  }

  /** Refuses labels and tops that no output can use. */
  void check(List<Shape> outputs) {
    boolean asked = top != null || !labels.isEmpty();
    if (asked && outputs.stream().noneMatch(Report::isRowPerSample)) {
      throw Problem.in("--top and --labels", "the model gives no classes")
          .got("outputs of shape " + outputs)
          .expected("an output of shape (null, classes)")
          .asInvalidArgument();
    }
    for (Shape output : outputs) {
      boolean wrong = isRowPerSample(output) && output.isKnown(1) && output.get(1) != labels.size();
      if (!labels.isEmpty() && wrong) {
        throw Problem.in("--labels", "wrong number of labels")
            .got(labels.size())
            .expected(output.get(1) + ", a line for each class")
            .asInvalidArgument();
      }
    }
  }

  private static boolean isRowPerSample(Shape shape) {
    return shape.rank() == 2;
  }

  void print(String name, Tensor output) {
    out.println(clean(name) + ": " + output.dtype() + output.shape());
    boolean asked = top != null || !labels.isEmpty();
    boolean classes = isRowPerSample(output.shape()) && (asked || areProbabilities(output));
    int count = output.shape().rank() == 0 ? 0 : output.shape().get(0);
    int shown = Math.min(count, MOST_SAMPLES);
    for (int i = 0; i < shown; i++) {
      String sample = i < samples.size() ? samples.get(i) : "sample " + i;
      if (classes) {
        out.println("  " + clean(sample));
        printClasses(output, i);
      } else {
        out.println("  " + clean(sample) + "  " + firstValues(output, i));
      }
    }
    if (shown < count) {
      out.println("  ... and " + (count - shown) + " more; --output FILE.npy keeps all");
    }
  }

  private static boolean areProbabilities(Tensor output) {
    int classes = output.shape().get(1);
    for (int row = 0; row < output.shape().get(0); row++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        double value = output.get(row * classes + c);
        if (!(value >= 0)) {
          return false;
        }
        sum += value;
      }
      if (!(Math.abs(sum - 1) < 1e-3)) {
        return false;
      }
    }
    return classes > 1;
  }

  private void printClasses(Tensor output, int row) {
    int classes = output.shape().get(1);
    List<Integer> best = new ArrayList<>(IntStream.range(0, classes).boxed().toList());
    best.sort(Comparator.comparingDouble(c -> -score(output, row, c)));
    best = best.subList(0, Math.min(classes, top == null ? USUAL_TOP : top));
    int wide =
        best.stream()
            .filter(c -> c < labels.size())
            .mapToInt(c -> labels.get(c).length())
            .max()
            .orElse(0);
    for (int c : best) {
      String label = c < labels.size() ? labels.get(c) : "";
      out.println(
          String.format(Locale.ROOT, "  %6d  ", c)
              + (wide == 0 ? "" : label + " ".repeat(wide - label.length()) + "  ")
              + String.format(Locale.ROOT, "%.6f", output.get(row * classes + c)));
    }
  }

  /** What is not a number comes last. */
  private static double score(Tensor output, int row, int column) {
    double value = output.get(row * output.shape().get(1) + column);
    return Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value;
  }

  private static String firstValues(Tensor output, int row) {
    int size = output.shape().slice(1, output.shape().rank()).size();
    String values =
        IntStream.range(0, Math.min(size, FIRST_VALUES))
            .mapToObj(i -> String.format(Locale.ROOT, "%.6g", output.get(row * size + i)))
            .collect(Collectors.joining(" "));
    return size > FIRST_VALUES ? values + " ..." : values;
  }

  /** Names come from files, and a terminal would obey what some of them say. */
  private static String clean(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
