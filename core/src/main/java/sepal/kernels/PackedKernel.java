package sepal.kernels;

import org.jspecify.annotations.Nullable;

/** A matrix laid out for the kernels that made it; see {@link Kernels#pack}. */
public final class PackedKernel {
  final float[] data;

  /** Where the values begin in {@code data}, which other kernels may share. */
  final int start;

  final int rows;
  final int columns;
  final int groups;

  /** True if {@code data} is the matrix as it was, false if the vector kernels laid it out. */
  final boolean plain;

  /** The same with its rows in the order (multiplier, channels), once that was asked for. */
  volatile @Nullable PackedKernel multiplierMajor;

  /** What the plain loops of {@link WarmingKernels} read, until they are no longer needed. */
  volatile float @Nullable [] matrix;

  /** The same for the vector kernels, once that was asked for; see {@link WarmingKernels}. */
  volatile @Nullable PackedKernel laidOut;

  PackedKernel(float[] data, int rows, int columns, int groups, boolean plain) {
    this(data, 0, rows, columns, groups, plain);
  }

  PackedKernel(float[] data, int start, int rows, int columns, int groups, boolean plain) {
    this.data = data;
    this.start = start;
    this.rows = rows;
    this.columns = columns;
    this.groups = groups;
    this.plain = plain;
  }
}
