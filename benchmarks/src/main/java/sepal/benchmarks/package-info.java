/**
 * Sepal measured: its kernels by JMH ({@link sepal.benchmarks.LayerBenchmark}), and beside other
 * libraries, each in processes of its own ({@link sepal.benchmarks.PeerRun}). All on the workloads
 * of {@link sepal.kernels.Workload}.
 */
@NullMarked
package sepal.benchmarks;

import org.jspecify.annotations.NullMarked;
