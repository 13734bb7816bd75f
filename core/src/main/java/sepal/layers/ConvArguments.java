package sepal.layers;

import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;

/** The arguments that the configurations of all convolutions have. */
interface ConvArguments extends LayerConfig {
  /** Taps of the window on each spatial axis. */
  Dims kernelSize();

  /** Steps between neighbouring outputs on each spatial axis. */
  Dims strides();

  /** The treatment of the border. */
  Padding padding();

  /** The order of the axes. */
  DataFormat dataFormat();

  /** Steps between neighbouring taps of the window on each spatial axis. */
  Dims dilationRate();

  /** The window that these arguments describe. */
  default Window window() {
    return new Window(kernelSize(), strides(), dilationRate(), padding());
  }
}
