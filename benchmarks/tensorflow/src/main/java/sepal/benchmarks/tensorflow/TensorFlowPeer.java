package sepal.benchmarks.tensorflow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gradients;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.LayerGradients;
import sepal.benchmarks.TrainingPeer;
import sepal.kernels.Workload;
import sepal.shape.Dims;
import sepal.shape.Window;

/**
 * TensorFlow: a graph, which its optimizer may fuse; oneDNN is on by default; channels last. In a
 * training step the graph is that of the forward and of TensorFlow's own gradients, and the weights
 * are fed, for a constant might be laid out once and for all.
 */
public final class TensorFlowPeer implements TrainingPeer {
  /** Operations on the calling thread; their own threads are others. */
  private static final RunOptions ON_CALLER =
      RunOptions.newBuilder().setInterOpThreadPool(-1).build();

  @Override
  public String name() {
    return "TensorFlow " + TensorFlow.version();
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    return List.of(new Run(data, threads, false));
  }

  @Override
  public List<Trained> prepareTraining(LayerData data, int threads) {
    return List.of(new Training(data, threads));
  }

  private static class Run implements Prepared {
    private final Graph graph = new Graph();
    private final Ops tf = Ops.create(graph);
    private final Map<String, TFloat32> fed = new LinkedHashMap<>();
    private final List<String> fetched = new ArrayList<>();
    private final Session session;

    Run(LayerData data, int threads, boolean training) {
      Workload workload = data.workload();
      Window window = workload.window();
      Dims kernel = window.size();
      String padding = window.padding().toString().toUpperCase(Locale.ROOT);
      Operand<TFloat32> x =
          feed(
              data.x(),
              Shape.of(data.batch(), workload.height(), workload.width(), workload.channels()));
      Shape depthwiseShape =
          Shape.of(kernel.get(0), kernel.get(1), workload.channels(), workload.multiplier());
      Shape pointwiseShape = Shape.of(1, 1, workload.between(), workload.filters());
      Shape biasShape = Shape.of(workload.filters());
      Operand<TFloat32> depthwise = weight(data.depthwise(), depthwiseShape, training);
      Operand<TFloat32> pointwise = weight(data.pointwise(), pointwiseShape, training);
      Operand<TFloat32> bias = weight(data.bias(), biasShape, training);
      Operand<TFloat32> between =
          tf.nn.depthwiseConv2dNative(
              x,
              depthwise,
              steps(window.strides()),
              padding,
              DepthwiseConv2dNative.dilations(steps(window.dilation())));
      Operand<TFloat32> sum =
          tf.nn.biasAdd(tf.nn.conv2d(between, pointwise, steps(Dims.of(1, 1)), "VALID"), bias);
      Operand<TFloat32> y = tf.nn.relu(sum);
      fetched.add(y.op().name());
      if (training) {
        Dims out = data.geometry().outputSize();
        Shape shape = Shape.of(data.batch(), out.get(0), out.get(1), workload.filters());
        Gradients gradients =
            tf.gradients(
                y,
                List.of(x, depthwise, pointwise, bias),
                Gradients.dx(List.of(feed(data.g(), shape))));
        gradients.dy().forEach(dy -> fetched.add(dy.op().name() + ":" + dy.index()));
      }
      ConfigProto config =
          ConfigProto.newBuilder()
              .setIntraOpParallelismThreads(threads)
              .setInterOpParallelismThreads(1)
              .build();
      session = new Session(graph, config);
    }

    private Operand<TFloat32> weight(float[] values, Shape shape, boolean changing) {
      return changing
          ? feed(values, shape)
          : tf.constant(shape, DataBuffers.of(values, false, false));
    }

    private Operand<TFloat32> feed(float[] values, Shape shape) {
      Operand<TFloat32> input = tf.placeholder(TFloat32.class, Placeholder.shape(shape));
      fed.put(input.op().name(), TFloat32.tensorOf(shape, DataBuffers.of(values, false, false)));
      return input;
    }

    private static List<Long> steps(Dims dims) {
      return Arrays.asList(1L, (long) dims.get(0), (long) dims.get(1), 1L);
    }

    @Override
    public String mode() {
      return "channels_last";
    }

    private Result compute() {
      Session.Runner runner = session.runner().setOptions(ON_CALLER);
      fed.forEach(runner::feed);
      fetched.forEach(runner::fetch);
      return runner.run();
    }

    @Override
    public void run() {
      compute().close();
    }

    @Override
    public float[] output() {
      return results().get(0);
    }

    final List<float[]> results() {
      List<float[]> results = new ArrayList<>();
      try (Result result = compute()) {
        for (int i = 0; i < fetched.size(); i++) {
          TFloat32 found = (TFloat32) result.get(i);
          float[] values = new float[(int) found.size()];
          found.copyTo(DataBuffers.of(values, false, false));
          results.add(values);
        }
      }
      return results;
    }

    @Override
    public void close() {
      fed.values().forEach(TFloat32::close);
      session.close();
      graph.close();
    }
  }

  private static final class Training extends Run implements Trained {
    Training(LayerData data, int threads) {
      super(data, threads, true);
    }

    @Override
    public LayerGradients gradients() {
      List<float[]> results = results();
      return new LayerGradients(results.get(1), results.get(2), results.get(3), results.get(4));
    }
  }
}
