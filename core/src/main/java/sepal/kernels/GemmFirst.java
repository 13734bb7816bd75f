package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of {@link Gemm} for channels_first, where the matrix is a and pixels are b: a
 * is packed in blocks of a few rows, value after value of all of them, and each row has a bias of
 * its own.
 */
final class GemmFirst {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  private GemmFirst() {}

  /**
   * Multiplies {@code rows} rows with one panel.
   *
   * @param p its kernel packed by {@link #pack}; row r starts with {@code init[initAt + r]}
   * @param width columns, from {@link Gemm#LANES} to {@link Gemm#PANEL}
   */
  static void multiply(
      Gemm.Product p,
      int rows,
      int aAt,
      float[] b,
      int bAt,
      int initAt,
      float[] c,
      int cAt,
      int ldc,
      int width) {
    Gemm.Operands o = Scratch.get().operands.of(b, 0, c, ldc);
    for (int row = 0; row < rows; ) {
      int height = height(rows - row, rows);
      int first = Math.min(row, rows - height);
      int blockAt = aAt + row * p.depth();
      block(p, o, height, blockAt, bAt, initAt + first, cAt + first * ldc, width);
      row += height;
    }
    o.release();
    Gemm.clampHigh(p, rows, c, cAt, ldc, width);
  }

  /**
   * Rows of the next block, of {@code left} of {@code rows}; a last one may overlap the one before.
   */
  private static int height(int left, int rows) {
    return left >= Gemm.ROWS ? Gemm.ROWS : rows >= Gemm.FEW_ROWS ? Gemm.FEW_ROWS : 1;
  }

  /** Rows that {@link #pack} makes of {@code rows} rows. */
  static int packedRows(int rows) {
    int packed = 0;
    while (packed < rows) {
      packed += height(rows - packed, rows);
    }
    return packed;
  }

  /** Packs the columns {@code from} to {@code from + count} of a matrix as rows of a. */
  static void pack(
      float[] matrix, int columns, int depth, int from, int count, float[] to, int at) {
    for (int row = 0; row < count; ) {
      int height = height(count - row, count);
      int first = from + Math.min(row, count - height);
      for (int k = 0; k < depth; k++) {
        System.arraycopy(matrix, k * columns + first, to, at + row * depth + k * height, height);
      }
      row += height;
    }
  }

  private static void block(
      Gemm.Product p,
      Gemm.Operands o,
      int height,
      int aAt,
      int bAt,
      int initAt,
      int cAt,
      int width) {
    if (width > LANES) {
      switch (height) {
        case 14 -> multiply14x2(p, o, aAt, bAt, initAt, cAt, width);
        case 4 -> multiply4x2(p, o, aAt, bAt, initAt, cAt, width);
        default -> multiply1x2(p, o, aAt, bAt, initAt, cAt, width);
      }
    } else {
      switch (height) {
        case 14 -> multiply14x1(p, o, aAt, bAt, initAt, cAt);
        case 12 -> multiply12x1(p, o, aAt, bAt, initAt, cAt);
        case 4 -> multiply4x1(p, o, aAt, bAt, initAt, cAt);
        default -> multiply1x1(p, o, aAt, bAt, initAt, cAt);
      }
    }
  }

  private static void multiply14x2(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] b = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    int last = width - LANES;
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c01 = c00;
    FloatVector c10 = FloatVector.broadcast(SPECIES, init[initAt + 1]);
    FloatVector c11 = c10;
    FloatVector c20 = FloatVector.broadcast(SPECIES, init[initAt + 2]);
    FloatVector c21 = c20;
    FloatVector c30 = FloatVector.broadcast(SPECIES, init[initAt + 3]);
    FloatVector c31 = c30;
    FloatVector c40 = FloatVector.broadcast(SPECIES, init[initAt + 4]);
    FloatVector c41 = c40;
    FloatVector c50 = FloatVector.broadcast(SPECIES, init[initAt + 5]);
    FloatVector c51 = c50;
    FloatVector c60 = FloatVector.broadcast(SPECIES, init[initAt + 6]);
    FloatVector c61 = c60;
    FloatVector c70 = FloatVector.broadcast(SPECIES, init[initAt + 7]);
    FloatVector c71 = c70;
    FloatVector c80 = FloatVector.broadcast(SPECIES, init[initAt + 8]);
    FloatVector c81 = c80;
    FloatVector c90 = FloatVector.broadcast(SPECIES, init[initAt + 9]);
    FloatVector c91 = c90;
    FloatVector cA0 = FloatVector.broadcast(SPECIES, init[initAt + 10]);
    FloatVector cA1 = cA0;
    FloatVector cB0 = FloatVector.broadcast(SPECIES, init[initAt + 11]);
    FloatVector cB1 = cB0;
    FloatVector cC0 = FloatVector.broadcast(SPECIES, init[initAt + 12]);
    FloatVector cC1 = cC0;
    FloatVector cD0 = FloatVector.broadcast(SPECIES, init[initAt + 13]);
    FloatVector cD1 = cD0;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 4]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 5]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 6]);
      c60 = ai.fma(b0, c60);
      c61 = ai.fma(b1, c61);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 7]);
      c70 = ai.fma(b0, c70);
      c71 = ai.fma(b1, c71);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 8]);
      c80 = ai.fma(b0, c80);
      c81 = ai.fma(b1, c81);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 9]);
      c90 = ai.fma(b0, c90);
      c91 = ai.fma(b1, c91);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 10]);
      cA0 = ai.fma(b0, cA0);
      cA1 = ai.fma(b1, cA1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 11]);
      cB0 = ai.fma(b0, cB0);
      cB1 = ai.fma(b1, cB1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 12]);
      cC0 = ai.fma(b0, cC0);
      cC1 = ai.fma(b1, cC1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 13]);
      cD0 = ai.fma(b0, cD0);
      cD1 = ai.fma(b1, cD1);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc + last);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * ldc);
    c41.blend(low, c41.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * ldc + last);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * ldc);
    c51.blend(low, c51.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * ldc + last);
    c60.blend(low, c60.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * ldc);
    c61.blend(low, c61.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * ldc + last);
    c70.blend(low, c70.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * ldc);
    c71.blend(low, c71.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * ldc + last);
    c80.blend(low, c80.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * ldc);
    c81.blend(low, c81.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * ldc + last);
    c90.blend(low, c90.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * ldc);
    c91.blend(low, c91.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * ldc + last);
    cA0.blend(low, cA0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * ldc);
    cA1.blend(low, cA1.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * ldc + last);
    cB0.blend(low, cB0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * ldc);
    cB1.blend(low, cB1.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * ldc + last);
    cC0.blend(low, cC0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 12 * ldc);
    cC1.blend(low, cC1.compare(VectorOperators.LT, low)).intoArray(c, cAt + 12 * ldc + last);
    cD0.blend(low, cD0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 13 * ldc);
    cD1.blend(low, cD1.compare(VectorOperators.LT, low)).intoArray(c, cAt + 13 * ldc + last);
  }

  private static void multiply4x2(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] b = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    int last = width - LANES;
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c01 = c00;
    FloatVector c10 = FloatVector.broadcast(SPECIES, init[initAt + 1]);
    FloatVector c11 = c10;
    FloatVector c20 = FloatVector.broadcast(SPECIES, init[initAt + 2]);
    FloatVector c21 = c20;
    FloatVector c30 = FloatVector.broadcast(SPECIES, init[initAt + 3]);
    FloatVector c31 = c30;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc + last);
  }

  private static void multiply1x2(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] b = o.with;
    float[] c = o.c;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    int last = width - LANES;
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c01 = c00;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
  }

  private static void multiply14x1(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] b = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c10 = FloatVector.broadcast(SPECIES, init[initAt + 1]);
    FloatVector c20 = FloatVector.broadcast(SPECIES, init[initAt + 2]);
    FloatVector c30 = FloatVector.broadcast(SPECIES, init[initAt + 3]);
    FloatVector c40 = FloatVector.broadcast(SPECIES, init[initAt + 4]);
    FloatVector c50 = FloatVector.broadcast(SPECIES, init[initAt + 5]);
    FloatVector c60 = FloatVector.broadcast(SPECIES, init[initAt + 6]);
    FloatVector c70 = FloatVector.broadcast(SPECIES, init[initAt + 7]);
    FloatVector c80 = FloatVector.broadcast(SPECIES, init[initAt + 8]);
    FloatVector c90 = FloatVector.broadcast(SPECIES, init[initAt + 9]);
    FloatVector cA0 = FloatVector.broadcast(SPECIES, init[initAt + 10]);
    FloatVector cB0 = FloatVector.broadcast(SPECIES, init[initAt + 11]);
    FloatVector cC0 = FloatVector.broadcast(SPECIES, init[initAt + 12]);
    FloatVector cD0 = FloatVector.broadcast(SPECIES, init[initAt + 13]);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 1]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 2]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 3]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 4]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 5]);
      c50 = ai.fma(b0, c50);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 6]);
      c60 = ai.fma(b0, c60);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 7]);
      c70 = ai.fma(b0, c70);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 8]);
      c80 = ai.fma(b0, c80);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 9]);
      c90 = ai.fma(b0, c90);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 10]);
      cA0 = ai.fma(b0, cA0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 11]);
      cB0 = ai.fma(b0, cB0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 12]);
      cC0 = ai.fma(b0, cC0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 14 + 13]);
      cD0 = ai.fma(b0, cD0);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * ldc);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * ldc);
    c60.blend(low, c60.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * ldc);
    c70.blend(low, c70.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * ldc);
    c80.blend(low, c80.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * ldc);
    c90.blend(low, c90.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * ldc);
    cA0.blend(low, cA0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * ldc);
    cB0.blend(low, cB0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * ldc);
    cC0.blend(low, cC0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 12 * ldc);
    cD0.blend(low, cD0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 13 * ldc);
  }

  private static void multiply12x1(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] b = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c10 = FloatVector.broadcast(SPECIES, init[initAt + 1]);
    FloatVector c20 = FloatVector.broadcast(SPECIES, init[initAt + 2]);
    FloatVector c30 = FloatVector.broadcast(SPECIES, init[initAt + 3]);
    FloatVector c40 = FloatVector.broadcast(SPECIES, init[initAt + 4]);
    FloatVector c50 = FloatVector.broadcast(SPECIES, init[initAt + 5]);
    FloatVector c60 = FloatVector.broadcast(SPECIES, init[initAt + 6]);
    FloatVector c70 = FloatVector.broadcast(SPECIES, init[initAt + 7]);
    FloatVector c80 = FloatVector.broadcast(SPECIES, init[initAt + 8]);
    FloatVector c90 = FloatVector.broadcast(SPECIES, init[initAt + 9]);
    FloatVector cA0 = FloatVector.broadcast(SPECIES, init[initAt + 10]);
    FloatVector cB0 = FloatVector.broadcast(SPECIES, init[initAt + 11]);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 1]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 2]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 3]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 4]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 5]);
      c50 = ai.fma(b0, c50);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 6]);
      c60 = ai.fma(b0, c60);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 7]);
      c70 = ai.fma(b0, c70);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 8]);
      c80 = ai.fma(b0, c80);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 9]);
      c90 = ai.fma(b0, c90);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 10]);
      cA0 = ai.fma(b0, cA0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 12 + 11]);
      cB0 = ai.fma(b0, cB0);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * ldc);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * ldc);
    c60.blend(low, c60.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * ldc);
    c70.blend(low, c70.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * ldc);
    c80.blend(low, c80.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * ldc);
    c90.blend(low, c90.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * ldc);
    cA0.blend(low, cA0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * ldc);
    cB0.blend(low, cB0.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * ldc);
  }

  private static void multiply4x1(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] b = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    FloatVector c10 = FloatVector.broadcast(SPECIES, init[initAt + 1]);
    FloatVector c20 = FloatVector.broadcast(SPECIES, init[initAt + 2]);
    FloatVector c30 = FloatVector.broadcast(SPECIES, init[initAt + 3]);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 1]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 2]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k * 4 + 3]);
      c30 = ai.fma(b0, c30);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
  }

  private static void multiply1x1(
      Gemm.Product p, Gemm.Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] b = o.with;
    float[] c = o.c;
    float[] a = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    FloatVector c00 = FloatVector.broadcast(SPECIES, init[initAt]);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
  }
}
