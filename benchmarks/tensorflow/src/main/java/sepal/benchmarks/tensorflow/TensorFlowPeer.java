package sepal.benchmarks.tensorflow;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.TensorFlow;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.nn.DepthwiseConv2dNative;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.shape.Dims;
import sepal.shape.Window;

/** TensorFlow: a graph, which its optimizer may fuse; oneDNN is on by default; channels last. */
public final class TensorFlowPeer implements Peer {
  /** Operations on the calling thread; their own threads are others. */
  private static final RunOptions ON_CALLER =
      RunOptions.newBuilder().setInterOpThreadPool(-1).build();

  @Override
  public String name() {
    return "TensorFlow " + TensorFlow.version();
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) {
    Workload workload = data.workload();
    Window window = workload.window();
    Dims kernel = window.size();
    String padding = window.padding().toString().toUpperCase(Locale.ROOT);
    Shape inputShape =
        Shape.of(data.batch(), workload.height(), workload.width(), workload.channels());

    Graph graph = new Graph();
    Ops tf = Ops.create(graph);
    Placeholder<TFloat32> x = tf.placeholder(TFloat32.class, Placeholder.shape(inputShape));
    Operand<TFloat32> depthwise =
        tf.nn.depthwiseConv2dNative(
            x,
            constant(
                tf,
                data.depthwise(),
                kernel.get(0),
                kernel.get(1),
                workload.channels(),
                workload.multiplier()),
            steps(window.strides()),
            padding,
            DepthwiseConv2dNative.dilations(steps(window.dilation())));
    Operand<TFloat32> pointwise =
        tf.nn.conv2d(
            depthwise,
            constant(tf, data.pointwise(), 1, 1, workload.between(), workload.filters()),
            steps(Dims.of(1, 1)),
            "VALID");
    Operand<TFloat32> y =
        tf.nn.relu(tf.nn.biasAdd(pointwise, constant(tf, data.bias(), workload.filters())));
    ConfigProto config =
        ConfigProto.newBuilder()
            .setIntraOpParallelismThreads(threads)
            .setInterOpParallelismThreads(1)
            .build();
    TFloat32 input = TFloat32.tensorOf(inputShape, DataBuffers.of(data.x(), false, false));
    return List.of(
        new Run(data, graph, new Session(graph, config), x.op().name(), input, y.op().name()));
  }

  private static Operand<TFloat32> constant(Ops tf, float[] values, long... shape) {
    return tf.constant(Shape.of(shape), DataBuffers.of(values, false, false));
  }

  private static List<Long> steps(Dims dims) {
    return Arrays.asList(1L, (long) dims.get(0), (long) dims.get(1), 1L);
  }

  private record Run(
      LayerData data, Graph graph, Session session, String x, TFloat32 input, String y)
      implements Prepared {
    @Override
    public String mode() {
      return "channels_last";
    }

    private Result compute() {
      return session.runner().setOptions(ON_CALLER).feed(x, input).fetch(y).run();
    }

    @Override
    public void run() {
      compute().close();
    }

    @Override
    public float[] output() {
      float[] values = new float[data.geometry().output().size()];
      try (Result result = compute()) {
        ((TFloat32) result.get(0)).copyTo(DataBuffers.of(values, false, false));
      }
      return values;
    }

    @Override
    public void close() {
      input.close();
      session.close();
      graph.close();
    }
  }
}
