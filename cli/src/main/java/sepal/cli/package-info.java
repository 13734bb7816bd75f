/**
 * The {@code sepal} command: reads its arguments, calls the other modules, prints what they give.
 * The only room that writes to the standard streams and ends the process. No other room imports it,
 * so nothing that a library user needs may live here.
 */
@NullMarked
package sepal.cli;

import org.jspecify.annotations.NullMarked;
