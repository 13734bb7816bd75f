package sepal.kernels;

import sepal.shape.ConvGeometry;

/**
 * The taps of a window in a given order, as plain numbers: what {@link PlainForward} asks for each
 * pixel must be little work even before it is compiled.
 */
final class PlainTaps {
  final int count;
  final int newHeight;
  final int newWidth;
  final int width;
  private final int[] numbers;
  private final int[] rows;
  private final int[] columns;
  private final int height;
  private final int rowStride;
  private final int columnStride;
  private final Strides strides;

  /**
   * @param byColumns whether taps come column by column
   */
  PlainTaps(ConvGeometry geometry, boolean byColumns) {
    int windowHeight = geometry.window().size().get(0);
    int windowWidth = geometry.window().size().get(1);
    count = windowHeight * windowWidth;
    numbers = new int[count];
    rows = new int[count];
    columns = new int[count];
    for (int i = 0; i < count; i++) {
      int a = byColumns ? i % windowHeight : i / windowWidth;
      int b = byColumns ? i / windowHeight : i % windowWidth;
      numbers[i] = a * windowWidth + b;
      rows[i] = geometry.source(0, 0, a);
      columns[i] = geometry.source(1, 0, b);
    }
    newHeight = geometry.outputSize().get(0);
    newWidth = geometry.outputSize().get(1);
    height = geometry.inputSize().get(0);
    width = geometry.inputSize().get(1);
    rowStride = geometry.window().strides().get(0);
    columnStride = geometry.window().strides().get(1);
    strides = Strides.ofInput(geometry);
  }

  /** The number, row by row, of the {@code i}-th tap. */
  int number(int i) {
    return numbers[i];
  }

  /** Whether the {@code i}-th tap of an output reads a row of the input. */
  boolean isRowInside(int i, int oy) {
    int iy = oy * rowStride + rows[i];
    return iy >= 0 && iy < height;
  }

  /** The column of the input that the {@code i}-th tap of an output reads. */
  int column(int i, int ox) {
    return ox * columnStride + columns[i];
  }

  /** Where the {@code i}-th tap of an output reads an image, or -1 on padding. */
  int source(int i, int oy, int ox) {
    int iy = oy * rowStride + rows[i];
    int ix = ox * columnStride + columns[i];
    return iy < 0 || iy >= height || ix < 0 || ix >= width
        ? -1
        : iy * strides.row() + ix * strides.column();
  }

  /** Where the image of an output, counted over the batch, begins. */
  int image(int output) {
    return output / newWidth / newHeight * strides.image();
  }
}
