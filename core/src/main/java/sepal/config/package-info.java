/** Keras names and configurations: what can be written down, read back, and registered by users. */
@NullMarked
package sepal.config;

import org.jspecify.annotations.NullMarked;
