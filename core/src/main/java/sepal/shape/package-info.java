/** Shapes, windows and the only padding arithmetic of the library. */
@NullMarked
package sepal.shape;

import org.jspecify.annotations.NullMarked;
