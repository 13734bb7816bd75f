/** DL4J as a peer: the operation of ND4J that its layer calls. */
@NullMarked
package sepal.benchmarks.dl4j;

import org.jspecify.annotations.NullMarked;
