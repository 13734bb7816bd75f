package sepal.cli;

import java.util.ArrayList;
import java.util.List;
import sepal.layers.Input;
import sepal.layers.SeparableConv2D;
import sepal.models.Sequential;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A model that sees: blur, edges, outline. Each layer filters every channel by itself, then mixes
 * the channels.
 */
final class DemoModel {
  static final int HEIGHT = 192;
  static final int WIDTH = 256;

  /** What the maps of each layer show. */
  static final List<List<String>> MAPS =
      List.of(
          List.of("brightness", "red-blue", "green-magenta"),
          List.of("right", "left", "down", "up", "red-blue", "green-magenta"),
          List.of("outline"));

  private static final float[] BLUR = {
    1, 4, 6, 4, 1, //
    4, 16, 24, 16, 4, //
    6, 24, 36, 24, 6, //
    4, 16, 24, 16, 4, //
    1, 4, 6, 4, 1
  };
  private static final float[] SOBEL_X = {-1, 0, 1, -2, 0, 2, -1, 0, 1};
  private static final float[] SOBEL_Y = {-1, -2, -1, 0, 0, 0, 1, 2, 1};
  private static final float[] SHARPEN = {0, -1, 0, -1, 5, -1, 0, -1, 0};

  private DemoModel() {}

  static Sequential build() {
    return new Sequential("demo")
        .add(Input.of(HEIGHT, WIDTH, 3))
        .add(blur())
        .add(sobel())
        .add(sharpen());
  }

  /** Smooth, then brightness and two opposed pairs of colours. */
  private static SeparableConv2D blur() {
    float[] mix = {
      // brightness, red-blue, green-magenta
      0.299f, 1, -0.5f, // red
      0.587f, 0, 1, // green
      0.114f, -1, -0.5f // blue
    };
    return layer(
        "blur", 5, new Channels(3, 1, 3), depthwise(3, scaled(BLUR, 1 / 256f)), mix, "linear");
  }

  /** Steps to the right and down, then the four directions of brightness, and those of colour. */
  private static SeparableConv2D sobel() {
    float[] mix = {
      // right, left, down, up, red-blue, green-magenta
      1, -1, 0, 0, 0, 0, // brightness, to the right
      0, 0, 1, -1, 0, 0, // brightness, down
      0, 0, 0, 0, 1, 0, // red-blue, to the right
      0, 0, 0, 0, 1, 0, // red-blue, down
      0, 0, 0, 0, 0, 1, // green-magenta, to the right
      0, 0, 0, 0, 0, 1 // green-magenta, down
    };
    float[] depthwise = depthwise(3, scaled(SOBEL_X, 1 / 4f), scaled(SOBEL_Y, 1 / 4f));
    return layer("sobel", 3, new Channels(3, 2, 6), depthwise, mix, "relu");
  }

  /** Sharper edges, then all of them in one map. */
  private static SeparableConv2D sharpen() {
    float[] mix = {1, 1, 1, 1, 0.5f, 0.5f};
    return layer("sharpen", 3, new Channels(6, 1, 1), depthwise(6, SHARPEN), mix, "relu");
  }

  private record Channels(int in, int multiplier, int filters) {}

  private static SeparableConv2D layer(
      String name,
      int size,
      Channels channels,
      float[] depthwise,
      float[] pointwise,
      String after) {
    int in = channels.in();
    int multiplier = channels.multiplier();
    int filters = channels.filters();
    return new SeparableConv2D(
        filters,
        size,
        o ->
            o.name(name)
                .padding("same")
                .depthMultiplier(multiplier)
                .useBias(false)
                .activation(after)
                .weights(
                    List.of(
                        Tensor.of(depthwise, size, size, in, multiplier),
                        Tensor.of(pointwise, 1, 1, in * multiplier, filters))));
  }

  private static float[] scaled(float[] kernel, float factor) {
    float[] scaled = kernel.clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= factor;
    }
    return scaled;
  }

  /** The kernels {@code (size, size)} for each of the channels: {@code (size, size, c, m)}. */
  private static float[] depthwise(int channels, float[]... kernels) {
    float[] all = new float[kernels[0].length * channels * kernels.length];
    int at = 0;
    for (int tap = 0; tap < kernels[0].length; tap++) {
      for (int channel = 0; channel < channels; channel++) {
        for (float[] kernel : kernels) {
          all[at++] = kernel[tap];
        }
      }
    }
    return all;
  }

  // ---- the picture

  /** An ellipse in a colour {@code 0xrrggbb}, its first axis in the direction (cos, sin). */
  private record Ellipse(
      double x, double y, double a, double b, double cos, double sin, int colour) {

    static Ellipse upright(double x, double y, double a, double b, int colour) {
      return new Ellipse(x, y, a, b, 1, 0, colour);
    }

    /** A leaf around the middle of the flower, pointing away from it. */
    static Ellipse leaf(double degrees, double distance, double a, double b, int colour) {
      double cos = StrictMath.cos(StrictMath.toRadians(degrees));
      double sin = StrictMath.sin(StrictMath.toRadians(degrees));
      return new Ellipse(110 + distance * cos, 88 + distance * sin, a, b, cos, sin, colour);
    }

    /** How much of a pixel it covers, 0 to 1. */
    double covers(double px, double py) {
      double dx = (px - x) * cos + (py - y) * sin;
      double dy = (py - y) * cos - (px - x) * sin;
      double radius = StrictMath.sqrt(dx * dx / (a * a) + dy * dy / (b * b));
      return Math.max(0, Math.min(1, (1 - radius) * Math.min(a, b) + 0.5));
    }
  }

  /** A flower before an evening sky: {@code (1, h, w, 3)} of 0 to 1, the same on every machine. */
  static Tensor picture() {
    List<Ellipse> shapes = new ArrayList<>();
    shapes.add(Ellipse.upright(204, 52, 24, 24, 0xffe9a8)); // the sun
    shapes.add(Ellipse.upright(40, 210, 130, 60, 0x3d5a45)); // hills
    shapes.add(Ellipse.upright(220, 226, 150, 66, 0x2c4636));
    shapes.add(Ellipse.upright(109, 150, 3, 66, 0x4f8a3c)); // the stem
    for (int i = 0; i < 5; i++) {
      shapes.add(Ellipse.leaf(36 + 72 * i, 38, 24, 9, 0x5fa648)); // sepals
    }
    for (int i = 0; i < 10; i++) {
      boolean front = i >= 5;
      shapes.add(
          Ellipse.leaf(front ? 72 * i + 36 : 72 * i, 28, 26, 11, front ? 0xf48fb1 : 0xd8437b));
    }
    shapes.add(Ellipse.upright(110, 88, 14, 14, 0xf6c445));
    shapes.add(Ellipse.upright(107, 85, 6, 6, 0xfff3c4));

    float[] values = new float[HEIGHT * WIDTH * 3];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double[] colour = mix(rgb(0x27306b), rgb(0xf7a072), y / (HEIGHT - 1.0));
        for (Ellipse shape : shapes) {
          colour = mix(colour, rgb(shape.colour()), shape.covers(x, y));
        }
        for (int c = 0; c < 3; c++) {
          values[(y * WIDTH + x) * 3 + c] = Math.round(255 * colour[c]) / 255f;
        }
      }
    }
    return Tensor.wrap(values, Shape.of(1, HEIGHT, WIDTH, 3));
  }

  private static double[] rgb(int colour) {
    return new double[] {
      (colour >> 16 & 0xff) / 255.0, (colour >> 8 & 0xff) / 255.0, (colour & 0xff) / 255.0
    };
  }

  private static double[] mix(double[] from, double[] to, double part) {
    double[] mixed = new double[3];
    for (int c = 0; c < 3; c++) {
      mixed[c] = from[c] + (to[c] - from[c]) * part;
    }
    return mixed;
  }
}
