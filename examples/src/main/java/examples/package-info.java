/**
 * Five documents of SeparableConv2D, of five times and two languages, followed from top to bottom:
 * each program prints what its document promises.
 */
@NullMarked
package examples;

import org.jspecify.annotations.NullMarked;
