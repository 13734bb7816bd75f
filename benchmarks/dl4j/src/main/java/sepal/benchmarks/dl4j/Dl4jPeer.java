package sepal.benchmarks.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.LayerGradients;
import sepal.benchmarks.TrainingPeer;
import sepal.kernels.Workload;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;

/**
 * DL4J: ND4J's {@code sconv2d} and ReLU, or these and their gradients, in both layouts, to memory
 * that is kept.
 */
public final class Dl4jPeer implements TrainingPeer {
  @Override
  public String name() {
    return "DL4J 1.0.0-M2.1";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    prepare(threads);
    return List.of(new Run(data, true), new Run(data, false));
  }

  @Override
  public List<Trained> prepareTraining(LayerData data, int threads) {
    prepare(threads);
    return List.of(new Training(data, true), new Training(data, false));
  }

  private static void prepare(int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
  }

  private static class Run implements Prepared {
    final LayerData data;
    final boolean channelsLast;
    final INDArray x;
    final INDArray depthwise;
    final INDArray pointwise;
    final INDArray bias;
    final INDArray y;
    private final CustomOp convolution;
    private final CustomOp relu;

    Run(LayerData data, boolean channelsLast) {
      this.data = data;
      this.channelsLast = channelsLast;
      Workload workload = data.workload();
      Dims kernel = workload.window().size();
      Dims size = Dims.of(workload.height(), workload.width());
      Dims out = data.geometry().outputSize();
      x = images(channelsLast ? data.x() : data.xChannelsFirst(), size, workload.channels());
      depthwise =
          Nd4j.create(
              data.depthwise(),
              new long[] {kernel.get(0), kernel.get(1), workload.channels(), workload.multiplier()},
              'c');
      pointwise =
          Nd4j.create(
              data.pointwise(), new long[] {1, 1, workload.between(), workload.filters()}, 'c');
      bias = Nd4j.create(data.bias(), new long[] {workload.filters()}, 'c');
      y = images(new float[data.geometry().output().size()], out, workload.filters());
      convolution =
          convolution("sconv2d").addInputs(x, depthwise, pointwise, bias).addOutputs(y).build();
      relu =
          DynamicCustomOp.builder("relu")
              .addInputs(y)
              .addFloatingPointArguments(0.0)
              .addOutputs(y)
              .build();
    }

    final INDArray images(float[] values, Dims size, int channels) {
      long[] shape =
          channelsLast
              ? new long[] {data.batch(), size.get(0), size.get(1), channels}
              : new long[] {data.batch(), channels, size.get(0), size.get(1)};
      return Nd4j.create(values, shape, 'c');
    }

    final DynamicCustomOp.DynamicCustomOpsBuilder convolution(String name) {
      Window window = data.workload().window();
      return DynamicCustomOp.builder(name)
          .addIntegerArguments(
              window.size().get(0),
              window.size().get(1),
              window.strides().get(0),
              window.strides().get(1),
              0,
              0,
              window.dilation().get(0),
              window.dilation().get(1),
              window.padding() == Padding.SAME ? 1 : 0,
              channelsLast ? 1 : 0);
    }

    @Override
    public String mode() {
      return channelsLast ? "channels_last" : "channels_first";
    }

    @Override
    public void run() {
      Nd4j.exec(convolution);
      Nd4j.exec(relu);
    }

    @Override
    public float[] output() {
      float[] values = values(y);
      return channelsLast ? values : data.outputChannelsLast(values);
    }

    static float[] values(INDArray array) {
      return array.dup('c').data().asFloat();
    }
  }

  private static final class Training extends Run implements Trained {
    private final INDArray dx;
    private final INDArray dDepthwise;
    private final INDArray dPointwise;
    private final INDArray dBias;
    private final CustomOp reluBackward;
    private final CustomOp convolutionBackward;

    Training(LayerData data, boolean channelsLast) {
      super(data, channelsLast);
      INDArray g =
          images(
              channelsLast ? data.g() : data.gChannelsFirst(),
              data.geometry().outputSize(),
              data.workload().filters());
      INDArray dSum = y.like();
      dx = x.like();
      dDepthwise = depthwise.like();
      dPointwise = pointwise.like();
      dBias = bias.like();
      reluBackward =
          DynamicCustomOp.builder("relu_bp")
              .addInputs(y, g) // of the output, which has the sign of what was before it
              .addFloatingPointArguments(0.0)
              .addOutputs(dSum)
              .build();
      convolutionBackward =
          convolution("sconv2d_bp")
              .addInputs(x, dSum, depthwise, pointwise, bias)
              .addOutputs(dx, dDepthwise, dPointwise, dBias)
              .build();
    }

    @Override
    public void run() {
      super.run();
      Nd4j.exec(reluBackward);
      Nd4j.exec(convolutionBackward);
    }

    @Override
    public LayerGradients gradients() {
      float[] values = values(dx);
      return new LayerGradients(
          channelsLast ? values : data.inputChannelsLast(values),
          values(dDepthwise),
          values(dPointwise),
          values(dBias));
    }
  }
}
