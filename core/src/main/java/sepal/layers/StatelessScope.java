package sepal.layers;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** On this thread, weights have other values than those they keep. */
final class StatelessScope implements AutoCloseable {
  private static final ThreadLocal<@Nullable StatelessScope> CURRENT = new ThreadLocal<>();

  private final @Nullable StatelessScope outer = CURRENT.get();
  private final Map<Weight, Tensor> values = new IdentityHashMap<>();

  StatelessScope() {
    CURRENT.set(this);
  }

  /** Gives each weight a value, or refuses all. */
  void put(Layer layer, String argument, List<Weight> weights, List<Tensor> given) {
    if (given.size() != weights.size()) {
      throw Problem.in(layer.toString(), "wrong number of " + argument)
          .got(given.size())
          .expected(weights.size() + "   " + weights.stream().map(Weight::name).toList())
          .asInvalidArgument();
    }
    for (int i = 0; i < given.size(); i++) {
      weights.get(i).assign(given.get(i));
    }
  }

  /** The value of a weight on this thread, or null if it is the one that it keeps. */
  static @Nullable Tensor valueOf(Weight weight) {
    StatelessScope current = CURRENT.get();
    return current == null ? null : current.values.get(weight);
  }

  /** Whether the value was taken, instead of being kept by the weight. */
  static boolean assign(Weight weight, Tensor value) {
    StatelessScope current = CURRENT.get();
    if (current == null) {
      return false;
    }
    current.values.put(weight, value);
    return true;
  }

  @Override
  public void close() {
    if (outer == null) {
      CURRENT.remove();
    } else {
      CURRENT.set(outer);
    }
  }
}
