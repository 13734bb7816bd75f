package sepal.layers;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Where a layer that draws random numbers takes them from: a seed, and the number of draws so far.
 * A training that goes on later needs both; see {@link Layer#seedGenerators}.
 *
 * @see "Keras 3.16, keras.random.SeedGenerator"
 */
public final class SeedGenerator {
  private volatile long seed;
  private final AtomicLong draws = new AtomicLong();

  /**
   * All that the next draws depend on.
   *
   * @param draws the number of draws so far
   */
  public record State(long seed, long draws) {}

  /**
   * @param seed null for another one each time
   */
  SeedGenerator(@Nullable Long seed) {
    this.seed = seed != null ? seed : ThreadLocalRandom.current().nextLong();
  }

  /** The state for one draw; no two calls get the same. */
  State next() {
    return new State(seed, draws.getAndIncrement());
  }

  /** What {@link #setState} takes to draw the same again. */
  public State state() {
    return new State(seed, draws.get());
  }

  /** Goes on where another generator was. */
  public void setState(State state) {
    seed = state.seed();
    draws.set(state.draws());
  }
}
