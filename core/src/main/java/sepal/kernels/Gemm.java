package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of matrix multiplication: a few rows of a times a panel of b up to four vectors
 * wide, all sums in registers. Every sum runs over the depth in order, whatever the kernel, so how
 * rows and panels are cut never changes a bit.
 *
 * <p>One loop a method, no helper methods around vectors, no second path of stores: otherwise the
 * compiler runs out of inlining budget and boxes the vectors. The last vector of a panel overlaps
 * the one before it where the width is no multiple of the lanes; both compute the same bits.
 */
final class Gemm {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** AVX-512 and NEON have 32 vector registers, the others 16. */
  private static final boolean MANY_REGISTERS =
      SPECIES.vectorBitSize() >= 512 || System.getProperty("os.arch").equals("aarch64");

  /**
   * Rows of a micro-kernel. 6 x 4 vectors fill 32 registers. Of 16, the compiler wastes so many
   * that 6 x 2 spills and runs at half the speed of 5 x 2.
   */
  static final int ROWS = MANY_REGISTERS ? 6 : 5;

  /** Columns of a full panel. */
  static final int PANEL = (MANY_REGISTERS ? 4 : 2) * LANES;

  /** What sums start with where there is no bias. */
  static final float[] ZEROS = new float[LANES];

  private static final float[] NO_LIMIT = new float[LANES];

  static {
    Arrays.fill(NO_LIMIT, Float.NEGATIVE_INFINITY);
  }

  private Gemm() {}

  /**
   * {@code c = clamp(a . b + init)}.
   *
   * @param a rows of {@code depth}, {@code lda} apart
   * @param b rows of at least {@link #LANES}, {@code ldb} apart
   * @param init what the sums start with, the bias: row r, column j with {@code init[at + r *
   *     initRow + j * initColumn]}; an {@code initColumn} of 0 stands for {@link #LANES} equal
   *     values
   * @param low lower limits, {@link #LANES} times: from an array, because a register that holds it
   *     throughout the loop is one too many
   * @param c rows, {@code ldc} apart
   */
  record Product(
      float[] a,
      int lda,
      float[] b,
      int ldb,
      int depth,
      float[] init,
      int initRow,
      int initColumn,
      float[] low,
      float high,
      float[] c,
      int ldc) {}

  /** The lower limit of {@code clamp}, {@link #LANES} times. */
  static float[] low(Clamp clamp) {
    return clamp == Clamp.NONE ? NO_LIMIT : ZEROS;
  }

  /**
   * Multiplies {@code rows} rows with one panel.
   *
   * @param width columns, from {@link #LANES} to {@link #PANEL}
   */
  static void multiply(Product p, int rows, int aAt, int bAt, int initAt, int cAt, int width) {
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      block(p, aAt + row * p.lda, bAt, initAt + row * p.initRow, cAt + row * p.ldc, width);
    }
    if (row < rows && rows >= ROWS) {
      row = rows - ROWS;
      block(p, aAt + row * p.lda, bAt, initAt + row * p.initRow, cAt + row * p.ldc, width);
    } else {
      for (; row < rows; row++) {
        oneRow(p, aAt + row * p.lda, bAt, initAt + row * p.initRow, cAt + row * p.ldc, width);
      }
    }
    if (p.high != Float.POSITIVE_INFINITY) {
      for (row = 0; row < rows; row++) {
        limit(p.c, cAt + row * p.ldc, width, p.high);
      }
    }
  }

  private static void block(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    int vectors = (width + LANES - 1) / LANES;
    if (MANY_REGISTERS) {
      switch (vectors) {
        case 4 -> multiply6x4(p, aAt, bAt, initAt, cAt, width);
        case 3 -> multiply6x3(p, aAt, bAt, initAt, cAt, width);
        case 2 -> multiply6x2(p, aAt, bAt, initAt, cAt, width);
        default -> multiply6x1(p, aAt, bAt, initAt, cAt);
      }
    } else if (vectors == 2) {
      multiply5x2(p, aAt, bAt, initAt, cAt, width);
    } else {
      multiply5x1(p, aAt, bAt, initAt, cAt);
    }
  }

  private static void oneRow(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    if (width > 3 * LANES) {
      multiply1x4(p, aAt, bAt, initAt, cAt, width);
      return;
    }
    for (int j = 0; j < width; j += LANES) {
      int at = Math.min(j, width - LANES);
      multiply1x1(p, aAt, bAt + at, initAt + at * p.initColumn, cAt + at);
    }
  }

  /** Cuts {@code width} values (at least {@link #LANES}) at {@code high}; NaN passes. */
  static void limit(float[] values, int at, int width, float high) {
    for (int j = 0; j < width; j += LANES) {
      int index = at + Math.min(j, width - LANES);
      FloatVector value = FloatVector.fromArray(SPECIES, values, index);
      value.blend(high, value.compare(VectorOperators.GT, high)).intoArray(values, index);
    }
  }

  private static void multiply6x4(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    int initStep = p.initColumn * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + initStep);
    FloatVector c02 = FloatVector.fromArray(SPECIES, init, initAt + 2 * initStep);
    FloatVector c03 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initStep);
    FloatVector c12 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + 2 * initStep);
    FloatVector c13 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initLast);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initStep);
    FloatVector c22 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + 2 * initStep);
    FloatVector c23 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initLast);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initStep);
    FloatVector c32 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + 2 * initStep);
    FloatVector c33 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initLast);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initStep);
    FloatVector c42 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + 2 * initStep);
    FloatVector c43 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initLast);
    FloatVector c50 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow);
    FloatVector c51 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + initStep);
    FloatVector c52 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + 2 * initStep);
    FloatVector c53 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + initLast);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + last);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      c03 = ai.fma(b3, c03);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      c12 = ai.fma(b2, c12);
      c13 = ai.fma(b3, c13);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      c22 = ai.fma(b2, c22);
      c23 = ai.fma(b3, c23);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      c32 = ai.fma(b2, c32);
      c33 = ai.fma(b3, c33);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      c42 = ai.fma(b2, c42);
      c43 = ai.fma(b3, c43);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * lda]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      c52 = ai.fma(b2, c52);
      c53 = ai.fma(b3, c53);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + LANES);
    c02.blend(low, c02.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * LANES);
    c03.blend(low, c03.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + LANES);
    c12.blend(low, c12.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + 2 * LANES);
    c13.blend(low, c13.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + LANES);
    c22.blend(low, c22.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + 2 * LANES);
    c23.blend(low, c23.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + LANES);
    c32.blend(low, c32.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + 2 * LANES);
    c33.blend(low, c33.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + last);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c41.blend(low, c41.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + LANES);
    c42.blend(low, c42.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + 2 * LANES);
    c43.blend(low, c43.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + last);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc);
    c51.blend(low, c51.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + LANES);
    c52.blend(low, c52.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + 2 * LANES);
    c53.blend(low, c53.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + last);
  }

  private static void multiply6x3(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    int initStep = p.initColumn * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + initStep);
    FloatVector c02 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initStep);
    FloatVector c12 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initLast);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initStep);
    FloatVector c22 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initLast);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initStep);
    FloatVector c32 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initLast);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initStep);
    FloatVector c42 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initLast);
    FloatVector c50 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow);
    FloatVector c51 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + initStep);
    FloatVector c52 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + initLast);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + last);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      c12 = ai.fma(b2, c12);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      c22 = ai.fma(b2, c22);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      c32 = ai.fma(b2, c32);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      c42 = ai.fma(b2, c42);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * lda]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      c52 = ai.fma(b2, c52);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + LANES);
    c02.blend(low, c02.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + LANES);
    c12.blend(low, c12.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + LANES);
    c22.blend(low, c22.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + LANES);
    c32.blend(low, c32.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + last);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c41.blend(low, c41.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + LANES);
    c42.blend(low, c42.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + last);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc);
    c51.blend(low, c51.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + LANES);
    c52.blend(low, c52.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + last);
  }

  private static void multiply6x2(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initLast);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initLast);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initLast);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initLast);
    FloatVector c50 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow);
    FloatVector c51 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow + initLast);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + last);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * lda]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + last);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c41.blend(low, c41.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + last);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc);
    c51.blend(low, c51.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + last);
  }

  private static void multiply6x1(Product p, int aAt, int bAt, int initAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c50 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * lda]);
      c50 = ai.fma(b0, c50);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c50.blend(low, c50.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc);
  }

  private static void multiply5x2(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow + initLast);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow + initLast);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow + initLast);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow + initLast);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + last);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c31.blend(low, c31.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + last);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c41.blend(low, c41.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + last);
  }

  private static void multiply5x1(Product p, int aAt, int bAt, int initAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c40 = ai.fma(b0, c40);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c40.blend(low, c40.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
  }

  private static void multiply1x4(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    int initStep = p.initColumn * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + initStep);
    FloatVector c02 = FloatVector.fromArray(SPECIES, init, initAt + 2 * initStep);
    FloatVector c03 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + last);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      c03 = ai.fma(b3, c03);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + LANES);
    c02.blend(low, c02.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * LANES);
    c03.blend(low, c03.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
  }

  private static void multiply1x1(Product p, int aAt, int bAt, int initAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      bAt += p.ldb;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
  }
}
