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
public final class SepalPeer implements TrainingPeer {
  /** Measures what the vector kernels reach, not how a process starts. */
  public SepalPeer() {
    KernelChoice.skipFirstCalls();
  }

  @Override
  public String name() {
    return "Sepal (" + KernelChoice.kernels().description() + ")";
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    Parallel.setThreads(threads);
    return List.of(new Forward(data));
  }

  @Override
  public List<Trained> prepareTraining(LayerData data, int threads) {
    Parallel.setThreads(threads);
    return List.of(new Training(data));
  }

  private static class Forward implements Prepared {
    final LayerData data;
    final Kernels kernels = KernelChoice.kernels();
    final ConvGeometry geometry;
    final float[] y;
    private final PackedKernel pointwise;

    Forward(LayerData data) {
      this.data = data;
      geometry = data.geometry();
      y = new float[geometry.output().size()];
      pointwise = pack();
    }

    final PackedKernel pack() {
      return kernels.pack(data.pointwise(), data.workload().between(), geometry.filters(), 1);
    }

    @Override
    public String mode() {
      return "channels_last";
    }

    @Override
    public void run() {
      forward(pointwise);
    }

    final void forward(PackedKernel packed) {
      kernels.separableConv2d(
          data.x(),
          0,
          data.depthwise(),
          data.workload().multiplier(),
          packed,
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
  }

  private static final class Training extends Forward implements Trained {
    private final LayerGradients gradients;

    Training(LayerData data) {
      super(data);
      gradients =
          new LayerGradients(
              new float[data.x().length],
              new float[data.depthwise().length],
              new float[data.pointwise().length],
              new float[data.bias().length]);
    }

    @Override
    public void run() {
      forward(pack());
      int multiplier = data.workload().multiplier();
      kernels.separableConv2dBackward(
          data.x(),
          data.depthwise(),
          multiplier,
          data.pointwise(),
          y,
          Clamp.RELU,
          data.g(),
          gradients.x(),
          gradients.depthwise(),
          gradients.pointwise(),
          gradients.bias(),
          geometry);
    }

    @Override
    public LayerGradients gradients() {
      return gradients;
    }
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
