/** Dense row-major tensors, their element types, and the types a layer works with. */
@NullMarked
package sepal.tensor;

import org.jspecify.annotations.NullMarked;
