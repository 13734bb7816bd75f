/** Penalties on weights and outputs. */
@NullMarked
package sepal.regularizers;

import org.jspecify.annotations.NullMarked;
