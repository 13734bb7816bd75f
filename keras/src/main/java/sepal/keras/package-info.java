/**
 * Keras' files: the only room that names an HDF5 or a JSON library. Everything that comes from a
 * file is judged here, before memory is asked for it.
 */
@NullMarked
package sepal.keras;

import org.jspecify.annotations.NullMarked;
