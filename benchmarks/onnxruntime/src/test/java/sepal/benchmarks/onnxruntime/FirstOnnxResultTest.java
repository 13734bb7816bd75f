package sepal.benchmarks.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.benchmarks.FirstSepalResult;

class FirstOnnxResultTest {
  private static final String START = "1700000000.123456";

  private interface Main {
    void run() throws Exception;
  }

  @Test
  void both_libraries_come_to_one_result(@TempDir Path folder) throws Exception {
    FirstFiles.main(new String[] {folder.toString()});

    assertThat(result(() -> FirstOnnxResult.main(start(folder.resolve("layer.onnx")))))
        .isEqualTo(result(() -> FirstSepalResult.main(new String[] {START})));
    assertThat(result(() -> FirstOnnxResult.main(start(folder.resolve("mini_xception.onnx")))))
        .isEqualTo(
            result(() -> FirstSepalResult.main(start(folder.resolve("mini_xception.keras")))));
  }

  private static String[] start(Path file) {
    return new String[] {START, file.toString()};
  }

  private static double result(Main main) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      main.run();
    } finally {
      System.setOut(before);
    }
    String line = out.toString(StandardCharsets.UTF_8).strip();
    assertThat(line).matches("@\t\\d{11,}\t\\d{2,4}\t\\d+(\\.\\d+)?(e[+-]\\d+)?");
    double result = Double.parseDouble(line.substring(line.lastIndexOf('\t')));
    assertThat(result).isPositive();
    return result;
  }
}
