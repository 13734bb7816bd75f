package sepal.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/** A line of {@code sepal/workloads.txt}. */
record Workload(
    String name, int height, int width, int channels, int filters, Window window, int multiplier) {

  static List<Workload> all() {
    try (InputStream in = Kernels.class.getResourceAsStream("/sepal/workloads.txt")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(Workload::parse)
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Workload parse(String line) {
    String[] words = line.split(" +");
    Window window =
        new Window(
            pair(words[5]), pair(words[6]), pair(words[7]), Padding.of("workload", words[9]));
    return new Workload(
        words[0],
        Integer.parseInt(words[1]),
        Integer.parseInt(words[2]),
        Integer.parseInt(words[3]),
        Integer.parseInt(words[4]),
        window,
        Integer.parseInt(words[8]));
  }

  private static Dims pair(String text) {
    String[] sizes = text.split("x");
    return Dims.of(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]));
  }

  /** With a height and width that need at most about {@code multiplyAdds}, but at least 3 x 3. */
  Workload shrunk(int multiplyAdds) {
    int h = height;
    int w = width;
    while ((long) h * w * channels * multiplier * filters > multiplyAdds && Math.min(h, w) > 3) {
      h--;
      w--;
    }
    return new Workload(name, h, w, channels, filters, window, multiplier);
  }

  ConvGeometry geometry(int batch, DataFormat format) {
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(batch, height, width, channels)
            : Shape.of(batch, channels, height, width);
    return ConvGeometry.of(name, input, window, format, filters);
  }

  @Override
  public String toString() {
    return name;
  }
}
