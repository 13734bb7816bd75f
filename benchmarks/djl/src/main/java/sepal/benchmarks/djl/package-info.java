/** PyTorch, called through DJL, as a peer. */
@NullMarked
package sepal.benchmarks.djl;

import org.jspecify.annotations.NullMarked;
