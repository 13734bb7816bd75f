package sepal.training;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The batches of each epoch: a pass over the data, or so many steps of passes without end. */
final class Batches {
  private final Dataset dataset;
  private final @Nullable Integer stepsPerEpoch;
  private @Nullable Iterator<Batch> pass;

  /** Batches of the next epoch that were trained on before. */
  private int done;

  /** Batches of the next pass to leave out. */
  private long skip;

  /**
   * @param start the first batch; datasets that are not arrays begin anew, less the batches of an
   *     epoch that was begun
   */
  Batches(Dataset dataset, @Nullable Integer stepsPerEpoch, Callback.Position start) {
    this.dataset = dataset;
    this.stepsPerEpoch = stepsPerEpoch;
    this.done = start.batch();
    this.skip = start.batch();
    if (dataset instanceof ArrayDataset arrays) {
      if (stepsPerEpoch == null) {
        arrays.startAt(start.epoch());
      } else {
        long before = (long) start.epoch() * stepsPerEpoch + start.batch();
        arrays.startAt((int) (before / arrays.batches()));
        skip = before % arrays.batches();
      }
    }
  }

  /** The number of batches in an epoch, or null if nobody knows. */
  static @Nullable Integer count(Dataset dataset, @Nullable Integer steps) {
    return steps == null && dataset instanceof ArrayDataset arrays ? arrays.batches() : steps;
  }

  /** The batches of the next epoch from {@link #firstOfEpoch} on. */
  Iterator<Batch> epoch() {
    int left = stepsPerEpoch == null ? 0 : stepsPerEpoch - done;
    done = 0;
    return stepsPerEpoch == null ? nextPass() : new Steps(left);
  }

  /** The number of the batch that the next epoch begins with. */
  int firstOfEpoch() {
    return done;
  }

  private Iterator<Batch> nextPass() {
    Iterator<Batch> next = dataset.iterator();
    for (; skip > 0 && next.hasNext(); skip--) {
      next.next();
    }
    skip = 0;
    return next;
  }

  /** Goes on where the last epoch stopped, and begins a new pass when one ends. */
  private final class Steps implements Iterator<Batch> {
    private int left;

    Steps(int steps) {
      left = steps;
    }

    @Override
    public boolean hasNext() {
      if (left <= 0) {
        return false;
      }
      if (pass == null || !pass.hasNext()) {
        pass = nextPass();
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
