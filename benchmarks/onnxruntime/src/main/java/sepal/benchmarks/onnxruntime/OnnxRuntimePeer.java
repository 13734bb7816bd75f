package sepal.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.Peer;
import sepal.kernels.Workload;
import sepal.shape.ConvGeometry;

/** ONNX Runtime: all optimizations, its own blocked layout inside, output to memory it is given. */
public final class OnnxRuntimePeer implements Peer {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @Override
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    OrtSession session = environment.createSession(OnnxGraph.of(data), options);
    Workload workload = data.workload();
    ConvGeometry geometry = data.geometry();
    FloatBuffer input = buffer(data.x().length);
    input.put(data.xChannelsFirst()).rewind();
    OnnxTensor x =
        OnnxTensor.createTensor(
            environment,
            input,
            new long[] {data.batch(), workload.channels(), workload.height(), workload.width()});
    FloatBuffer output = buffer(geometry.output().size());
    OnnxTensor y =
        OnnxTensor.createTensor(
            environment,
            output,
            new long[] {
              data.batch(),
              workload.filters(),
              geometry.outputSize().get(0),
              geometry.outputSize().get(1)
            });
    return List.of(new Run(data, session, x, y, output));
  }

  private static FloatBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private record Run(
      LayerData data, OrtSession session, OnnxTensor x, OnnxTensor y, FloatBuffer values)
      implements Prepared {
    @Override
    public String mode() {
      return "channels_first";
    }

    @Override
    public void run() throws OrtException {
      session.run(Map.of("x", x), Map.of("y", y)).close();
    }

    @Override
    public float[] output() {
      float[] copy = new float[values.capacity()];
      values.duplicate().rewind().get(copy);
      return data.outputChannelsLast(copy);
    }

    @Override
    public void close() throws OrtException {
      x.close();
      y.close();
      session.close();
    }
  }
}
