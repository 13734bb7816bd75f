package sepal.cli;

import java.util.List;
import java.util.Random;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A data set that needs no file: glyphs in gray, each turned, stretched, shifted, drawn with
 * another pen on another background, under noise. The same seed gives the same bits on every
 * machine.
 *
 * @param x the pictures {@code (n, size, size, 1)}, about 0 to 1
 * @param y the place of each glyph in {@link #NAMES}: {@code (n)}
 */
record Glyphs(Tensor x, Tensor y) {
  private static final double MOST_DEGREES = 25;
  private static final double NOISE = 0.1;

  /** A line or an arc of a pen; the glyph fills -1 to 1 on both axes, y downwards. */
  private interface Stroke {
    double distance(double x, double y);
  }

  private static final List<List<Stroke>> STROKES =
      List.of(
          List.of(arc(0, 0, 0.9, 0, 360)),
          List.of(disc(0.75)),
          polygon(-0.8, -0.8, 0.8, -0.8, 0.8, 0.8, -0.8, 0.8),
          polygon(0, -0.9, 0.9, 0.7, -0.9, 0.7),
          List.of(line(-0.9, 0, 0.9, 0), line(0, -0.9, 0, 0.9)),
          List.of(line(-0.8, -0.8, 0.8, 0.8), line(-0.8, 0.8, 0.8, -0.8)),
          List.of(arc(0, 0, 0.85, 40, 320)),
          List.of(line(-0.7, -0.9, -0.7, 0.9), line(0.7, -0.9, 0.7, 0.9), line(-0.7, 0, 0.7, 0)),
          List.of(line(-0.6, -0.9, -0.6, 0.9), line(-0.6, 0.9, 0.7, 0.9)),
          List.of(line(-0.8, -0.9, 0.8, -0.9), line(0, -0.9, 0, 0.9)),
          List.of(
              line(-0.7, -0.9, 0.7, -0.9), line(0.7, -0.9, -0.7, 0.9), line(-0.7, 0.9, 0.7, 0.9)),
          List.of(arc(0, -0.45, 0.45, 0, 360), arc(0, 0.45, 0.45, 0, 360)));

  /** What the labels stand for. */
  static final List<String> NAMES =
      List.of(
          "ring",
          "disc",
          "square",
          "triangle",
          "plus",
          "cross",
          "letter C",
          "letter H",
          "letter L",
          "letter T",
          "letter Z",
          "eight");

  static Glyphs draw(int count, int size, long seed) {
    float[] pictures = new float[count * size * size];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % NAMES.size();
      Random random = new Random(seed * 1_000_003 + i);
      new Pen(random, size).draw(STROKES.get(labels[i]), random, pictures, i * size * size);
    }
    return new Glyphs(
        Tensor.wrap(pictures, Shape.of(count, size, size, 1)),
        Tensor.wrap(labels, Shape.of(count)));
  }

  /** How one glyph is drawn: from a pixel's place to the glyph's own axes, and the grays. */
  private static final class Pen {
    private final int size;
    private final double scaleX;
    private final double scaleY;
    private final double cos;
    private final double sin;
    private final double middleX;
    private final double middleY;
    private final double width;
    private final double paper;
    private final double ink;
    private final double slopeX;
    private final double slopeY;

    Pen(Random random, int size) {
      this.size = size;
      double scale = between(random, 0.22, 0.38) * size;
      double stretch = between(random, 0.85, 1.15);
      scaleX = scale * stretch;
      scaleY = scale / stretch;
      double angle = StrictMath.toRadians(between(random, -MOST_DEGREES, MOST_DEGREES));
      cos = StrictMath.cos(angle);
      sin = StrictMath.sin(angle);
      double shift = 0.45 * size - scale;
      middleX = size / 2.0 + between(random, -shift, shift);
      middleY = size / 2.0 + between(random, -shift, shift);
      width = between(random, 0.045, 0.09) * size;
      paper = between(random, 0, 0.45);
      ink = paper + between(random, 0.3, 0.55);
      slopeX = between(random, -0.15, 0.15) / size;
      slopeY = between(random, -0.15, 0.15) / size;
    }

    private static double between(Random random, double from, double to) {
      return from + (to - from) * random.nextDouble();
    }

    void draw(List<Stroke> strokes, Random random, float[] picture, int at) {
      double scale = Math.min(scaleX, scaleY);
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
          double dx = column + 0.5 - middleX;
          double dy = row + 0.5 - middleY;
          double x = (dx * cos + dy * sin) / scaleX;
          double y = (dy * cos - dx * sin) / scaleY;
          double nearest = Double.POSITIVE_INFINITY;
          for (Stroke stroke : strokes) {
            nearest = Math.min(nearest, stroke.distance(x, y));
          }
          double covered = Math.max(0, Math.min(1, 0.5 + width / 2 - nearest * scale));
          double gray = paper + (ink - paper) * covered + slopeX * dx + slopeY * dy;
          picture[at + row * size + column] = (float) (gray + NOISE * random.nextGaussian());
        }
      }
    }
  }

  private static Stroke line(double x1, double y1, double x2, double y2) {
    double lengthX = x2 - x1;
    double lengthY = y2 - y1;
    double squared = lengthX * lengthX + lengthY * lengthY;
    return (x, y) -> {
      double along = ((x - x1) * lengthX + (y - y1) * lengthY) / squared;
      double place = Math.max(0, Math.min(1, along));
      return length(x - x1 - place * lengthX, y - y1 - place * lengthY);
    };
  }

  private static List<Stroke> polygon(double... corners) {
    int count = corners.length / 2;
    Stroke[] sides = new Stroke[count];
    for (int i = 0; i < count; i++) {
      int next = (i + 1) % count;
      sides[i] = line(corners[2 * i], corners[2 * i + 1], corners[2 * next], corners[2 * next + 1]);
    }
    return List.of(sides);
  }

  /** Degrees clockwise from the right. */
  private static Stroke arc(double middleX, double middleY, double radius, double from, double to) {
    Stroke begin = point(middleX, middleY, radius, from);
    Stroke end = point(middleX, middleY, radius, to);
    return (x, y) -> {
      double degrees = StrictMath.toDegrees(StrictMath.atan2(y - middleY, x - middleX));
      double angle = degrees < 0 ? degrees + 360 : degrees;
      return angle >= from && angle <= to
          ? Math.abs(length(x - middleX, y - middleY) - radius)
          : Math.min(begin.distance(x, y), end.distance(x, y));
    };
  }

  private static Stroke point(double middleX, double middleY, double radius, double degrees) {
    double x0 = middleX + radius * StrictMath.cos(StrictMath.toRadians(degrees));
    double y0 = middleY + radius * StrictMath.sin(StrictMath.toRadians(degrees));
    return (x, y) -> length(x - x0, y - y0);
  }

  private static Stroke disc(double radius) {
    return (x, y) -> Math.max(0, length(x, y) - radius);
  }

  private static double length(double x, double y) {
    return Math.sqrt(x * x + y * y);
  }
}
