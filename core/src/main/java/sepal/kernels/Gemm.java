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
 * compiler runs out of inlining budget and boxes the vectors. Rows of a panel are a constant number
 * of vectors apart: only then does the compiler move every check of an index out of the loop. The
 * last vector of a panel overlaps the one before it where the width is no multiple of the lanes;
 * both compute the same bits.
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
   * @param b panels of whole vectors, row after row, the last vector of a row as in {@link
   *     Panels#column}
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
    if (MANY_REGISTERS && p.initRow == 0 && width > LANES && width <= 2 * LANES && rows >= 12) {
      int row = 0;
      for (; row + 12 <= rows; row += 12) {
        twelve(p, row, aAt, bAt, initAt, cAt, width);
      }
      if (row < rows) {
        twelve(p, rows - 12, aAt, bAt, initAt, cAt, width);
      }
    } else if (width > PANEL - LANES) {
      even(p, rows, aAt, bAt, initAt, cAt, width);
    } else {
      overlapping(p, rows, aAt, bAt, initAt, cAt, width);
    }
    if (p.high != Float.POSITIVE_INFINITY) {
      for (int row = 0; row < rows; row++) {
        clamp(p.c, cAt + row * p.ldc, width, p.low[0], p.high);
      }
    }
  }

  private static void twelve(Product p, int row, int aAt, int bAt, int initAt, int cAt, int width) {
    multiply12x2(p, aAt + row * p.lda, bAt, initAt + row * p.initRow, cAt + row * p.ldc, width);
  }

  /** Blocks of almost equal height, so that none computes a row twice. */
  private static void even(Product p, int rows, int aAt, int bAt, int initAt, int cAt, int width) {
    int blocks = (rows + ROWS - 1) / ROWS;
    for (int row = 0; row < rows; blocks--) {
      int height = (rows - row + blocks - 1) / blocks;
      int a = aAt + row * p.lda;
      int init = initAt + row * p.initRow;
      int c = cAt + row * p.ldc;
      if (height == ROWS) {
        block(p, a, bAt, init, c, width);
      } else if (height == ROWS - 1) {
        oneLess(p, a, bAt, init, c, width);
      } else if (height == ROWS - 2) {
        twoLess(p, a, bAt, init, c, width);
      } else {
        oneRow(p, a, bAt, init, c, width);
        height = 1;
        blocks++;
      }
      row += height;
    }
  }

  private static void oneLess(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    if (MANY_REGISTERS) {
      multiply5x4(p, aAt, bAt, initAt, cAt, width);
    } else {
      multiply4x2(p, aAt, bAt, initAt, cAt, width);
    }
  }

  private static void twoLess(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    if (MANY_REGISTERS) {
      multiply4x4(p, aAt, bAt, initAt, cAt, width);
    } else {
      multiply3x2(p, aAt, bAt, initAt, cAt, width);
    }
  }

  private static void overlapping(
      Product p, int rows, int aAt, int bAt, int initAt, int cAt, int width) {
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
  }

  private static void block(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    int vectors = (width + LANES - 1) / LANES;
    if (MANY_REGISTERS) {
      switch (vectors) {
        case 4 -> full(p, aAt, bAt, initAt, cAt, width);
        case 3 -> multiply6x3(p, aAt, bAt, initAt, cAt, width);
        case 2 -> multiply6x2(p, aAt, bAt, initAt, cAt, width);
        default -> multiply6x1(p, aAt, bAt, initAt, cAt);
      }
    } else if (vectors == 2) {
      full(p, aAt, bAt, initAt, cAt, width);
    } else {
      multiply5x1(p, aAt, bAt, initAt, cAt);
    }
  }

  /**
   * The kernels that matter start with as few loads as possible: nearly all of them cross a line of
   * the cache.
   */
  private static void full(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    if (MANY_REGISTERS) {
      if (p.initRow == 0) {
        multiply6x4(p, aAt, bAt, initAt, cAt, width);
      } else {
        multiply6x4ByRow(p, aAt, bAt, initAt, cAt, width);
      }
    } else if (p.initRow == 0) {
      multiply5x2(p, aAt, bAt, initAt, cAt, width);
    } else {
      multiply5x2ByRow(p, aAt, bAt, initAt, cAt, width);
    }
  }

  private static void oneRow(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    if (width > 3 * LANES) {
      multiply1x4(p, aAt, bAt, initAt, cAt, width);
      return;
    }
    int step = Panels.wholeVectors(width);
    for (int j = 0; j < width; j += LANES) {
      int at = Math.min(j, width - LANES);
      multiply1x1(p, aAt, bAt + j, step, initAt + at * p.initColumn, cAt + at);
    }
  }

  /** Clamps {@code width} values (at least {@link #LANES}); NaN passes. */
  static void clamp(float[] values, int at, int width, float low, float high) {
    for (int j = 0; j < width; j += LANES) {
      int index = at + Math.min(j, width - LANES);
      FloatVector value = FloatVector.fromArray(SPECIES, values, index);
      value = value.blend(low, value.compare(VectorOperators.LT, low));
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
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c12 = c02;
    FloatVector c13 = c03;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c22 = c02;
    FloatVector c23 = c03;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c32 = c02;
    FloatVector c33 = c03;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c42 = c02;
    FloatVector c43 = c03;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c52 = c02;
    FloatVector c53 = c03;
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 3 * LANES);
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

  private static void multiply6x4ByRow(
      Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = c00;
    FloatVector c02 = c00;
    FloatVector c03 = c00;
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = c10;
    FloatVector c12 = c10;
    FloatVector c13 = c10;
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = c20;
    FloatVector c22 = c20;
    FloatVector c23 = c20;
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = c30;
    FloatVector c32 = c30;
    FloatVector c33 = c30;
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = c40;
    FloatVector c42 = c40;
    FloatVector c43 = c40;
    FloatVector c50 = FloatVector.fromArray(SPECIES, init, initAt + 5 * p.initRow);
    FloatVector c51 = c50;
    FloatVector c52 = c50;
    FloatVector c53 = c50;
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 3 * LANES);
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

  private static void multiply5x4(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 3 * LANES);
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
  }

  private static void multiply4x4(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 3 * LANES);
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
  }

  private static void multiply12x2(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    int initLast = p.initColumn * last;
    FloatVector c000 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c001 = FloatVector.fromArray(SPECIES, init, initAt + initLast);
    FloatVector c010 = c000;
    FloatVector c011 = c001;
    FloatVector c020 = c000;
    FloatVector c021 = c001;
    FloatVector c030 = c000;
    FloatVector c031 = c001;
    FloatVector c040 = c000;
    FloatVector c041 = c001;
    FloatVector c050 = c000;
    FloatVector c051 = c001;
    FloatVector c060 = c000;
    FloatVector c061 = c001;
    FloatVector c070 = c000;
    FloatVector c071 = c001;
    FloatVector c080 = c000;
    FloatVector c081 = c001;
    FloatVector c090 = c000;
    FloatVector c091 = c001;
    FloatVector c100 = c000;
    FloatVector c101 = c001;
    FloatVector c110 = c000;
    FloatVector c111 = c001;
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c000 = ai.fma(b0, c000);
      c001 = ai.fma(b1, c001);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c010 = ai.fma(b0, c010);
      c011 = ai.fma(b1, c011);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c020 = ai.fma(b0, c020);
      c021 = ai.fma(b1, c021);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c030 = ai.fma(b0, c030);
      c031 = ai.fma(b1, c031);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * lda]);
      c040 = ai.fma(b0, c040);
      c041 = ai.fma(b1, c041);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * lda]);
      c050 = ai.fma(b0, c050);
      c051 = ai.fma(b1, c051);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * lda]);
      c060 = ai.fma(b0, c060);
      c061 = ai.fma(b1, c061);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * lda]);
      c070 = ai.fma(b0, c070);
      c071 = ai.fma(b1, c071);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * lda]);
      c080 = ai.fma(b0, c080);
      c081 = ai.fma(b1, c081);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * lda]);
      c090 = ai.fma(b0, c090);
      c091 = ai.fma(b1, c091);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * lda]);
      c100 = ai.fma(b0, c100);
      c101 = ai.fma(b1, c101);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * lda]);
      c110 = ai.fma(b0, c110);
      c111 = ai.fma(b1, c111);
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c000.blend(low, c000.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c001.blend(low, c001.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c010.blend(low, c010.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c011.blend(low, c011.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c020.blend(low, c020.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c021.blend(low, c021.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
    c030.blend(low, c030.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc);
    c031.blend(low, c031.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * p.ldc + last);
    c040.blend(low, c040.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc);
    c041.blend(low, c041.compare(VectorOperators.LT, low)).intoArray(c, cAt + 4 * p.ldc + last);
    c050.blend(low, c050.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc);
    c051.blend(low, c051.compare(VectorOperators.LT, low)).intoArray(c, cAt + 5 * p.ldc + last);
    c060.blend(low, c060.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * p.ldc);
    c061.blend(low, c061.compare(VectorOperators.LT, low)).intoArray(c, cAt + 6 * p.ldc + last);
    c070.blend(low, c070.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * p.ldc);
    c071.blend(low, c071.compare(VectorOperators.LT, low)).intoArray(c, cAt + 7 * p.ldc + last);
    c080.blend(low, c080.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * p.ldc);
    c081.blend(low, c081.compare(VectorOperators.LT, low)).intoArray(c, cAt + 8 * p.ldc + last);
    c090.blend(low, c090.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * p.ldc);
    c091.blend(low, c091.compare(VectorOperators.LT, low)).intoArray(c, cAt + 9 * p.ldc + last);
    c100.blend(low, c100.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * p.ldc);
    c101.blend(low, c101.compare(VectorOperators.LT, low)).intoArray(c, cAt + 10 * p.ldc + last);
    c110.blend(low, c110.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * p.ldc);
    c111.blend(low, c111.compare(VectorOperators.LT, low)).intoArray(c, cAt + 11 * p.ldc + last);
  }

  private static void multiply4x2(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
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
  }

  private static void multiply3x2(Product p, int aAt, int bAt, int initAt, int cAt, int width) {
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc);
    c11.blend(low, c11.compare(VectorOperators.LT, low)).intoArray(c, cAt + p.ldc + last);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc);
    c21.blend(low, c21.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * p.ldc + last);
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
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (3 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (3 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (3 * LANES) + 2 * LANES);
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
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
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
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
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
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
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

  private static void multiply5x2ByRow(
      Product p, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    int lda = p.lda;
    int last = width - LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = c00;
    FloatVector c10 = FloatVector.fromArray(SPECIES, init, initAt + p.initRow);
    FloatVector c11 = c10;
    FloatVector c20 = FloatVector.fromArray(SPECIES, init, initAt + 2 * p.initRow);
    FloatVector c21 = c20;
    FloatVector c30 = FloatVector.fromArray(SPECIES, init, initAt + 3 * p.initRow);
    FloatVector c31 = c30;
    FloatVector c40 = FloatVector.fromArray(SPECIES, init, initAt + 4 * p.initRow);
    FloatVector c41 = c40;
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
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
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
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
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + k * (4 * LANES) + 3 * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      c03 = ai.fma(b3, c03);
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + LANES);
    c02.blend(low, c02.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * LANES);
    c03.blend(low, c03.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
  }

  private static void multiply1x1(Product p, int aAt, int bAt, int bStep, int initAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    float[] init = p.init;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      bAt += bStep;
    }
    float[] c = p.c;
    FloatVector low = FloatVector.fromArray(SPECIES, p.low, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
  }
}
