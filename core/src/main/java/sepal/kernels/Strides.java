package sepal.kernels;

import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;

/** How far apart neighbours lie in a dense batch of images, in either data format. */
record Strides(int image, int row, int column, int channel) {

  static Strides ofInput(ConvGeometry geometry) {
    return of(geometry.inputSize(), geometry.channels(), geometry.dataFormat());
  }

  static Strides ofOutput(ConvGeometry geometry) {
    return of(geometry.outputSize(), geometry.filters(), geometry.dataFormat());
  }

  private static Strides of(Dims size, int channels, DataFormat dataFormat) {
    int height = size.get(0);
    int width = size.get(1);
    return dataFormat == DataFormat.CHANNELS_LAST
        ? new Strides(height * width * channels, width * channels, channels, 1)
        : new Strides(height * width * channels, width, 1, height * width);
  }
}
