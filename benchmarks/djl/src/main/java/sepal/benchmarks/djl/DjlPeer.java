package sepal.benchmarks.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.List;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.LayerGradients;
import sepal.benchmarks.TrainingPeer;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Window;

/**
 * PyTorch through DJL, on both layouts of its tensors; without gradients, or with those of its own
 * tape. It pads both sides alike; where Keras pads one more after than before, the images and the
 * kernels are turned by half a turn, which costs the same and gives the same numbers from the other
 * end.
 */
public final class DjlPeer implements TrainingPeer {
  @Override
  public String name() {
    return "PyTorch " + Engine.getInstance().getVersion() + " (DJL)";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    JniUtils.setGradMode(false);
    JniUtils.setNumThreads(threads);
    return List.of(new Run(data, "channels_first", false), new Run(data, "channels_last", true));
  }

  @Override
  public List<Trained> prepareTraining(LayerData data, int threads) {
    JniUtils.setGradMode(true);
    JniUtils.setNumThreads(threads);
    return List.of(
        new Training(data, "channels_first", false), new Training(data, "channels_last", true));
  }

  private static class Run implements Prepared {
    final LayerData data;
    private final String mode;
    private final NDManager manager = NDManager.newBaseManager();
    private final boolean channelsLast;
    final boolean turned;
    final NDArray x;
    final NDArray depthwise;
    final NDArray pointwise;
    final NDArray bias;
    private final Shape strides;
    private final Shape dilation;
    private final Shape padding;
    private final Shape one = new Shape(1, 1);
    private final Shape none = new Shape(0, 0);

    Run(LayerData data, String mode, boolean channelsLast) {
      this.data = data;
      this.mode = mode;
      this.channelsLast = channelsLast;
      Workload workload = data.workload();
      Window window = workload.window();
      turned = data.padBefore(0) != data.padAfter(0) || data.padBefore(1) != data.padAfter(1);
      strides = shape(window.strides());
      dilation = shape(window.dilation());
      padding = new Shape(data.padAfter(0), data.padAfter(1));
      Dims size = Dims.of(workload.height(), workload.width());
      x = images(data.x(), data.xChannelsFirst(), size, workload.channels());
      Shape kernel = new Shape(workload.between(), 1, window.size().get(0), window.size().get(1));
      depthwise = turn(manager.create(data.depthwiseChannelsFirst(), kernel));
      pointwise =
          manager.create(
              data.pointwiseChannelsFirst(),
              new Shape(workload.filters(), workload.between(), 1, 1));
      bias = manager.create(data.bias());
    }

    /** Of shape (batch, channels, h, w) in any case; PyTorch tells the layout from the strides. */
    final NDArray images(float[] last, float[] first, Dims size, int channels) {
      int height = size.get(0);
      int width = size.get(1);
      NDArray values =
          channelsLast
              ? manager.create(last, new Shape(data.batch(), height, width, channels))
              : manager.create(first, new Shape(data.batch(), channels, height, width));
      return channelsLast
          ? (turned ? values.flip(1, 2) : values).transpose(0, 3, 1, 2)
          : turn(values);
    }

    /** Height and width last. */
    final NDArray turn(NDArray values) {
      return turned ? values.flip(2, 3) : values;
    }

    private static Shape shape(Dims dims) {
      return new Shape(dims.get(0), dims.get(1));
    }

    @Override
    public String mode() {
      return mode;
    }

    final NDArray compute(NDArray input, NDArray first, NDArray second, NDArray added) {
      int groups = data.workload().channels();
      try (NDArray between =
              Conv2d.conv2d(input, first, null, strides, padding, dilation, groups)
                  .singletonOrThrow();
          NDArray sum =
              Conv2d.conv2d(between, second, added, one, none, one, 1).singletonOrThrow()) {
        return Activation.relu(sum);
      }
    }

    NDArray compute() {
      return compute(x, depthwise, pointwise, bias);
    }

    @Override
    public void run() {
      compute().close();
    }

    @Override
    public float[] output() {
      ConvGeometry geometry = data.geometry();
      try (NDArray y = compute()) {
        Dims size = geometry.outputSize();
        Shape expected = new Shape(data.batch(), geometry.filters(), size.get(0), size.get(1));
        return y.getShape().equals(expected) ? channelsLast(y) : new float[0];
      }
    }

    final float[] channelsLast(NDArray values) {
      return turn(values).transpose(0, 2, 3, 1).toFloatArray();
    }

    @Override
    public void close() {
      manager.close();
    }
  }

  private static final class Training extends Run implements Trained {
    private final NDArray g;
    private List<NDArray> gradients = List.of();

    Training(LayerData data, String mode, boolean channelsLast) {
      super(data, mode, channelsLast);
      g =
          images(
              data.g(),
              data.gChannelsFirst(),
              data.geometry().outputSize(),
              data.workload().filters());
    }

    /** The same values with no gradient yet, or the new one would be added to the old. */
    private static NDArray fresh(NDArray values) {
      NDArray fresh = values.stopGradient();
      fresh.setRequiresGradient(true);
      return fresh;
    }

    @Override
    public void run() {
      gradients.forEach(NDArray::close);
      List<NDArray> given = List.of(fresh(x), fresh(depthwise), fresh(pointwise), fresh(bias));
      try (NDArray y = compute(given.get(0), given.get(1), given.get(2), given.get(3))) {
        JniUtils.backward((PtNDArray) y, (PtNDArray) g, false, false);
      }
      gradients = given.stream().map(NDArray::getGradient).toList();
      given.forEach(NDArray::close);
    }

    @Override
    public LayerGradients gradients() {
      return new LayerGradients(
          channelsLast(gradients.get(0)),
          turn(gradients.get(1)).transpose(2, 3, 1, 0).toFloatArray(),
          gradients.get(2).transpose(2, 3, 1, 0).toFloatArray(),
          gradients.get(3).toFloatArray());
    }
  }
}
