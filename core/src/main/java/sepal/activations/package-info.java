/** The functions that layers apply to their output, under the names Keras gives them. */
@NullMarked
package sepal.activations;

import org.jspecify.annotations.NullMarked;
