package sepal.layers;

import sepal.check.Problem;
import sepal.shape.Shape;

/**
 * What a layer demands of its input once it is built: the size of one axis.
 *
 * @param axis the axis; negative numbers count from the end
 * @param meaning what the axis counts, for messages: {@code channels}, {@code features}
 * @param builtOn the shape that the layer was built on
 */
public record InputSpec(int axis, String meaning, Shape builtOn) {

  /**
   * Refuses an input that has not {@code rank} axes.
   *
   * @param why what wants that rank, for the message
   */
  static void checkRank(String where, Shape input, int rank, String why) {
    if (input.rank() != rank) {
      throw Problem.in(where, "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected(rank + "   (" + why + ")")
          .asInvalidArgument();
    }
  }

  /**
   * @throws IllegalArgumentException if the axis has another size
   */
  void check(String where, Shape input) {
    boolean exists = axis < 0 ? -axis <= input.rank() : axis < input.rank();
    if (!exists) {
      throw Problem.in(where, "wrong rank of the input")
          .got(input.rank() + "   (input " + input + ")")
          .expected(builtOn.rank() + "   (built on " + builtOn + ")")
          .asInvalidArgument();
    }
    int size = builtOn.get(axis);
    if (input.isKnown(axis) && input.get(axis) != size) {
      throw Problem.in(where, "wrong number of input " + meaning)
          .got(input.get(axis) + "   (input " + input + ")")
          .expected(size + "   (built on " + builtOn + ")")
          .fix("feed " + size + " " + meaning + ", or build a new layer for " + input.get(axis))
          .asInvalidArgument();
    }
  }
}
