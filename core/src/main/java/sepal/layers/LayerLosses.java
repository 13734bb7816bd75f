package sepal.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** The part of {@link Layer} that keeps losses, updates and masks. */
abstract class LayerLosses extends LayerVariables {
  private final Conditional<Supplier<Tensor>> addedLosses = new Conditional<>();
  private final Conditional<Runnable> addedUpdates = new Conditional<>();
  private final Masks masks = new Masks();

  LayerLosses(boolean trainable) {
    super(trainable);
  }

  /**
   * The losses beside that of the predictions: those of calls on this thread as long as a {@link
   * LossScope} is open, those of {@link #addLoss(Supplier, KerasTensor...)}, and the penalties on
   * the weights that training may change; each a scalar.
   */
  public final List<Tensor> losses() {
    List<Layer> layers = withInside();
    List<Tensor> losses = new ArrayList<>(LossScope.losses(layers, null));
    layers.forEach(
        layer -> ((LayerLosses) layer).addedLosses.all().forEach(loss -> losses.add(loss.get())));
    losses.addAll(weightPenalties());
    return losses;
  }

  /** The unconditional {@link #losses}: those that do not belong to any one call. */
  public final List<Tensor> getLossesFor() {
    List<Tensor> losses = new ArrayList<>();
    for (Layer layer : withInside()) {
      ((LayerLosses) layer).addedLosses.of(List.of()).forEach(loss -> losses.add(loss.get()));
    }
    losses.addAll(weightPenalties());
    return losses;
  }

  /** The losses that calls on exactly these tensors added to the {@link LossScope} that is open. */
  public final List<Tensor> getLossesFor(Tensor input, Tensor... more) {
    return LossScope.losses(withInside(), listOf(input, more));
  }

  /** The losses that were added for exactly these symbolic tensors, in this order. */
  public final List<Tensor> getLossesFor(KerasTensor input, KerasTensor... more) {
    return lossesFor(listOf(input, more));
  }

  final List<Tensor> lossesFor(List<KerasTensor> inputs) {
    return addedLosses.of(inputs).stream().map(Supplier::get).toList();
  }

  private List<Tensor> weightPenalties() {
    List<Tensor> penalties = new ArrayList<>();
    for (Weight weight : trainableWeights()) {
      if (weight.regularizer() != null) {
        penalties.add(weight.regularizer().apply(weight.value()));
      }
    }
    return penalties;
  }

  /**
   * Adds a loss to those of a running {@link Layer#call(Tensor, boolean) call}. It counts while a
   * {@link LossScope} is open on this thread, as in training and evaluation; a prediction forgets
   * it.
   *
   * @param loss one number
   * @param inputs the tensors it belongs to; those of the running call if there are none
   * @throws IllegalArgumentException if it is not one number
   */
  public void addLoss(Tensor loss, Tensor... inputs) {
    if (loss.size() != 1) {
      throw Problem.in(toString(), "a loss must be one number")
          .got("shape " + loss.shape())
          .expected("shape ()")
          .asInvalidArgument();
    }
    LossScope scope = LossScope.current();
    if (scope != null) {
      scope.add((Layer) this, inputs.length == 0 ? scope.inputs() : List.of(inputs), loss, 1);
    }
  }

  /**
   * Adds a loss that is computed anew for every batch, for example from weights.
   *
   * @param inputs the symbolic tensors that the layer was called on, if the loss belongs to that
   *     call alone: then it counts in training and evaluating models that make this call. None if
   *     it always counts
   */
  public void addLoss(Supplier<Tensor> loss, KerasTensor... inputs) {
    addedLosses.add(loss, inputs);
  }

  /**
   * Adds something to be done after every call in training.
   *
   * @param inputs the symbolic tensors it belongs to, for {@link #getUpdatesFor}; none if it
   *     belongs to all calls
   */
  public final void addUpdate(Runnable update, KerasTensor... inputs) {
    addedUpdates.add(update, inputs);
  }

  /** What {@link #addUpdate} added; layers with a state, such as moving averages, list nothing. */
  public final List<Runnable> updates() {
    return addedUpdates.all();
  }

  /** The updates that were added for exactly these symbolic tensors; for none, unconditionally. */
  public final List<Runnable> getUpdatesFor(KerasTensor... inputs) {
    return addedUpdates.of(List.of(inputs));
  }

  /** Whether a mask of the input is one of the output. */
  public boolean supportsMasking() {
    return Masks.passOn((Layer) this);
  }

  /**
   * The mask of the output.
   *
   * @param mask the mask of the input, or null
   * @return the same mask; null, with a warning the first time, if the layer does not support masks
   */
  public @Nullable Tensor computeMask(Tensor input, @Nullable Tensor mask) {
    return masks.computeMask((Layer) this, mask);
  }

  /**
   * Refused, as in Keras 3.
   *
   * @throws UnsupportedOperationException always
   */
  public final void addMetric(Object metric) {
    throw Problem.in(toString(), "layers have no metrics of their own")
        .got(metric)
        .fix("give the metric to model.compile")
        .asUnsupported();
  }

  /**
   * Refused: Sepal computes in floating point.
   *
   * @throws UnsupportedOperationException always
   */
  public final void quantize(String mode) {
    throw Problem.in(toString(), "quantized weights are not supported")
        .got("mode=\"" + mode + "\"")
        .fix("keep the weights in float32 or float64")
        .asUnsupported();
  }

  /** Runs the updates that follow a call in training. */
  final List<Tensor> afterCall(List<Tensor> outputs, boolean training) {
    if (training) {
      addedUpdates.all().forEach(Runnable::run);
    }
    return outputs;
  }

  final void propagateMasks(Node node) {
    masks.propagate((Layer) this, node);
  }

  private List<Layer> withInside() {
    return LayerCopies.withInside((Layer) this);
  }

  static <T> List<T> listOf(T first, T[] more) {
    List<T> list = new ArrayList<>(List.of(first));
    list.addAll(List.of(more));
    return list;
  }
}
