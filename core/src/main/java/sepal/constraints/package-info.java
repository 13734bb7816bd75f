/** Rules that weights obey after each update. */
@NullMarked
package sepal.constraints;

import org.jspecify.annotations.NullMarked;
