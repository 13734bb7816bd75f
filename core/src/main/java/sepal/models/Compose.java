package sepal.models;

import java.util.function.Consumer;
import sepal.layers.Conv1D;
import sepal.layers.Conv1DTranspose;
import sepal.layers.Conv2D;
import sepal.layers.Conv2DTranspose;
import sepal.layers.Conv3D;
import sepal.layers.Conv3DTranspose;
import sepal.layers.ConvLSTM2D;
import sepal.layers.Cropping1D;
import sepal.layers.Cropping2D;
import sepal.layers.Cropping3D;
import sepal.layers.DepthwiseConv1D;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.SeparableConv1D;
import sepal.layers.SeparableConv2D;
import sepal.layers.UpSampling1D;
import sepal.layers.UpSampling2D;
import sepal.layers.UpSampling3D;
import sepal.layers.ZeroPadding1D;
import sepal.layers.ZeroPadding2D;
import sepal.layers.ZeroPadding3D;
import sepal.tensor.Tensor;

/**
 * Layers in the manner of Keras for R, where a function makes a layer and composes it with what
 * comes first: {@code model %>% layer_separable_conv_2d(32, 3)}.
 *
 * <p>Without an object it returns the new layer; with a {@link Sequential} model it adds the layer
 * and returns that model; with a tensor, symbolic or not, it returns the output of the layer. The
 * compiler knows which.
 *
 * <pre>{@code
 * Sequential model = Compose.separableConv2d(new Sequential(), 32, 3, o -> o.inputShape(9, 9, 3));
 * KerasTensor output = Compose.separableConv2d(Input.of(9, 9, 3), 32, 3, o -> {});
 * }</pre>
 *
 * <p>Every other layer composes by {@code with}: {@code Compose.with(model, new Dense(10))}.
 *
 * @see "Keras for R 2, layer_separable_conv_2d and its siblings"
 */
public final class Compose {
  private Compose() {}

  /**
   * Adds a layer to a model.
   *
   * @return the model itself
   * @throws IllegalArgumentException if the layer does not fit the model
   */
  public static Sequential with(Sequential object, Layer layer) {
    return object.add(layer);
  }

  /**
   * The symbolic output of a layer.
   *
   * @throws IllegalArgumentException if the shape does not suit the layer
   */
  public static KerasTensor with(KerasTensor object, Layer layer) {
    return layer.apply(object);
  }

  /**
   * The output of a layer.
   *
   * @throws IllegalArgumentException if the shape does not suit the layer
   */
  public static Tensor with(Tensor object, Layer layer) {
    return layer.apply(object);
  }

  // ---- SeparableConv2D

  /**
   * A new {@link SeparableConv2D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static SeparableConv2D separableConv2d(
      int filters, int kernelSize, Consumer<SeparableConv2D.Options> options) {
    return new SeparableConv2D(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link SeparableConv2D} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential separableConv2d(
      Sequential object, int filters, int kernelSize, Consumer<SeparableConv2D.Options> options) {
    return with(object, new SeparableConv2D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link SeparableConv2D}; otherwise as without an object. */
  public static KerasTensor separableConv2d(
      KerasTensor object, int filters, int kernelSize, Consumer<SeparableConv2D.Options> options) {
    return with(object, new SeparableConv2D(filters, kernelSize, options));
  }

  /** The output of a new {@link SeparableConv2D}; otherwise as without an object. */
  public static Tensor separableConv2d(
      Tensor object, int filters, int kernelSize, Consumer<SeparableConv2D.Options> options) {
    return with(object, new SeparableConv2D(filters, kernelSize, options));
  }

  // ---- SeparableConv1D

  /**
   * A new {@link SeparableConv1D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static SeparableConv1D separableConv1d(
      int filters, int kernelSize, Consumer<SeparableConv1D.Options> options) {
    return new SeparableConv1D(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link SeparableConv1D} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential separableConv1d(
      Sequential object, int filters, int kernelSize, Consumer<SeparableConv1D.Options> options) {
    return with(object, new SeparableConv1D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link SeparableConv1D}; otherwise as without an object. */
  public static KerasTensor separableConv1d(
      KerasTensor object, int filters, int kernelSize, Consumer<SeparableConv1D.Options> options) {
    return with(object, new SeparableConv1D(filters, kernelSize, options));
  }

  /** The output of a new {@link SeparableConv1D}; otherwise as without an object. */
  public static Tensor separableConv1d(
      Tensor object, int filters, int kernelSize, Consumer<SeparableConv1D.Options> options) {
    return with(object, new SeparableConv1D(filters, kernelSize, options));
  }

  // ---- Conv2D

  /**
   * A new {@link Conv2D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv2D conv2d(int filters, int kernelSize, Consumer<Conv2D.Options> options) {
    return new Conv2D(filters, kernelSize, options);
  }

  /** Adds a new {@link Conv2D} to a model, which is returned; otherwise as without an object. */
  public static Sequential conv2d(
      Sequential object, int filters, int kernelSize, Consumer<Conv2D.Options> options) {
    return with(object, new Conv2D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv2D}; otherwise as without an object. */
  public static KerasTensor conv2d(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv2D.Options> options) {
    return with(object, new Conv2D(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv2D}; otherwise as without an object. */
  public static Tensor conv2d(
      Tensor object, int filters, int kernelSize, Consumer<Conv2D.Options> options) {
    return with(object, new Conv2D(filters, kernelSize, options));
  }

  // ---- ConvLSTM2D

  /**
   * A new {@link ConvLSTM2D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static ConvLSTM2D convLstm2d(
      int filters, int kernelSize, Consumer<ConvLSTM2D.Options> options) {
    return new ConvLSTM2D(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link ConvLSTM2D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential convLstm2d(
      Sequential object, int filters, int kernelSize, Consumer<ConvLSTM2D.Options> options) {
    return with(object, new ConvLSTM2D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link ConvLSTM2D}; otherwise as without an object. */
  public static KerasTensor convLstm2d(
      KerasTensor object, int filters, int kernelSize, Consumer<ConvLSTM2D.Options> options) {
    return with(object, new ConvLSTM2D(filters, kernelSize, options));
  }

  /** The output of a new {@link ConvLSTM2D}; otherwise as without an object. */
  public static Tensor convLstm2d(
      Tensor object, int filters, int kernelSize, Consumer<ConvLSTM2D.Options> options) {
    return with(object, new ConvLSTM2D(filters, kernelSize, options));
  }

  // ---- Conv3D

  /**
   * A new {@link Conv3D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv3D conv3d(int filters, int kernelSize, Consumer<Conv3D.Options> options) {
    return new Conv3D(filters, kernelSize, options);
  }

  /** Adds a new {@link Conv3D} to a model, which is returned; otherwise as without an object. */
  public static Sequential conv3d(
      Sequential object, int filters, int kernelSize, Consumer<Conv3D.Options> options) {
    return with(object, new Conv3D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv3D}; otherwise as without an object. */
  public static KerasTensor conv3d(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv3D.Options> options) {
    return with(object, new Conv3D(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv3D}; otherwise as without an object. */
  public static Tensor conv3d(
      Tensor object, int filters, int kernelSize, Consumer<Conv3D.Options> options) {
    return with(object, new Conv3D(filters, kernelSize, options));
  }

  // ---- Conv3DTranspose

  /**
   * A new {@link Conv3DTranspose}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize depth, height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv3DTranspose conv3dTranspose(
      int filters, int kernelSize, Consumer<Conv3DTranspose.Options> options) {
    return new Conv3DTranspose(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link Conv3DTranspose} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential conv3dTranspose(
      Sequential object, int filters, int kernelSize, Consumer<Conv3DTranspose.Options> options) {
    return with(object, new Conv3DTranspose(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv3DTranspose}; otherwise as without an object. */
  public static KerasTensor conv3dTranspose(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv3DTranspose.Options> options) {
    return with(object, new Conv3DTranspose(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv3DTranspose}; otherwise as without an object. */
  public static Tensor conv3dTranspose(
      Tensor object, int filters, int kernelSize, Consumer<Conv3DTranspose.Options> options) {
    return with(object, new Conv3DTranspose(filters, kernelSize, options));
  }

  // ---- Conv2DTranspose

  /**
   * A new {@link Conv2DTranspose}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv2DTranspose conv2dTranspose(
      int filters, int kernelSize, Consumer<Conv2DTranspose.Options> options) {
    return new Conv2DTranspose(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link Conv2DTranspose} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential conv2dTranspose(
      Sequential object, int filters, int kernelSize, Consumer<Conv2DTranspose.Options> options) {
    return with(object, new Conv2DTranspose(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv2DTranspose}; otherwise as without an object. */
  public static KerasTensor conv2dTranspose(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv2DTranspose.Options> options) {
    return with(object, new Conv2DTranspose(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv2DTranspose}; otherwise as without an object. */
  public static Tensor conv2dTranspose(
      Tensor object, int filters, int kernelSize, Consumer<Conv2DTranspose.Options> options) {
    return with(object, new Conv2DTranspose(filters, kernelSize, options));
  }

  // ---- Conv1D

  /**
   * A new {@link Conv1D}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv1D conv1d(int filters, int kernelSize, Consumer<Conv1D.Options> options) {
    return new Conv1D(filters, kernelSize, options);
  }

  /** Adds a new {@link Conv1D} to a model, which is returned; otherwise as without an object. */
  public static Sequential conv1d(
      Sequential object, int filters, int kernelSize, Consumer<Conv1D.Options> options) {
    return with(object, new Conv1D(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv1D}; otherwise as without an object. */
  public static KerasTensor conv1d(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv1D.Options> options) {
    return with(object, new Conv1D(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv1D}; otherwise as without an object. */
  public static Tensor conv1d(
      Tensor object, int filters, int kernelSize, Consumer<Conv1D.Options> options) {
    return with(object, new Conv1D(filters, kernelSize, options));
  }

  // ---- Conv1DTranspose

  /**
   * A new {@link Conv1DTranspose}.
   *
   * @param filters channels of the output, at least 1
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Conv1DTranspose conv1dTranspose(
      int filters, int kernelSize, Consumer<Conv1DTranspose.Options> options) {
    return new Conv1DTranspose(filters, kernelSize, options);
  }

  /**
   * Adds a new {@link Conv1DTranspose} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential conv1dTranspose(
      Sequential object, int filters, int kernelSize, Consumer<Conv1DTranspose.Options> options) {
    return with(object, new Conv1DTranspose(filters, kernelSize, options));
  }

  /** The symbolic output of a new {@link Conv1DTranspose}; otherwise as without an object. */
  public static KerasTensor conv1dTranspose(
      KerasTensor object, int filters, int kernelSize, Consumer<Conv1DTranspose.Options> options) {
    return with(object, new Conv1DTranspose(filters, kernelSize, options));
  }

  /** The output of a new {@link Conv1DTranspose}; otherwise as without an object. */
  public static Tensor conv1dTranspose(
      Tensor object, int filters, int kernelSize, Consumer<Conv1DTranspose.Options> options) {
    return with(object, new Conv1DTranspose(filters, kernelSize, options));
  }

  // ---- DepthwiseConv2D

  /**
   * A new {@link DepthwiseConv2D}.
   *
   * @param kernelSize height and width of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static DepthwiseConv2D depthwiseConv2d(
      int kernelSize, Consumer<DepthwiseConv2D.Options> options) {
    return new DepthwiseConv2D(kernelSize, options);
  }

  /**
   * Adds a new {@link DepthwiseConv2D} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential depthwiseConv2d(
      Sequential object, int kernelSize, Consumer<DepthwiseConv2D.Options> options) {
    return with(object, new DepthwiseConv2D(kernelSize, options));
  }

  /** The symbolic output of a new {@link DepthwiseConv2D}; otherwise as without an object. */
  public static KerasTensor depthwiseConv2d(
      KerasTensor object, int kernelSize, Consumer<DepthwiseConv2D.Options> options) {
    return with(object, new DepthwiseConv2D(kernelSize, options));
  }

  /** The output of a new {@link DepthwiseConv2D}; otherwise as without an object. */
  public static Tensor depthwiseConv2d(
      Tensor object, int kernelSize, Consumer<DepthwiseConv2D.Options> options) {
    return with(object, new DepthwiseConv2D(kernelSize, options));
  }

  // ---- DepthwiseConv1D

  /**
   * A new {@link DepthwiseConv1D}.
   *
   * @param kernelSize length of the window, at least 1
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static DepthwiseConv1D depthwiseConv1d(
      int kernelSize, Consumer<DepthwiseConv1D.Options> options) {
    return new DepthwiseConv1D(kernelSize, options);
  }

  /**
   * Adds a new {@link DepthwiseConv1D} to a model, which is returned; otherwise as without an
   * object.
   */
  public static Sequential depthwiseConv1d(
      Sequential object, int kernelSize, Consumer<DepthwiseConv1D.Options> options) {
    return with(object, new DepthwiseConv1D(kernelSize, options));
  }

  /** The symbolic output of a new {@link DepthwiseConv1D}; otherwise as without an object. */
  public static KerasTensor depthwiseConv1d(
      KerasTensor object, int kernelSize, Consumer<DepthwiseConv1D.Options> options) {
    return with(object, new DepthwiseConv1D(kernelSize, options));
  }

  /** The output of a new {@link DepthwiseConv1D}; otherwise as without an object. */
  public static Tensor depthwiseConv1d(
      Tensor object, int kernelSize, Consumer<DepthwiseConv1D.Options> options) {
    return with(object, new DepthwiseConv1D(kernelSize, options));
  }

  // ---- Cropping1D

  /**
   * A new {@link Cropping1D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Cropping1D cropping1d(Consumer<Cropping1D.Options> options) {
    return new Cropping1D(options);
  }

  /**
   * Adds a new {@link Cropping1D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential cropping1d(Sequential object, Consumer<Cropping1D.Options> options) {
    return with(object, new Cropping1D(options));
  }

  /** The symbolic output of a new {@link Cropping1D}; otherwise as without an object. */
  public static KerasTensor cropping1d(KerasTensor object, Consumer<Cropping1D.Options> options) {
    return with(object, new Cropping1D(options));
  }

  /** The output of a new {@link Cropping1D}; otherwise as without an object. */
  public static Tensor cropping1d(Tensor object, Consumer<Cropping1D.Options> options) {
    return with(object, new Cropping1D(options));
  }

  // ---- Cropping2D

  /**
   * A new {@link Cropping2D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Cropping2D cropping2d(Consumer<Cropping2D.Options> options) {
    return new Cropping2D(options);
  }

  /**
   * Adds a new {@link Cropping2D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential cropping2d(Sequential object, Consumer<Cropping2D.Options> options) {
    return with(object, new Cropping2D(options));
  }

  /** The symbolic output of a new {@link Cropping2D}; otherwise as without an object. */
  public static KerasTensor cropping2d(KerasTensor object, Consumer<Cropping2D.Options> options) {
    return with(object, new Cropping2D(options));
  }

  /** The output of a new {@link Cropping2D}; otherwise as without an object. */
  public static Tensor cropping2d(Tensor object, Consumer<Cropping2D.Options> options) {
    return with(object, new Cropping2D(options));
  }

  // ---- Cropping3D

  /**
   * A new {@link Cropping3D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static Cropping3D cropping3d(Consumer<Cropping3D.Options> options) {
    return new Cropping3D(options);
  }

  /**
   * Adds a new {@link Cropping3D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential cropping3d(Sequential object, Consumer<Cropping3D.Options> options) {
    return with(object, new Cropping3D(options));
  }

  /** The symbolic output of a new {@link Cropping3D}; otherwise as without an object. */
  public static KerasTensor cropping3d(KerasTensor object, Consumer<Cropping3D.Options> options) {
    return with(object, new Cropping3D(options));
  }

  /** The output of a new {@link Cropping3D}; otherwise as without an object. */
  public static Tensor cropping3d(Tensor object, Consumer<Cropping3D.Options> options) {
    return with(object, new Cropping3D(options));
  }

  // ---- UpSampling1D

  /**
   * A new {@link UpSampling1D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static UpSampling1D upSampling1d(Consumer<UpSampling1D.Options> options) {
    return new UpSampling1D(options);
  }

  /**
   * Adds a new {@link UpSampling1D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential upSampling1d(Sequential object, Consumer<UpSampling1D.Options> options) {
    return with(object, new UpSampling1D(options));
  }

  /** The symbolic output of a new {@link UpSampling1D}; otherwise as without an object. */
  public static KerasTensor upSampling1d(
      KerasTensor object, Consumer<UpSampling1D.Options> options) {
    return with(object, new UpSampling1D(options));
  }

  /** The output of a new {@link UpSampling1D}; otherwise as without an object. */
  public static Tensor upSampling1d(Tensor object, Consumer<UpSampling1D.Options> options) {
    return with(object, new UpSampling1D(options));
  }

  // ---- UpSampling2D

  /**
   * A new {@link UpSampling2D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static UpSampling2D upSampling2d(Consumer<UpSampling2D.Options> options) {
    return new UpSampling2D(options);
  }

  /**
   * Adds a new {@link UpSampling2D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential upSampling2d(Sequential object, Consumer<UpSampling2D.Options> options) {
    return with(object, new UpSampling2D(options));
  }

  /** The symbolic output of a new {@link UpSampling2D}; otherwise as without an object. */
  public static KerasTensor upSampling2d(
      KerasTensor object, Consumer<UpSampling2D.Options> options) {
    return with(object, new UpSampling2D(options));
  }

  /** The output of a new {@link UpSampling2D}; otherwise as without an object. */
  public static Tensor upSampling2d(Tensor object, Consumer<UpSampling2D.Options> options) {
    return with(object, new UpSampling2D(options));
  }

  // ---- UpSampling3D

  /**
   * A new {@link UpSampling3D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static UpSampling3D upSampling3d(Consumer<UpSampling3D.Options> options) {
    return new UpSampling3D(options);
  }

  /**
   * Adds a new {@link UpSampling3D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential upSampling3d(Sequential object, Consumer<UpSampling3D.Options> options) {
    return with(object, new UpSampling3D(options));
  }

  /** The symbolic output of a new {@link UpSampling3D}; otherwise as without an object. */
  public static KerasTensor upSampling3d(
      KerasTensor object, Consumer<UpSampling3D.Options> options) {
    return with(object, new UpSampling3D(options));
  }

  /** The output of a new {@link UpSampling3D}; otherwise as without an object. */
  public static Tensor upSampling3d(Tensor object, Consumer<UpSampling3D.Options> options) {
    return with(object, new UpSampling3D(options));
  }

  // ---- ZeroPadding1D

  /**
   * A new {@link ZeroPadding1D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static ZeroPadding1D zeroPadding1d(Consumer<ZeroPadding1D.Options> options) {
    return new ZeroPadding1D(options);
  }

  /**
   * Adds a new {@link ZeroPadding1D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential zeroPadding1d(
      Sequential object, Consumer<ZeroPadding1D.Options> options) {
    return with(object, new ZeroPadding1D(options));
  }

  /** The symbolic output of a new {@link ZeroPadding1D}; otherwise as without an object. */
  public static KerasTensor zeroPadding1d(
      KerasTensor object, Consumer<ZeroPadding1D.Options> options) {
    return with(object, new ZeroPadding1D(options));
  }

  /** The output of a new {@link ZeroPadding1D}; otherwise as without an object. */
  public static Tensor zeroPadding1d(Tensor object, Consumer<ZeroPadding1D.Options> options) {
    return with(object, new ZeroPadding1D(options));
  }

  // ---- ZeroPadding2D

  /**
   * A new {@link ZeroPadding2D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static ZeroPadding2D zeroPadding2d(Consumer<ZeroPadding2D.Options> options) {
    return new ZeroPadding2D(options);
  }

  /**
   * Adds a new {@link ZeroPadding2D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential zeroPadding2d(
      Sequential object, Consumer<ZeroPadding2D.Options> options) {
    return with(object, new ZeroPadding2D(options));
  }

  /** The symbolic output of a new {@link ZeroPadding2D}; otherwise as without an object. */
  public static KerasTensor zeroPadding2d(
      KerasTensor object, Consumer<ZeroPadding2D.Options> options) {
    return with(object, new ZeroPadding2D(options));
  }

  /** The output of a new {@link ZeroPadding2D}; otherwise as without an object. */
  public static Tensor zeroPadding2d(Tensor object, Consumer<ZeroPadding2D.Options> options) {
    return with(object, new ZeroPadding2D(options));
  }

  // ---- ZeroPadding3D

  /**
   * A new {@link ZeroPadding3D}.
   *
   * @param options sets optional arguments
   * @throws IllegalArgumentException if an argument is out of range
   */
  public static ZeroPadding3D zeroPadding3d(Consumer<ZeroPadding3D.Options> options) {
    return new ZeroPadding3D(options);
  }

  /**
   * Adds a new {@link ZeroPadding3D} to a model, which is returned; otherwise as without an object.
   */
  public static Sequential zeroPadding3d(
      Sequential object, Consumer<ZeroPadding3D.Options> options) {
    return with(object, new ZeroPadding3D(options));
  }

  /** The symbolic output of a new {@link ZeroPadding3D}; otherwise as without an object. */
  public static KerasTensor zeroPadding3d(
      KerasTensor object, Consumer<ZeroPadding3D.Options> options) {
    return with(object, new ZeroPadding3D(options));
  }

  /** The output of a new {@link ZeroPadding3D}; otherwise as without an object. */
  public static Tensor zeroPadding3d(Tensor object, Consumer<ZeroPadding3D.Options> options) {
    return with(object, new ZeroPadding3D(options));
  }
}
