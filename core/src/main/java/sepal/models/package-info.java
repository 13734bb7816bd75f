/**
 * Models: layers put together. {@link sepal.models.Sequential} is a stack, {@link
 * sepal.models.Functional} any graph without cycles; both are layers again, so models nest. A graph
 * is ordered once, when the model is made; predicting walks it and keeps nothing, so that many
 * threads can use one model. {@link sepal.models.Models} builds models from what Keras writes down.
 */
@NullMarked
package sepal.models;

import org.jspecify.annotations.NullMarked;
