/**
 * Where arguments are judged and messages are built: every error says where, what, got, expected
 * and how to mend it.
 */
@NullMarked
package sepal.check;

import org.jspecify.annotations.NullMarked;
