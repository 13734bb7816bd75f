package sepal.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Workload;
import sepal.layers.Activation;
import sepal.layers.Conv2D;
import sepal.layers.DepthwiseConv2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.Weight;
import sepal.models.Sequential;
import sepal.shape.DataFormat;
import sepal.shape.Window;
import sepal.tensor.DType;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * The memory that a training step needs: the forward and the gradients by input and weights, for a
 * gradient by the output that is given. Once with the fused layer, once with the layers that it
 * stands for. Each figure is the least heap, found by bisection, in which a fresh JVM with the
 * serial collector gets through the step.
 */
public final class TrainingMemory {
  private static final String WORKLOAD = "S1";
  private static final int BATCH = 32;
  private static final int MOST_MEGABYTES = 2048;
  private static final int OUT_OF_MEMORY = 3; // how -XX:+ExitOnOutOfMemoryError exits

  private TrainingMemory() {}

  /**
   * @param arguments none, to measure; or {@code fused} or {@code unfused}, for one step
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments.length > 0) {
      Workload workload =
          Workload.all().stream().filter(w -> w.name().equals(WORKLOAD)).findFirst().orElseThrow();
      step(model(workload, arguments[0].equals("fused")), input(workload, BATCH));
      return;
    }
    System.out.printf(
        "least heap for a training step of %s, batch %d (JDK %s):%n",
        WORKLOAD, BATCH, System.getProperty("java.runtime.version"));
    int fused = leastMegabytes("fused");
    System.out.printf("SeparableConv2D: %d MB%n", fused);
    int unfused = leastMegabytes("unfused");
    System.out.printf("DepthwiseConv2D, Conv2D 1x1, Activation: %d MB%n", unfused);
    System.out.printf(Locale.ROOT, "ratio: %.2f%n", (double) unfused / fused);
  }

  static Tensor input(Workload workload, int batch) {
    return Tensor.full(
        DType.FLOAT32, workload.geometry(batch, DataFormat.CHANNELS_LAST).input(), 0.5);
  }

  /** Bias and ReLU after the pointwise step; the same weights in the same order. */
  static Sequential model(Workload workload, boolean fused) {
    Window window = workload.window();
    return fused
        ? new Sequential(
            new SeparableConv2D(
                workload.filters(),
                window.size(),
                o ->
                    o.strides(window.strides())
                        .padding(window.padding())
                        .depthMultiplier(workload.multiplier())
                        .activation("relu")))
        : new Sequential(
            new DepthwiseConv2D(
                window.size(),
                o ->
                    o.strides(window.strides())
                        .padding(window.padding())
                        .depthMultiplier(workload.multiplier())
                        .useBias(false)),
            new Conv2D(workload.filters(), 1),
            new Activation("relu"));
  }

  /** The gradients by the input and the weights. */
  static List<@Nullable Tensor> step(Sequential model, Tensor x) {
    model.build(x.shape());
    List<Tensor> sources = new ArrayList<>(List.of(x));
    model.trainableWeights().stream().map(Weight::value).forEach(sources::add);
    try (Tape tape = new Tape()) {
      sources.forEach(tape::watch);
      return tape.gradient(model.apply(x, true), sources);
    }
  }

  private static int leastMegabytes(String layers) throws IOException, InterruptedException {
    int tooSmall = 0;
    int enough = MOST_MEGABYTES;
    while (enough - tooSmall > 1) {
      int tried = (tooSmall + enough) / 2;
      if (runsIn(tried, layers)) {
        enough = tried;
      } else {
        tooSmall = tried;
      }
    }
    return enough;
  }

  private static boolean runsIn(int megabytes, String layers)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-Xmx" + megabytes + "m",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingMemory.class.getName(),
                layers)
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status != 0 && status != OUT_OF_MEMORY) {
      throw new IllegalStateException("the step failed with status " + status + ":\n" + said);
    }
    return status == 0;
  }
}
