/**
 * Operations: pure functions of tensors. Each one stands in a class of its own, with room for its
 * gradient beside its forward; {@link sepal.ops.Ops} is the door.
 */
@NullMarked
package sepal.ops;

import org.jspecify.annotations.NullMarked;
