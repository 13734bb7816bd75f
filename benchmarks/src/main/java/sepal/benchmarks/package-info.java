/**
 * Sepal measured: its kernels by JMH ({@link sepal.benchmarks.LayerBenchmark}), and beside other
 * libraries, each in processes of its own ({@link sepal.benchmarks.PeerRun}); the memory of a
 * training step ({@link sepal.benchmarks.TrainingMemory}). All on the workloads of {@link
 * sepal.kernels.Workload}.
 */
@NullMarked
package sepal.benchmarks;

import org.jspecify.annotations.NullMarked;
