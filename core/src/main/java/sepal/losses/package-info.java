/**
 * What training makes small: how far predictions are from labels. A loss gives one value for each
 * sample, with its gradient beside it, and a reduction makes one number of them.
 */
@NullMarked
package sepal.losses;

import org.jspecify.annotations.NullMarked;
