/** oneDNN, the library beneath many runtimes, as a peer: its primitives called one by one. */
@NullMarked
package sepal.benchmarks.onednn;

import org.jspecify.annotations.NullMarked;
