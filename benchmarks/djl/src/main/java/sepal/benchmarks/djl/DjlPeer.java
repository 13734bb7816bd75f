package sepal.benchmarks.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Window;

/**
 * PyTorch through DJL, without gradients, on both layouts of its tensors. It pads both sides alike;
 * where Keras pads one more after than before, the images and the kernels are turned by half a
 * turn, which costs the same and gives the same numbers from the other end.
 */
public final class DjlPeer implements Peer {
  @Override
  public String name() {
    return "PyTorch " + Engine.getInstance().getVersion() + " (DJL)";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    JniUtils.setGradMode(false);
    JniUtils.setNumThreads(threads);
    return List.of(
        new Run(data, "channels_first", NDManager.newBaseManager(), false),
        new Run(data, "channels_last", NDManager.newBaseManager(), true));
  }

  private static final class Run implements Prepared {
    private final LayerData data;
    private final String mode;
    private final NDManager manager;
    private final boolean turned;
    private final NDArray x;
    private final NDArray depthwise;
    private final NDArray pointwise;
    private final NDArray bias;
    private final Shape strides;
    private final Shape dilation;
    private final Shape padding;
    private final Shape one = new Shape(1, 1);
    private final Shape none = new Shape(0, 0);

    Run(LayerData data, String mode, NDManager manager, boolean channelsLast) {
      this.data = data;
      this.mode = mode;
      this.manager = manager;
      Workload workload = data.workload();
      Window window = workload.window();
      turned = data.padBefore(0) != data.padAfter(0) || data.padBefore(1) != data.padAfter(1);
      strides = shape(window.strides());
      dilation = shape(window.dilation());
      padding = new Shape(data.padAfter(0), data.padAfter(1));
      x = channelsLast ? channelsLast() : channelsFirst();
      Shape kernel = new Shape(workload.between(), 1, window.size().get(0), window.size().get(1));
      NDArray weights = manager.create(data.depthwiseChannelsFirst(), kernel);
      depthwise = turned ? weights.flip(2, 3) : weights;
      pointwise =
          manager.create(
              data.pointwiseChannelsFirst(),
              new Shape(workload.filters(), workload.between(), 1, 1));
      bias = manager.create(data.bias());
    }

    private NDArray channelsFirst() {
      Workload workload = data.workload();
      Shape shape =
          new Shape(data.batch(), workload.channels(), workload.height(), workload.width());
      NDArray input = manager.create(data.xChannelsFirst(), shape);
      return turned ? input.flip(2, 3) : input;
    }

    /** Of the same shape; PyTorch tells the layout from the strides. */
    private NDArray channelsLast() {
      Workload workload = data.workload();
      Shape shape =
          new Shape(data.batch(), workload.height(), workload.width(), workload.channels());
      NDArray input = manager.create(data.x(), shape);
      return (turned ? input.flip(1, 2) : input).transpose(0, 3, 1, 2);
    }

    private static Shape shape(Dims dims) {
      return new Shape(dims.get(0), dims.get(1));
    }

    @Override
    public String mode() {
      return mode;
    }

    private NDArray compute() {
      int groups = data.workload().channels();
      try (NDArray between =
              Conv2d.conv2d(x, depthwise, null, strides, padding, dilation, groups)
                  .singletonOrThrow();
          NDArray sum =
              Conv2d.conv2d(between, pointwise, bias, one, none, one, 1).singletonOrThrow()) {
        return Activation.relu(sum);
      }
    }

    @Override
    public void run() {
      compute().close();
    }

    @Override
    public float[] output() {
      ConvGeometry geometry = data.geometry();
      try (NDArray y = compute()) {
        NDArray whole = turned ? y.flip(2, 3) : y;
        Dims size = geometry.outputSize();
        Shape expected = new Shape(data.batch(), geometry.filters(), size.get(0), size.get(1));
        return whole.getShape().equals(expected)
            ? whole.transpose(0, 2, 3, 1).toFloatArray()
            : new float[0];
      }
    }

    @Override
    public void close() {
      manager.close();
    }
  }
}
