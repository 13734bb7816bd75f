/** ONNX Runtime as a peer: the graph is written by hand, since only its two convolutions matter. */
@NullMarked
package sepal.benchmarks.onnxruntime;

import org.jspecify.annotations.NullMarked;
