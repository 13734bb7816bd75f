package sepal.callbacks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.SeedGenerator;
import sepal.tensor.Tensor;
import sepal.training.Callback;

/**
 * Keeps the state of training after each epoch, so that a {@code fit} that was cut off goes on
 * where it was: call {@code fit} again with the same arguments. It then arrives at the same bits as
 * if it had never been cut off: shuffling and dropout go on where they were.
 *
 * <p>What other callbacks remember is not kept.
 *
 * @see "Keras 3.16, keras.callbacks.BackupAndRestore"
 */
public final class BackupAndRestore extends Callback {
  private final Store store;
  private final @Nullable Integer saveFreq;
  private int epoch;
  private int sinceSaved;

  /** Where the state is kept. */
  public interface Store {
    /** The last state that was kept, or null. */
    @Nullable State read();

    /** Keeps this state instead of the one before. */
    void write(State state);

    /** Forgets the state: training has ended well. */
    void delete();
  }

  /**
   * All that the rest of a training depends on.
   *
   * @param next the batch to go on with
   * @param weights the values of all weights of the model
   * @param optimizer the optimizer's variables
   * @param seeds the state of each seed generator of the model
   */
  public record State(
      Position next,
      List<Tensor> weights,
      List<Tensor> optimizer,
      List<SeedGenerator.State> seeds) {

    public State {
      weights = List.copyOf(weights);
      optimizer = List.copyOf(optimizer);
      seeds = List.copyOf(seeds);
    }
  }

  /** Keeps the state in memory. */
  public static final class MemoryStore implements Store {
    private volatile @Nullable State state;

    /** An empty store. */
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

  /** Keeps the state after each epoch. */
  public BackupAndRestore(Store store) {
    this(store, null);
  }

  /**
   * @param saveFreq keeps the state after so many batches too, for long epochs; the logs of an
   *     epoch that is resumed in the middle are those of its rest. Null for epochs only
   * @throws IllegalArgumentException if it is not positive
   */
  public BackupAndRestore(Store store, @Nullable Integer saveFreq) {
    this.store = store;
    this.saveFreq =
        saveFreq == null ? null : Check.positive("BackupAndRestore", "saveFreq", saveFreq);
  }

  @Override
  public Position resumeAt(Position start) {
    sinceSaved = 0;
    State state = store.read();
    if (state == null) {
      return start;
    }
    Layer model = trainer().model();
    List<SeedGenerator> seeds = model.seedGenerators();
    if (seeds.size() != state.seeds().size()) {
      throw Problem.in("BackupAndRestore", "the backup is of another model")
          .got(state.seeds().size() + " seed generators")
          .expected(Integer.toString(seeds.size()))
          .fix("delete the backup, or train the model that it was made of")
          .asInvalidArgument();
    }
    model.setWeights(state.weights());
    trainer().optimizer().setVariables(state.optimizer(), model.trainableWeights());
    for (int i = 0; i < seeds.size(); i++) {
      seeds.get(i).setState(state.seeds().get(i));
    }
    return state.next();
  }

  @Override
  public void onEpochBegin(int newEpoch) {
    epoch = newEpoch;
  }

  @Override
  public void onTrainBatchEnd(int batch, Map<String, Double> logs) {
    Integer steps = params().steps();
    boolean last = steps != null && batch + 1 == steps; // the end of the epoch is near
    if (saveFreq != null && ++sinceSaved >= saveFreq && !last) {
      save(new Position(epoch, batch + 1));
    }
  }

  @Override
  public void onEpochEnd(int ended, Map<String, Double> logs) {
    save(new Position(ended + 1, 0));
  }

  private void save(Position next) {
    Layer model = trainer().model();
    List<SeedGenerator.State> seeds = new ArrayList<>();
    model.seedGenerators().forEach(generator -> seeds.add(generator.state()));
    store.write(new State(next, model.getWeights(), trainer().optimizer().variables(), seeds));
    sinceSaved = 0;
  }

  @Override
  public void onTrainEnd(Map<String, Double> logs) {
    store.delete();
  }
}
