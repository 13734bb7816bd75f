package sepal.kernels;

import sepal.shape.DataFormat;

/** A matrix laid out for the kernels that made it; see {@link Kernels#pack}. */
public final class PackedKernel {
  final float[] data;
  final int rows;
  final int columns;
  final int groups;
  final DataFormat dataFormat;

  PackedKernel(float[] data, int rows, int columns, int groups, DataFormat dataFormat) {
    this.data = data;
    this.rows = rows;
    this.columns = columns;
    this.groups = groups;
    this.dataFormat = dataFormat;
  }
}
