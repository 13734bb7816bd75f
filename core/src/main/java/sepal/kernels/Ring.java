package sepal.kernels;

import java.util.Arrays;

/**
 * The latest rows of an image, each with zeros at both ends, and one row of zeros for those outside
 * of the image.
 *
 * @param rows how many rows are kept
 * @param length values of a row
 */
record Ring(float[] data, int rows, int length) {

  static int size(int rows, int length) {
    return (rows + 1) * length;
  }

  Ring {
    Arrays.fill(data, rows * length, (rows + 1) * length, 0);
  }

  /** Where row {@code row} lies. */
  int at(int row) {
    return row % rows * length;
  }

  /** Where a row of zeros lies. */
  int zeros() {
    return rows * length;
  }
}
