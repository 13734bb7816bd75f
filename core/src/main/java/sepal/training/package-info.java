/**
 * Training: what {@code compile}, {@code fit} and {@code evaluate} do, step by step as Keras does
 * it, and the callbacks that watch it.
 */
@NullMarked
package sepal.training;

import org.jspecify.annotations.NullMarked;
