/**
 * First values of weights, as Keras draws them: the documented distributions, seeded and
 * reproducible.
 */
@NullMarked
package sepal.initializers;

import org.jspecify.annotations.NullMarked;
