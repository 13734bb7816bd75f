package sepal.ops;

import java.util.List;
import java.util.Locale;
import sepal.check.Check;
import sepal.check.Problem;

/** Where the pixels of an enlarged image come from. Centres of pixels lie at half integers. */
public enum Interpolation {
  /** The nearest pixel. */
  NEAREST,
  /** The 2 by 2 nearest, weighted by their distance. */
  BILINEAR,
  /**
   * The 4 by 4 nearest, weighted by Keys' cubic with a slope of -3/4, as Keras computes it with
   * PyTorch; its other backends take -1/2.
   */
  BICUBIC;

  private static final List<String> NAMES = List.of("nearest", "bilinear", "bicubic");

  /**
   * @param where who asks, for the error message
   * @param name {@code nearest}, {@code bilinear} or {@code bicubic}, in any letter case
   * @throws IllegalArgumentException if the name is unknown
   * @throws UnsupportedOperationException for Keras' Lanczos interpolations
   */
  public static Interpolation of(String where, String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "nearest" -> NEAREST;
      case "bilinear" -> BILINEAR;
      case "bicubic" -> BICUBIC;
      case "lanczos3", "lanczos5" ->
          throw Problem.in(where, "Lanczos interpolation is not supported")
              .got("interpolation=\"" + name + "\"")
              .expected("\"nearest\", \"bilinear\" or \"bicubic\"")
              .asUnsupported();
      default ->
          throw Problem.in(where, "unknown interpolation")
              .got("interpolation=\"" + name + "\"" + Check.didYouMean(name, NAMES))
              .expected("\"nearest\", \"bilinear\" or \"bicubic\"")
              .asInvalidArgument();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
