package sepal.callbacks;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.layers.Layer;
import sepal.optimizers.Optimizer;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/**
 * Keeps the state of training after each epoch, so that a {@code fit} that was cut off goes on
 * where it was: call {@code fit} again with the same arguments.
 *
 * @see "Keras 3.16, keras.callbacks.BackupAndRestore"
 */
public final class BackupAndRestore extends Callback {
  private final Store store;

  /** Where the state is kept. */
  public interface Store {
    /** The last state that was kept, or null. */
    @Nullable State read();

    void write(State state);

    /** Forgets the state: training has ended well. */
    void delete();
  }

  /**
   * @param epoch the next epoch, from 0
   * @param weights the values of all weights of the model
   * @param optimizer the optimizer's variables
   */
  public record State(int epoch, List<Tensor> weights, List<Tensor> optimizer) {}

  /** Keeps the state in memory. */
  public static final class MemoryStore implements Store {
    private volatile @Nullable State state;

    public MemoryStore() {}

    @Override
    public @Nullable State read() {
      return state;
    }

    @Override
    public void write(State newState) {
      state = newState;
    }

    @Override
    public void delete() {
      state = null;
    }
  }

  public BackupAndRestore(Store store) {
    this.store = store;
  }

  @Override
  public int resumeAt(int initialEpoch) {
    State state = store.read();
    if (state == null) {
      return initialEpoch;
    }
    Layer model = trainer().model();
    model.setWeights(state.weights());
    trainer().optimizer().setVariables(state.optimizer(), model.trainableWeights());
    return state.epoch();
  }

  @Override
  public void onEpochEnd(int epoch, Map<String, Double> logs) {
    Optimizer optimizer = trainer().optimizer();
    store.write(
        new State(epoch + 1, trainer().model().getWeights(), List.copyOf(optimizer.variables())));
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    store.delete();
  }
}
