/**
 * Optimizers and learning-rate schedules, under Keras' names and with Keras' arithmetic: the order
 * of clipping, weight decay, update, moving averages and constraints is Keras' too.
 */
@NullMarked
package sepal.optimizers;

import org.jspecify.annotations.NullMarked;
