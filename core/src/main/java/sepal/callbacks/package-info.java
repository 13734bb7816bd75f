/**
 * Keras' callbacks: they stop training, keep its best weights, change the learning rate, write logs
 * and bring a training that was cut off back to where it was.
 */
@NullMarked
package sepal.callbacks;

import org.jspecify.annotations.NullMarked;
