package sepal.layers;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import sepal.check.Problem;
import sepal.shape.Margins;

/**
 * The optional arguments that padding and cropping layers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class MarginOptions<S extends MarginOptions<S>> extends LayerOptions<S> {
  private static final List<String> PARTS =
      List.of("steps", "rows and columns", "planes, rows and columns");

  private final int rank;

  /**
   * @param rank the number of spatial axes
   */
  MarginOptions(String className, int rank) {
    super(className);
    this.rank = rank;
  }

  @Override
  protected final int spatialRank() {
    return rank;
  }

  /** These options with what {@code options} sets. */
  final S with(Consumer<S> options) {
    options.accept(self());
    return self();
  }

  /** The form of Keras' argument that these numbers stand for. */
  final Object form(int... margins) {
    if (margins.length == 1) {
      return margins[0];
    }
    List<Integer> numbers = IntStream.of(margins).boxed().toList();
    return rank == 1 || margins.length != 2 * rank
        ? numbers
        : IntStream.range(0, rank).mapToObj(i -> numbers.subList(2 * i, 2 * i + 2)).toList();
  }

  /**
   * Refuses margins below 0.
   *
   * @param other the layer that does the reverse, but for its rank
   * @param what what that layer does with {@code %s}
   */
  final void check(String argument, Margins margins, String other, String what) {
    if (margins == null || !margins.areNotNegative()) {
      throw Problem.in(where(), argument + " must not be negative")
          .got(argument + "=" + margins)
          .expected("0 or more on each side")
          .fix("use " + other + rank + "D to " + what.formatted(PARTS.get(rank - 1)))
          .asInvalidArgument();
    }
  }
}
