package sepal.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * Records what operations do on this thread, so that gradients can be computed backwards: in the
 * manner of TensorFlow's {@code GradientTape}.
 *
 * <pre>{@code
 * try (Tape tape = new Tape()) {
 *   tape.watch(x);
 *   Tensor y = layer.apply(x, true);
 *   Tensor dx = tape.gradient(y, List.of(x)).get(0);
 * }
 * }</pre>
 *
 * <p>Only what depends on a watched tensor is recorded. A tape belongs to the thread that made it;
 * tapes may be nested, and each records for itself.
 */
public final class Tape implements AutoCloseable {
  private static final ThreadLocal<@Nullable Deque<Tape>> OPEN = new ThreadLocal<>();

  private record Step(List<Tensor> inputs, Tensor output, Backward backward) {}

  private final List<Step> steps = new ArrayList<>();
  private final Map<Tensor, Boolean> active = new IdentityHashMap<>();

  /** The gradient of one operation, written beside its forward. */
  @FunctionalInterface
  public interface Backward {
    /**
     * @param upstream the gradient of the target by the output, of the output's shape
     * @param needed for each input whether its gradient is wanted
     * @return the gradient by each input, of its shape; null where it is not wanted or zero
     */
    @Nullable Tensor[] gradients(Tensor upstream, boolean[] needed);
  }

  /** Starts to record on this thread. */
  public Tape() {
    tapes().push(this);
  }

  /** Those that are open on this thread. */
  private static Deque<Tape> tapes() {
    Deque<Tape> tapes = OPEN.get();
    if (tapes == null) {
      tapes = new ArrayDeque<>();
      OPEN.set(tapes);
    }
    return tapes;
  }

  /** Asks for everything that depends on {@code tensor} to be recorded. */
  public void watch(Tensor tensor) {
    active.put(tensor, true);
  }

  /** Whether a tape is open on this thread. */
  public static boolean isOpen() {
    return !tapes().isEmpty();
  }

  /** Whether an operation on these inputs would be recorded; saves the work of preparing for it. */
  public static boolean isRecording(Tensor... inputs) {
    for (Tape tape : tapes()) {
      if (tape.anyActive(inputs)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Notes that {@code output} was computed from {@code inputs}; called by operations.
   *
   * @return {@code output}
   */
  public static Tensor record(Tensor output, Backward backward, Tensor... inputs) {
    if (inputs.length == 1 && inputs[0] == output) {
      return output; // nothing happened
    }
    for (Tape tape : tapes()) {
      if (tape.anyActive(inputs)) {
        tape.steps.add(new Step(List.of(inputs), output, backward));
        tape.active.put(output, true);
      }
    }
    return output;
  }

  private boolean anyActive(Tensor[] inputs) {
    for (Tensor input : inputs) {
      if (active.containsKey(input)) {
        return true;
      }
    }
    return false;
  }

  /** The gradient of the sum of {@code target}'s elements by each source. */
  public List<@Nullable Tensor> gradient(Tensor target, List<Tensor> sources) {
    return gradient(target, Tensor.full(target.dtype(), target.shape(), 1), sources);
  }

  /**
   * The gradient of {@code sum(target * upstream)} by each source.
   *
   * @param upstream of the target's shape
   * @return one tensor for each source, of its shape; null where the target does not depend on it
   * @throws IllegalArgumentException if the upstream's shape is another than the target's
   */
  public List<@Nullable Tensor> gradient(Tensor target, Tensor upstream, List<Tensor> sources) {
    return gradient(List.of(target), List.of(upstream), sources);
  }

  /**
   * The gradient of {@code sum(target * upstream)}, summed over several targets, by each source.
   *
   * @param upstreams one for each target, of its shape
   * @return one tensor for each source, of its shape; null where no target depends on it
   * @throws IllegalArgumentException if an upstream's shape is another than its target's
   */
  public List<@Nullable Tensor> gradient(
      List<Tensor> targets, List<Tensor> upstreams, List<Tensor> sources) {
    Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      if (!upstreams.get(i).shape().equals(targets.get(i).shape())) {
        throw Problem.in("Tape", "the upstream gradient has another shape than the target")
            .got(upstreams.get(i).shape())
            .expected(targets.get(i).shape().toString())
            .asInvalidArgument();
      }
      gradients.merge(targets.get(i), upstreams.get(i), Tape::add);
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step step = steps.get(i);
      Tensor output = gradients.get(step.output);
      if (output != null) {
        propagate(step, output, gradients);
      }
    }
    List<@Nullable Tensor> result = new ArrayList<>();
    sources.forEach(source -> result.add(gradients.get(source)));
    return result;
  }

  private void propagate(Step step, Tensor upstream, Map<Tensor, Tensor> gradients) {
    boolean[] needed = new boolean[step.inputs.size()];
    for (int k = 0; k < needed.length; k++) {
      needed[k] = active.containsKey(step.inputs.get(k));
    }
    @Nullable Tensor[] found = step.backward.gradients(upstream, needed);
    for (int k = 0; k < needed.length; k++) {
      Tensor gradient = found[k];
      if (needed[k] && gradient != null) {
        assert gradient.shape().equals(step.inputs.get(k).shape());
        gradients.merge(step.inputs.get(k), gradient, Tape::add);
      }
    }
  }

  private static Tensor add(Tensor a, Tensor b) {
    if (a.dtype() == DType.FLOAT64) {
      double[] sum = a.doubles().clone();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += b.doubles()[i];
      }
      return Tensor.wrap(sum, a.shape());
    }
    float[] sum = a.floats().clone();
    float[] more = b.floats();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
    return Tensor.wrap(sum, a.shape());
  }

  /** Stops recording and forgets. */
  @Override
  public void close() {
    tapes().remove(this);
    steps.clear();
    active.clear();
  }
}
