package sepal.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sepal.tensor.Tensor;

/**
 * Collects the penalties on outputs that layers add while they are called on this thread.
 * Predicting opens none, so it keeps nothing.
 */
public final class LossScope implements AutoCloseable {
  private static final ThreadLocal<Deque<LossScope>> OPEN =
      ThreadLocal.withInitial(ArrayDeque::new);

  private final List<Penalty> penalties = new ArrayList<>();

  /**
   * A penalty on the output of one call.
   *
   * @param value a scalar
   * @param factor what it counts for: 1 / batch size, as Keras 3 does
   */
  public record Penalty(Tensor value, double factor) {}

  public LossScope() {
    OPEN.get().push(this);
  }

  static boolean isOpen() {
    return !OPEN.get().isEmpty();
  }

  static void add(Tensor value, double factor) {
    OPEN.get().element().penalties.add(new Penalty(value, factor));
  }

  /** What was added so far, in the order of the calls. */
  public List<Penalty> penalties() {
    return List.copyOf(penalties);
  }

  @Override
  public void close() {
    OPEN.get().remove(this);
  }
}
