package sepal.kernels;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.shape.ConvGeometry;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.shape.Window;

/**
 * A separable convolution of a real model: a line of {@code sepal/workloads.txt}, the list that
 * tests and benchmarks share.
 *
 * @param multiplier depthwise outputs for each input channel
 */
public record Workload(
    String name, int height, int width, int channels, int filters, Window window, int multiplier) {
  private static final String LIST = "/sepal/workloads.txt";
  private static final String COLUMNS =
      "name, height, width, channels, filters, kernel, strides, dilation, multiplier, padding";

  /** The workloads that come along. */
  public static List<Workload> all() {
    try (InputStream in = Workload.class.getResourceAsStream(LIST)) {
      byte[] bytes = Objects.requireNonNull(in, LIST).readAllBytes();
      return parse(LIST, new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The workloads of a text in the form of {@code sepal/workloads.txt}.
   *
   * @param where what the text was read from, for the error message
   * @throws IllegalArgumentException if a line has another form
   */
  public static List<Workload> parse(String where, String text) {
    List<Workload> workloads = new ArrayList<>();
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        workloads.add(parseLine(where + ", line " + number, line));
      }
    }
    return workloads;
  }

  private static Workload parseLine(String where, String line) {
    String[] words = line.strip().split("\\s+");
    try {
      if (words.length == 10) {
        Dims kernel = pair(where, words[5]);
        Padding padding = Padding.of(where, words[9]);
        return new Workload(
            words[0],
            positive(where, words[1]),
            positive(where, words[2]),
            positive(where, words[3]),
            positive(where, words[4]),
            new Window(kernel, pair(where, words[6]), pair(where, words[7]), padding),
            positive(where, words[8]));
      }
    } catch (NumberFormatException e) {
      throw malformed(where, line).asInvalidArgument(e);
    }
    throw malformed(where, line).asInvalidArgument();
  }

  private static Problem malformed(String where, String line) {
    return Problem.in(where, "not a workload").got(line.strip()).expected(COLUMNS);
  }

  private static int positive(String where, String word) {
    return Check.positive(where, "a size", Integer.parseInt(word));
  }

  private static Dims pair(String where, String word) {
    String[] sizes = word.split("x", -1);
    if (sizes.length != 2) {
      throw new NumberFormatException(word);
    }
    return Dims.of(positive(where, sizes[0]), positive(where, sizes[1]));
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

  /**
   * The geometry on {@code batch} images.
   *
   * @throws IllegalArgumentException if the input is smaller than the window
   */
  public ConvGeometry geometry(int batch, DataFormat format) {
    Shape input =
        format == DataFormat.CHANNELS_LAST
            ? Shape.of(batch, height, width, channels)
            : Shape.of(batch, channels, height, width);
    return ConvGeometry.of(name, input, window, format, filters);
  }

  /** Channels between the depthwise and the pointwise step. */
  public int between() {
    return channels * multiplier;
  }

  /** Multiply-adds of both steps on one image, those on padding included. */
  public long multiplyAdds() {
    long outputs = geometry(1, DataFormat.CHANNELS_LAST).outputSize().product();
    return outputs * between() * (window.size().product() + filters);
  }

  @Override
  public String toString() {
    return name;
  }
}
