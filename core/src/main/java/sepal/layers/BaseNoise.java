package sepal.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * What layers share that disturb their input in training: a strength, and new random numbers for
 * each call. In prediction, and with a strength of 0, the input passes.
 */
abstract class BaseNoise extends Layer {
  private final double strength;
  private final SeedGenerator seeds;

  BaseNoise(LayerOptions<?> options, LayerConfig config, double strength, @Nullable Long seed) {
    super(options, config);
    this.strength = strength;
    this.seeds = new SeedGenerator(seed);
  }

  /** The input as training sees it. */
  abstract Tensor disturb(Tensor x, SeedGenerator.State draw);

  static void checkRate(String where, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw Problem.in(where, "rate must lie between 0 and 1")
          .got("rate=" + rate)
          .expected("the share of elements to drop, for example 0.5")
          .asInvalidArgument();
    }
  }

  /** Refuses to train with noise that has no end. */
  final void checkBelowOne(double rate) {
    if (rate == 1) {
      throw Problem.in(toString(), "training needs a rate below 1")
          .got("rate=1.0")
          .expected("less than 1, where the noise is finite")
          .asInvalidArgument();
    }
  }

  static void checkNoiseShape(String where, @Nullable Shape noiseShape) {
    if (noiseShape != null && noiseShape.toList().contains(0)) {
      throw Problem.in(where, "the sizes of noiseShape must be positive")
          .got("noiseShape=" + noiseShape)
          .expected("sizes of 1 or more, or null where the input tells")
          .asInvalidArgument();
    }
  }

  /** A noise shape with the sizes of the input where it leaves them open. */
  final Shape fit(@Nullable Shape noise, Shape input) {
    if (noise == null) {
      return input;
    }
    Shape known = noise;
    for (int axis = 0; axis < Math.min(noise.rank(), input.rank()); axis++) {
      known = known.with(axis, noise.isKnown(axis) ? noise.get(axis) : input.get(axis));
    }
    if (noise.rank() != input.rank() || !known.stretchesTo(input)) {
      throw Problem.in(toString(), "noiseShape does not fit the input")
          .got("noiseShape=" + noise + ", input " + input)
          .expected("on each axis 1, null, or the size of the input")
          .asInvalidArgument();
    }
    return known;
  }

  @Override
  public final List<SeedGenerator> seedGenerators() {
    return List.of(seeds);
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    return training && strength > 0 ? disturb(x, seeds.next()) : x;
  }
}
