package sepal.layers;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.ops.Ops;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * Collects the losses that layers add while they are called on this thread, as training does.
 * Predicting opens none, so it keeps nothing.
 */
public final class LossScope implements AutoCloseable {
  private static final ThreadLocal<Deque<LossScope>> OPEN =
      ThreadLocal.withInitial(ArrayDeque::new);

  private final List<Penalty> penalties = new ArrayList<>();

  /** Those of suppliers, which {@link Layer#losses} asks itself. */
  private final List<Penalty> supplied = new ArrayList<>();

  private final Deque<List<Tensor>> calls = new ArrayDeque<>();

  /**
   * A loss that a call added.
   *
   * @param value a scalar
   * @param factor what it counts for: 1 / batch size for penalties on outputs, as in Keras 3
   * @param layer whose it is
   * @param inputs of the call
   */
  public record Penalty(Tensor value, double factor, Layer layer, List<Tensor> inputs) {

    /** What it adds to the loss: {@code value * factor}. */
    public Tensor scaled() {
      return factor == 1
          ? value
          : Ops.multiply(value, Tensor.full(value.dtype(), Shape.of(), factor));
    }

    private boolean isOn(List<Tensor> tensors) {
      if (tensors.size() != inputs.size()) {
        return false;
      }
      for (int i = 0; i < tensors.size(); i++) {
        if (tensors.get(i) != inputs.get(i)) {
          return false;
        }
      }
      return true;
    }
  }

  /** Collects from now on what calls on this thread add. */
  public LossScope() {
    OPEN.get().push(this);
  }

  /** The one that collects on this thread, or null. */
  static @Nullable LossScope current() {
    return OPEN.get().peek();
  }

  void add(Layer layer, List<Tensor> inputs, Tensor value, double factor) {
    penalties.add(new Penalty(value, factor, layer, List.copyOf(inputs)));
  }

  /** Notes which inputs the losses belong to that {@code call} adds. */
  <T> T during(List<Tensor> inputs, Supplier<T> call) {
    calls.push(inputs);
    try {
      return call.get();
    } finally {
      calls.pop();
    }
  }

  /** The inputs of the innermost call that is running. */
  List<Tensor> inputs() {
    return calls.isEmpty() ? List.of() : calls.element();
  }

  /**
   * Takes in the losses that were {@link Layer#addLoss(Supplier, KerasTensor...) added} for the
   * inputs of these calls, when a model makes them; nothing if no scope is open on this thread.
   */
  public static void addLossesFor(Collection<Node> calls) {
    LossScope scope = current();
    if (scope == null) {
      return;
    }
    for (Node call : calls) {
      if (!call.inputs().isEmpty()) {
        for (Tensor loss : call.layer().lossesFor(call.inputs())) {
          scope.supplied.add(new Penalty(loss, 1, call.layer(), List.of()));
        }
      }
    }
  }

  /** What was added so far: by calls in their order, then by suppliers. */
  public List<Penalty> penalties() {
    List<Penalty> all = new ArrayList<>(penalties);
    all.addAll(supplied);
    return all;
  }

  /**
   * What calls of these layers added on this thread.
   *
   * @param inputs only by calls on exactly these tensors; null for any
   */
  static List<Tensor> losses(List<Layer> layers, @Nullable List<Tensor> inputs) {
    LossScope scope = current();
    return scope == null
        ? List.of()
        : scope.penalties.stream()
            .filter(penalty -> layers.contains(penalty.layer))
            .filter(penalty -> inputs == null || penalty.isOn(inputs))
            .map(Penalty::scaled)
            .toList();
  }

  @Override
  public void close() {
    OPEN.get().remove(this);
  }
}
