package sepal.training;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The batches of each epoch: a pass over the data, or so many steps of passes without end. */
final class Batches {
  private final Dataset dataset;
  private final @Nullable Integer stepsPerEpoch;
  private @Nullable Iterator<Batch> pass;

  Batches(Dataset dataset, @Nullable Integer stepsPerEpoch) {
    this.dataset = dataset;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  Iterator<Batch> epoch() {
    Integer steps = stepsPerEpoch;
    return steps == null ? dataset.iterator() : new Steps(steps);
  }

  /** Goes on where the last epoch stopped, and begins a new pass when one ends. */
  private final class Steps implements Iterator<Batch> {
    private int left;

    Steps(int steps) {
      left = steps;
    }

    @Override
    public boolean hasNext() {
      if (left == 0) {
        return false;
      }
      if (pass == null || !pass.hasNext()) {
        pass = dataset.iterator();
      }
      return pass.hasNext();
    }

    @Override
    public Batch next() {
      if (!hasNext() || pass == null) {
        throw new NoSuchElementException();
      }
      left--;
      return pass.next();
    }
  }
}
