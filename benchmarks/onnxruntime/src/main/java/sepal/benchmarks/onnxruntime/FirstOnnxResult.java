package sepal.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Map;
import sepal.benchmarks.FirstResult;

/** A fresh process up to the first result of ONNX Runtime. */
public final class FirstOnnxResult {
  private FirstOnnxResult() {}

  /**
   * @param arguments when the process was started, in seconds since 1970, and an ONNX file
   */
  public static void main(String[] arguments) throws OrtException, IOException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(arguments[1])) {
      TensorInfo info = (TensorInfo) session.getInputInfo().values().iterator().next().getInfo();
      FloatBuffer values = FloatBuffer.wrap(FirstResult.input((int) info.getNumElements()));
      try (OnnxTensor x = OnnxTensor.createTensor(environment, values, info.getShape());
          OrtSession.Result result = session.run(Map.of("x", x))) {
        FirstResult.report(arguments[0], ((OnnxTensor) result.get(0)).getFloatBuffer().array());
      }
    }
  }
}
