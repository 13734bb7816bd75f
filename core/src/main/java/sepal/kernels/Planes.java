package sepal.kernels;

import sepal.shape.Shape;

/** Moves the channels of a batch of images from one place to the other. */
final class Planes {
  private static final int BLOCK = 16;

  private Planes() {}

  /**
   * @param shape (batch, channels, spatial...)
   */
  static float[] toLast(float[] values, Shape shape) {
    float[] moved = new float[values.length];
    int channels = shape.get(1);
    transpose(values, shape.get(0), channels, pixels(shape), moved);
    return moved;
  }

  /**
   * @param shape (batch, channels, spatial...), that of {@code out}
   */
  static void toFirst(float[] values, Shape shape, float[] out) {
    transpose(values, shape.get(0), pixels(shape), shape.get(1), out);
  }

  private static int pixels(Shape shape) {
    return shape.slice(2, shape.rank()).size();
  }

  /** (batch, rows, columns) to (batch, columns, rows). */
  private static void transpose(float[] from, int batch, int rows, int columns, float[] to) {
    int blocks = (columns + BLOCK - 1) / BLOCK;
    Parallel.run(
        batch * blocks,
        from.length,
        task -> {
          int at = task / blocks * rows * columns;
          int first = task % blocks * BLOCK;
          int end = Math.min(columns, first + BLOCK);
          for (int row = 0; row < rows; row += BLOCK) {
            int last = Math.min(rows, row + BLOCK);
            for (int column = first; column < end; column++) {
              for (int r = row; r < last; r++) {
                to[at + column * rows + r] = from[at + r * columns + column];
              }
            }
          }
        });
  }
}
