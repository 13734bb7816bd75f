package sepal.ops;

import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Shape;
import sepal.shape.Window;
import sepal.tensor.Tensor;

/**
 * What works over height and width, made to work over depth, height and width: so volumes run on
 * the same kernels as images. Convolution and pooling are in float32.
 */
final class Volumes {
  private Volumes() {}

  /** A window over two axes. */
  interface Pool {
    Tensor apply(Tensor x, ConvGeometry geometry);
  }

  /** One convolution over images whose channels hold the taps along the depth. */
  static Tensor conv(
      Tensor x,
      Tensor kernel,
      @Nullable Tensor bias,
      Activation activation,
      int groups,
      ConvGeometry geometry) {
    DepthTaps taps = new DepthTaps(geometry, groups);
    Activation fused = activation.clamp() == null ? Activations.LINEAR : activation;
    Tensor y =
        ConvOp.forward(
            taps.gather(x),
            images(kernel),
            bias,
            fused,
            groups,
            planes(geometry, taps.imageChannels()));
    Tensor volumes = fromImages(y, geometry.output(), geometry.dataFormat());
    return fused == activation ? volumes : activation.apply(volumes);
  }

  /** The same backwards, without bias. */
  static Tensor convTranspose(Tensor x, Tensor kernel, ConvGeometry convolution) {
    DepthTaps taps = new DepthTaps(convolution, 1);
    Tensor images =
        ConvTransposeOp.forward(
            toImages(x, convolution.dataFormat()),
            images(kernel),
            null,
            planes(convolution, taps.imageChannels()));
    return taps.scatter(images);
  }

  /** First over height and width, then over the depth. */
  static Tensor pool(Tensor x, Pool pool, ConvGeometry geometry) {
    ConvGeometry planes = flat(geometry, true);
    ConvGeometry depths = flat(geometry, false);
    Tensor y = pool.apply(Ops.reshape(x, planes.input()), planes);
    y = pool.apply(Ops.reshape(y, depths.input()), depths);
    return Ops.reshape(y, geometry.output());
  }

  /** First height and width, then the depth. */
  static Tensor resize(Tensor x, Shape output, DataFormat dataFormat, Interpolation interpolation) {
    int first = dataFormat.firstSpatialAxis();
    Shape enlarged = output.with(first, x.shape().get(first));
    Tensor planes = Ops.reshape(x, planes(x.shape(), first));
    Tensor y = ResizeOp.forward(planes, planes(enlarged, first), dataFormat, interpolation);
    Tensor rows = Ops.reshape(y, rows(enlarged, first));
    y = ResizeOp.forward(rows, rows(output, first), dataFormat, interpolation);
    return Ops.reshape(y, output);
  }

  /** Volumes as images without a depth, which adds to the samples or the channels. */
  private static Shape planes(Shape volumes, int first) {
    return volumes
        .slice(0, first - 1)
        .concat(volumes.get(first - 1) * volumes.get(first))
        .concat(volumes.slice(first + 1, 5).toArray());
  }

  /** Volumes as images with a row for each depth. */
  private static Shape rows(Shape volumes, int first) {
    return volumes
        .slice(0, first + 1)
        .concat(volumes.get(first + 1) * volumes.get(first + 2))
        .concat(volumes.slice(first + 3, 5).toArray());
  }

  /** (kd, kh, kw, c, filters) as (kh, kw, kd * c, filters). */
  private static Tensor images(Tensor kernel) {
    Shape shape = kernel.shape();
    return Ops.reshape(
        Ops.transpose(kernel, 1, 2, 0, 3, 4),
        Shape.of(shape.get(1), shape.get(2), shape.get(0) * shape.get(3), shape.get(4)));
  }

  /** Images of all depths, in the order of the samples, as volumes. */
  private static Tensor fromImages(Tensor images, Shape volumes, DataFormat dataFormat) {
    if (dataFormat == DataFormat.CHANNELS_LAST) {
      return Ops.reshape(images, volumes);
    }
    Shape split =
        Shape.of(volumes.get(0), volumes.get(2), volumes.get(1), volumes.get(3), volumes.get(4));
    return Ops.transpose(Ops.reshape(images, split), 0, 2, 1, 3, 4);
  }

  /** The reverse. */
  private static Tensor toImages(Tensor x, DataFormat dataFormat) {
    Tensor split = dataFormat == DataFormat.CHANNELS_LAST ? x : Ops.transpose(x, 0, 2, 1, 3, 4);
    Shape shape = split.shape();
    return Ops.reshape(
        split, Shape.of(shape.get(0) * shape.get(1), shape.get(2), shape.get(3), shape.get(4)));
  }

  /** Height and width of a convolution, with an image for each depth of the output. */
  private static ConvGeometry planes(ConvGeometry geometry, int channels) {
    return new ConvGeometry(
        geometry.batch() * geometry.outputSize().get(0),
        plane(geometry.inputSize()),
        channels,
        plane(geometry.outputSize()),
        geometry.filters(),
        new Window(
            plane(geometry.window().size()),
            plane(geometry.window().strides()),
            plane(geometry.window().dilation()),
            geometry.window().padding()),
        plane(geometry.padBefore()),
        geometry.dataFormat());
  }

  private static Dims plane(Dims volume) {
    return Dims.of(volume.get(1), volume.get(2));
  }

  /**
   * One of the two steps of pooling, on images without a depth: they are more samples or channels,
   * or they are rows of as many pixels as an image has.
   */
  private static ConvGeometry flat(ConvGeometry geometry, boolean overPlanes) {
    boolean last = geometry.dataFormat() == DataFormat.CHANNELS_LAST;
    int depth = geometry.inputSize().get(0);
    Window window = geometry.window();
    if (overPlanes) {
      int channels = geometry.channels() * (last ? 1 : depth);
      return new ConvGeometry(
          geometry.batch() * (last ? depth : 1),
          plane(geometry.inputSize()),
          channels,
          plane(geometry.outputSize()),
          channels,
          new Window(
              plane(window.size()),
              plane(window.strides()),
              plane(window.dilation()),
              window.padding()),
          plane(geometry.padBefore()),
          geometry.dataFormat());
    }
    int pixels = plane(geometry.outputSize()).product();
    return new ConvGeometry(
        geometry.batch(),
        Dims.of(depth, pixels),
        geometry.channels(),
        Dims.of(geometry.outputSize().get(0), pixels),
        geometry.channels(),
        new Window(
            Dims.of(window.size().get(0), 1),
            Dims.of(window.strides().get(0), 1),
            Dims.fill(2, 1),
            window.padding()),
        Dims.of(geometry.padBefore().get(0), 0),
        geometry.dataFormat());
  }
}
