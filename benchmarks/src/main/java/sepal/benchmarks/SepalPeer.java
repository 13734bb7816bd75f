package sepal.benchmarks;

import java.util.List;
import sepal.kernels.Clamp;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.PackedKernel;
import sepal.kernels.Parallel;
import sepal.shape.ConvGeometry;
import sepal.tensor.Tensor;

/** Sepal itself, under the rules of its peers. */
public final class SepalPeer implements Peer {
  @Override
  public String name() {
    return "Sepal (" + KernelChoice.kernels().description() + ")";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    Parallel.setThreads(threads);
    Kernels kernels = KernelChoice.kernels();
    ConvGeometry geometry = data.geometry();
    int between = data.workload().between();
    PackedKernel pointwise =
        kernels.pack(data.pointwise(), between, geometry.filters(), 1, geometry.dataFormat());
    float[] y = new float[geometry.output().size()];
    return List.of(
        new Prepared() {
          @Override
          public String mode() {
            return "channels_last";
          }

          @Override
          public void run() {
            kernels.separableConv2d(
                data.x(),
                0,
                data.depthwise(),
                data.workload().multiplier(),
                pointwise,
                data.bias(),
                Clamp.RELU,
                y,
                0,
                geometry);
          }

          @Override
          public float[] output() {
            return y;
          }
        });
  }

  @Override
  public List<Prepared> prepare(ModelData data, int threads) {
    Parallel.setThreads(threads);
    return List.of(new Prediction(data));
  }

  /** A model as its users call it. */
  private static final class Prediction implements Prepared {
    private final ModelData data;
    private Tensor y;

    Prediction(ModelData data) {
      this.data = data;
      this.y = data.x();
    }

    @Override
    public String mode() {
      return "predict";
    }

    @Override
    public void run() {
      y = data.model().predict(data.x());
    }

    @Override
    public float[] output() {
      return y.toFloatArray();
    }
  }
}
