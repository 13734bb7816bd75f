package sepal.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * Where the pixels of an enlarged image come from: along each axis, from the nearest pixels, by
 * their distance. Centres of pixels lie at half integers.
 */
public enum Interpolation {
  /** The nearest pixel. */
  NEAREST(1) {
    @Override
    double weight(double distance) {
      return 1;
    }
  },
  /** The 2 by 2 nearest, weighted by their distance. */
  BILINEAR(2) {
    @Override
    double weight(double distance) {
      return 1 - distance;
    }
  },
  /**
   * The 4 by 4 nearest, weighted by Keys' cubic with a slope of -3/4; beyond the edges, the pixels
   * at the edges are repeated. So Keras computes it with PyTorch. With TensorFlow and JAX it takes
   * a slope of -1/2 and leaves out what lies beyond the edges.
   */
  BICUBIC(4) {
    @Override
    double weight(double distance) {
      return distance <= 1
          ? (1.25 * distance - 2.25) * distance * distance + 1
          : ((-0.75 * distance + 3.75) * distance - 6) * distance + 3;
    }
  },
  /**
   * The 6 by 6 nearest, weighted by Lanczos' kernel of radius 3; pixels beyond the edges are left
   * out. So Keras computes it with TensorFlow and JAX; with PyTorch it has no Lanczos
   * interpolation.
   */
  LANCZOS3(6) {
    @Override
    double weight(double distance) {
      return lanczos(distance, 3);
    }
  },
  /** The 10 by 10 nearest, weighted by Lanczos' kernel of radius 5; else as {@link #LANCZOS3}. */
  LANCZOS5(10) {
    @Override
    double weight(double distance) {
      return lanczos(distance, 5);
    }
  };

  /** How many pixels a new pixel comes from, along each axis. */
  final int taps;

  Interpolation(int taps) {
    this.taps = taps;
  }

  /** What a pixel counts at a distance of at most half of {@link #taps}. */
  abstract double weight(double distance);

  /** sinc(distance) sinc(distance / radius). */
  private static double lanczos(double distance, int radius) {
    if (distance == Math.rint(distance)) {
      return distance == 0 ? 1 : 0; // where rounding would leave a trace of other pixels
    }
    double angle = Math.PI * distance;
    return radius * Math.sin(angle) * Math.sin(angle / radius) / (angle * angle);
  }

  /**
   * @param where who asks, for the error message
   * @param name {@code nearest}, {@code bilinear}, {@code bicubic}, {@code lanczos3} or {@code
   *     lanczos5}, in any letter case
   * @throws IllegalArgumentException if the name is unknown
   */
  public static Interpolation of(String where, String name) {
    for (Interpolation interpolation : values()) {
      if (interpolation.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return interpolation;
      }
    }
    List<String> names = Arrays.stream(values()).map(Interpolation::toString).toList();
    throw Problem.in(where, "unknown interpolation")
        .got("interpolation=\"" + name + "\"" + Check.didYouMean(name, names))
        .expected("\"nearest\", \"bilinear\", \"bicubic\", \"lanczos3\" or \"lanczos5\"")
        .asInvalidArgument();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
