/**
 * What is watched in training: numbers that are gathered over many batches and told at the end of
 * each.
 */
@NullMarked
package sepal.metrics;

import org.jspecify.annotations.NullMarked;
