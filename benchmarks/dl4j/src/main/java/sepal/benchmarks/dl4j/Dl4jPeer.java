package sepal.benchmarks.dl4j;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Window;

/** DL4J: ND4J's {@code sconv2d} and ReLU, in both layouts, to memory that is kept. */
public final class Dl4jPeer implements Peer {
  @Override
  public String name() {
    return "DL4J 1.0.0-M2.1";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    Nd4j.getEnvironment().setMaxThreads(threads);
    Nd4j.getEnvironment().setMaxMasterThreads(threads);
    return List.of(new Run(data, true), new Run(data, false));
  }

  private static final class Run implements Prepared {
    private final LayerData data;
    private final boolean channelsLast;
    private final INDArray y;
    private final CustomOp convolution;
    private final CustomOp relu;

    Run(LayerData data, boolean channelsLast) {
      this.data = data;
      this.channelsLast = channelsLast;
      Workload workload = data.workload();
      Window window = workload.window();
      ConvGeometry geometry = data.geometry();
      int height = window.size().get(0);
      int width = window.size().get(1);
      Dims out = geometry.outputSize();
      INDArray x =
          channelsLast
              ? array(
                  data.x(), data.batch(), workload.height(), workload.width(), workload.channels())
              : array(
                  data.xChannelsFirst(),
                  data.batch(),
                  workload.channels(),
                  workload.height(),
                  workload.width());
      y =
          channelsLast
              ? Nd4j.create(data.batch(), out.get(0), out.get(1), workload.filters())
              : Nd4j.create(data.batch(), workload.filters(), out.get(0), out.get(1));
      convolution =
          DynamicCustomOp.builder("sconv2d")
              .addInputs(
                  x,
                  array(
                      data.depthwise(), height, width, workload.channels(), workload.multiplier()),
                  array(data.pointwise(), 1, 1, workload.between(), workload.filters()),
                  array(data.bias(), workload.filters()))
              .addIntegerArguments(
                  height,
                  width,
                  window.strides().get(0),
                  window.strides().get(1),
                  0,
                  0,
                  window.dilation().get(0),
                  window.dilation().get(1),
                  window.padding() == Padding.SAME ? 1 : 0,
                  channelsLast ? 1 : 0)
              .addOutputs(y)
              .build();
      relu =
          DynamicCustomOp.builder("relu")
              .addInputs(y)
              .addFloatingPointArguments(0.0)
              .addOutputs(y)
              .build();
    }

    private static INDArray array(float[] values, long... shape) {
      return Nd4j.create(values, shape, 'c');
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
      float[] values = y.dup('c').data().asFloat();
      return channelsLast ? values : data.outputChannelsLast(values);
    }
  }
}
