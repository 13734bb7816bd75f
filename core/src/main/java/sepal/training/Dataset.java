package sepal.training;

/**
 * Batches to train on, one pass for each epoch: every call of {@code iterator} begins a new pass.
 * The data need not fit in memory.
 */
@FunctionalInterface
public interface Dataset extends Iterable<Batch> {}
