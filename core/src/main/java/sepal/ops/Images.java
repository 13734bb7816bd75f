package sepal.ops;

import sepal.shape.DataFormat;
import sepal.shape.Shape;

/**
 * A batch of images as planes of pixels, in either data format.
 *
 * @param planes images with channels_last, images times channels with channels_first
 * @param height rows of a plane
 * @param width pixels of a row
 * @param depth numbers of a pixel: the channels with channels_last, 1 with channels_first
 */
record Images(int planes, int height, int width, int depth) {

  static Images of(Shape shape, DataFormat dataFormat) {
    return dataFormat == DataFormat.CHANNELS_LAST
        ? new Images(shape.get(0), shape.get(1), shape.get(2), shape.get(3))
        : new Images(shape.slice(0, 2).size(), shape.get(2), shape.get(3), 1);
  }

  int rowLength() {
    return width * depth;
  }
}
