package sepal.layers;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A layer that combines several inputs element by element.
 *
 * <p>The inputs broadcast: an axis of size 1 stretches to that of the others, and an input of lower
 * rank gets axes of size 1 after the batch. The batch itself does not stretch.
 */
abstract class Merge extends Layer {

  Merge(BasicOptions options) {
    super(options);
  }

  /** The result for inputs of the same rank. */
  abstract Tensor merge(List<Tensor> inputs);

  @Override
  protected final void createWeights(List<Shape> inputs) {}

  @Override
  public final List<Shape> computeOutputShapes(List<Shape> inputs) {
    checkCount(inputs.size());
    Shape sample = null;
    TreeSet<Integer> batches = new TreeSet<>();
    for (Shape input : inputs) {
      if (input.rank() == 0) {
        throw mismatch("a scalar has no batch axis", inputs);
      }
      if (input.isKnown(0)) {
        batches.add(input.get(0));
      }
      Shape next = input.slice(1, input.rank());
      sample = sample == null ? next : broadcast(sample, next, inputs);
    }
    if (batches.size() > 1) {
      throw mismatch("the inputs have different batch sizes", inputs);
    }
    int batch = batches.isEmpty() ? Shape.UNKNOWN : batches.first();
    return List.of(Shape.of(batch).concat(Objects.requireNonNull(sample).toArray()));
  }

  /** Refuses a number of inputs that the layer cannot combine. */
  void checkCount(int inputs) {
    if (inputs == 0) {
      throw Problem.in(toString(), "there is nothing to combine")
          .got("0 inputs")
          .expected("1 or more")
          .asInvalidArgument();
    }
  }

  /** An axis that is unknown in one of the shapes is unknown in the result, as in Keras. */
  private Shape broadcast(Shape a, Shape b, List<Shape> inputs) {
    if (a.rank() < b.rank()) {
      return broadcast(b, a, inputs);
    }
    int[] sizes = a.toArray();
    for (int axis = 1; axis <= b.rank(); axis++) {
      int place = sizes.length - axis;
      if (sizes[place] == Shape.UNKNOWN || !b.isKnown(-axis)) {
        sizes[place] = Shape.UNKNOWN;
      } else if (sizes[place] == 1) {
        sizes[place] = b.get(-axis);
      } else if (b.get(-axis) != 1 && b.get(-axis) != sizes[place]) {
        throw mismatch("the inputs have incompatible shapes", inputs);
      }
    }
    return Shape.of(sizes);
  }

  private RuntimeException mismatch(String what, List<Shape> inputs) {
    return Problem.in(toString(), what)
        .got(inputs)
        .expected("the same batch, and on each other axis the same size or 1")
        .asInvalidArgument();
  }

  @Override
  protected final List<Tensor> call(List<Tensor> inputs, boolean training) {
    computeOutputShapes(inputs.stream().map(Tensor::shape).toList());
    int rank = inputs.stream().mapToInt(x -> x.shape().rank()).max().orElse(0);
    return List.of(merge(inputs.stream().map(x -> widen(x, rank)).toList()));
  }

  private static Tensor widen(Tensor x, int rank) {
    Shape shape = x.shape();
    int[] sizes = new int[rank];
    Arrays.fill(sizes, 1);
    sizes[0] = shape.get(0);
    for (int axis = 1; axis < shape.rank(); axis++) {
      sizes[rank - axis] = shape.get(-axis);
    }
    return Ops.reshape(x, Shape.of(sizes));
  }
}
