package sepal.keras;

import java.util.Arrays;
import sepal.shape.Shape;

/**
 * The extent of a dataset or an attribute.
 *
 * @param shape the sizes of the axes; none for a scalar
 * @param elements how many elements that makes, fewer than 2^31
 */
record Hdf5Space(Shape shape, long elements) {

  /** Reads a dataspace message. */
  static Hdf5Space read(Hdf5File file, Hdf5Cursor cursor) {
    int version = cursor.version("dataspace", 1, 2);
    int rank = cursor.u8();
    cursor.skip(1);
    boolean isNull = cursor.u8() == 2 && version == 2;
    cursor.skip(version == 1 ? 4 : 0);
    long[] dims = new long[rank];
    long elements = isNull ? 0 : 1;
    for (int i = 0; i < rank; i++) {
      dims[i] = cursor.length();
      if (dims[i] > Integer.MAX_VALUE) {
        throw tooLarge(file, dims);
      }
    }
    for (long dim : dims) {
      elements *= dim;
      if (elements > Integer.MAX_VALUE - 8) {
        throw tooLarge(file, dims);
      }
    }
    int[] sizes = new int[dims.length];
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = (int) dims[i];
    }
    return new Hdf5Space(Shape.of(sizes), elements);
  }

  private static RuntimeException tooLarge(Hdf5File file, long[] dims) {
    return file.damaged("an array of shape " + Arrays.toString(dims) + ", more than Java can hold");
  }
}
