package sepal.layers;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What dropout layers share: a rate, and a new mask for each call in training. */
abstract class BaseDropout extends Layer {
  private final double rate;
  private final SeedGenerator seeds;

  BaseDropout(LayerOptions<?> options, LayerConfig config, double rate, @Nullable Long seed) {
    super(options, config);
    this.rate = rate;
    this.seeds = new SeedGenerator(seed);
  }

  /** The shape of the mask, which stretches to that of the input along axes of size 1. */
  abstract Shape noiseShape(Shape input);

  static void checkRate(String where, double rate) {
    if (!(rate >= 0 && rate <= 1)) {
      throw Problem.in(where, "rate must lie between 0 and 1")
          .got("rate=" + rate)
          .expected("the share of elements to drop, for example 0.5")
          .asInvalidArgument();
    }
  }

  @Override
  public final List<SeedGenerator> seedGenerators() {
    return List.of(seeds);
  }

  @Override
  protected final Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    if (!training || rate == 0) {
      return x;
    }
    SeedGenerator.State draw = seeds.next();
    return Ops.dropout(x, rate, noiseShape(x.shape()), draw.seed(), draw.draws());
  }
}
