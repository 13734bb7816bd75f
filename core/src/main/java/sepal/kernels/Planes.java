package sepal.kernels;

import sepal.shape.Shape;

/** Moves the channels of a batch of images from one place to the other. */
final class Planes {
  private static final int BLOCK = 16;

  private Planes() {}

  /**
   * The values of an array from {@code at} on, moved.
   *
   * @param shape (batch, channels, spatial...)
   */
  static float[] toLast(float[] values, int at, Shape shape) {
    float[] moved = new float[shape.size()];
    transpose(values, at, shape.get(0), shape.get(1), pixels(shape), moved, 0);
    return moved;
  }

  /**
   * @param shape (batch, channels, spatial...), that of what is written from {@code outAt} on
   */
  static void toFirst(float[] values, Shape shape, float[] out, int outAt) {
    transpose(values, 0, shape.get(0), pixels(shape), shape.get(1), out, outAt);
  }

  private static int pixels(Shape shape) {
    return shape.slice(2, shape.rank()).size();
  }

  /** (batch, rows, columns) to (batch, columns, rows). */
  private static void transpose(
      float[] from, int fromAt, int batch, int rows, int columns, float[] to, int toAt) {
    int blocks = (columns + BLOCK - 1) / BLOCK;
    Parallel.run(
        batch * blocks,
        (long) batch * rows * columns,
        task -> {
          int at = task / blocks * rows * columns;
          int first = task % blocks * BLOCK;
          int end = Math.min(columns, first + BLOCK);
          for (int row = 0; row < rows; row += BLOCK) {
            int last = Math.min(rows, row + BLOCK);
            for (int column = first; column < end; column++) {
              for (int r = row; r < last; r++) {
                to[toAt + at + column * rows + r] = from[fromAt + at + r * columns + column];
              }
            }
          }
        });
  }
}
