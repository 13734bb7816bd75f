/** TensorFlow Java as a peer. */
@NullMarked
package sepal.benchmarks.tensorflow;

import org.jspecify.annotations.NullMarked;
