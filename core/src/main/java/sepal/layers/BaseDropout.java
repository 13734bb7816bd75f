package sepal.layers;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** What dropout layers share: a rate, and a new mask for each call in training. */
abstract class BaseDropout extends Layer {
  private final double rate;
  private final long seed;
  private final AtomicLong calls = new AtomicLong();

  BaseDropout(LayerOptions<?> options, LayerConfig config, double rate, @Nullable Long seed) {
    super(options, config);
    this.rate = rate;
    this.seed = seed != null ? seed : ThreadLocalRandom.current().nextLong();
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
  protected final Tensor call(Tensor x, boolean training) {
    computeOutputShape(x.shape());
    if (!training || rate == 0) {
      return x;
    }
    return Ops.dropout(x, rate, noiseShape(x.shape()), seed, calls.getAndIncrement());
  }
}
