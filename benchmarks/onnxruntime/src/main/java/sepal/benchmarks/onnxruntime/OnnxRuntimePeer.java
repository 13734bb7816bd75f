package sepal.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sepal.benchmarks.LayerData;
import sepal.benchmarks.ModelData;
import sepal.benchmarks.Peer;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** ONNX Runtime: all optimizations, its own blocked layout inside, output to memory it is given. */
public final class OnnxRuntimePeer implements Peer {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @Override
  public String name() {
    return "ONNX Runtime " + environment.getVersion();
  }

  @Override
  public List<Prepared> prepare(LayerData data, int threads) throws OrtException {
    return prepare(ModelData.of(data), threads);
  }

  @Override
  public List<Prepared> prepare(ModelData data, int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setOptimizationLevel(OptLevel.ALL_OPT);
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    byte[] model = OnnxGraph.of(data.model(), data.x().shape().get(0));
    OrtSession session = environment.createSession(model, options);
    FloatBuffer input = buffer(data.x().size());
    input.put(Ops.transpose(data.x(), 0, 3, 1, 2).floats()).rewind();
    FloatBuffer output = buffer(data.outputShape().size());
    return List.of(
        new Run(
            data,
            session,
            session.getOutputNames().iterator().next(),
            tensor(input, data.x().shape()),
            tensor(output, data.outputShape()),
            output));
  }

  private OnnxTensor tensor(FloatBuffer values, Shape channelsLast) throws OrtException {
    int[] shape = OnnxGraph.channelsFirst(channelsLast).toArray();
    return OnnxTensor.createTensor(
        environment, values, Arrays.stream(shape).asLongStream().toArray());
  }

  private static FloatBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private record Run(
      ModelData data,
      OrtSession session,
      String name,
      OnnxTensor x,
      OnnxTensor y,
      FloatBuffer values)
      implements Prepared {
    @Override
    public String mode() {
      return "channels_first";
    }

    @Override
    public void run() throws OrtException {
      session.run(Map.of("x", x), Map.of(name, y)).close();
    }

    @Override
    public float[] output() {
      Shape shape = data.outputShape();
      float[] copy = new float[values.capacity()];
      values.duplicate().rewind().get(copy);
      return shape.rank() == 4
          ? Ops.transpose(Tensor.wrap(copy, OnnxGraph.channelsFirst(shape)), 0, 2, 3, 1).floats()
          : copy;
    }

    @Override
    public void close() throws OrtException {
      x.close();
      y.close();
      session.close();
    }
  }
}
