package sepal.training;

import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** Tensors cut into batches; the last one may be smaller. */
final class ArrayDataset implements Dataset {
  private final List<Tensor> x;
  private final List<Tensor> y;
  private final @Nullable Tensor sampleWeight;
  private final int batchSize;
  private final int samples;
  private final @Nullable Long shuffleSeed;
  private int pass;

  /**
   * @param where who asks, for messages
   * @param shuffleSeed shuffles anew for each pass, in a way that depends on the seed and on the
   *     number of the pass only; null for no shuffling
   */
  ArrayDataset(
      String where,
      List<Tensor> x,
      List<Tensor> y,
      @Nullable Tensor sampleWeight,
      int batchSize,
      @Nullable Long shuffleSeed) {
    this.x = x;
    this.y = y;
    this.sampleWeight = sampleWeight;
    this.batchSize = batchSize;
    this.samples = samples(where, x, y, sampleWeight);
    this.shuffleSeed = shuffleSeed;
  }

  /** The number of samples that all tensors agree on. */
  static int samples(String where, List<Tensor> x, List<Tensor> y, @Nullable Tensor sampleWeight) {
    if (x.isEmpty()) {
      throw Problem.in(where, "there are no inputs").asInvalidArgument();
    }
    int samples = x.get(0).shape().get(0);
    IntStream sizes =
        IntStream.concat(
            java.util.stream.Stream.concat(x.stream(), y.stream()).mapToInt(t -> t.shape().get(0)),
            sampleWeight == null ? IntStream.empty() : IntStream.of(sampleWeight.shape().get(0)));
    if (sizes.anyMatch(size -> size != samples)) {
      throw Problem.in(where, "all tensors must have the same number of samples")
          .got(
              "x "
                  + x.stream().map(Tensor::shape).toList()
                  + ", y "
                  + y.stream().map(Tensor::shape).toList()
                  + (sampleWeight == null ? "" : ", sampleWeight " + sampleWeight.shape()))
          .expected(samples + " on axis 0 of each")
          .asInvalidArgument();
    }
    return samples;
  }

  int batches() {
    return (samples + batchSize - 1) / batchSize;
  }

  /** Makes the next pass the one of this number. */
  void startAt(int number) {
    pass = number;
  }

  @Override
  public Iterator<Batch> iterator() {
    int[] order = order(pass++);
    return IntStream.range(0, batches())
        .mapToObj(
            i -> {
              int from = i * batchSize;
              int[] rows =
                  java.util.Arrays.copyOfRange(order, from, Math.min(samples, from + batchSize));
              return new Batch(
                  x.stream().map(t -> t.rows(rows)).toList(),
                  y.stream().map(t -> t.rows(rows)).toList(),
                  sampleWeight == null ? null : sampleWeight.rows(rows));
            })
        .iterator();
  }

  /** The order of the samples in a pass: a Fisher-Yates shuffle. */
  private int[] order(int number) {
    int[] order = IntStream.range(0, samples).toArray();
    if (shuffleSeed != null) {
      SplittableRandom random = new SplittableRandom(shuffleSeed * 31 + number);
      for (int i = samples - 1; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
      }
    }
    return order;
  }
}
