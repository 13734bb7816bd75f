/**
 * Layers: what Keras calls by these names, each a record of arguments, its weights, and one call
 * into {@code ops}. No SIMD, padding arithmetic, JSON or gradients here.
 */
@NullMarked
package sepal.layers;

import org.jspecify.annotations.NullMarked;
