/**
 * The inner loops: one small sealed interface ({@link sepal.kernels.Kernels}), a scalar
 * implementation that is the executable specification, and a SIMD one on {@code
 * jdk.incubator.vector}. {@link sepal.kernels.KernelChoice} picks one at start-up.
 *
 * <p>Kernels see {@code float[]}, offsets and a {@code ConvGeometry}, never a tensor.
 */
@NullMarked
package sepal.kernels;

import org.jspecify.annotations.NullMarked;
