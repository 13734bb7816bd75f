package sepal.ops;

import sepal.shape.DataFormat;
import sepal.shape.Shape;

/**
 * A batch of images as planes of pixels, in either data format; sequences are images with a height
 * of one.
 *
 * @param planes images with channels_last, images times channels with channels_first
 * @param height rows of a plane
 * @param width pixels of a row
 * @param depth numbers of a pixel: the channels with channels_last, 1 with channels_first
 */
record Images(int planes, int height, int width, int depth) {

  static Images of(Shape shape, DataFormat dataFormat) {
    if (shape.rank() == 3) {
      int first = dataFormat.firstSpatialAxis();
      return of(
          shape.slice(0, first).concat(1).concat(shape.slice(first, 3).toArray()), dataFormat);
    }
    return dataFormat == DataFormat.CHANNELS_LAST
        ? new Images(shape.get(0), shape.get(1), shape.get(2), shape.get(3))
        : new Images(shape.slice(0, 2).size(), shape.get(2), shape.get(3), 1);
  }

  int rowLength() {
    return width * depth;
  }
}
