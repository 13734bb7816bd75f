package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of products with a transposed matrix, {@code c += transposed(a) . b}: how the
 * gradients of weights sum up over pixels. The counterpart of {@link Gemm}, with the same rules.
 *
 * <p>Both factors are copied first, so that what a micro-kernel reads lies side by side. The
 * products of one call are summed up and then added to c, so that long sums are made of short ones.
 * Nothing overlaps, as it would be added twice: c has whole vectors of columns.
 */
final class GemmTransposed {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;
  private static final int PANEL = Gemm.PANEL;
  private static final float[] ZEROS = new float[PANEL];

  private GemmTransposed() {}

  /** {@code c = old + transposed(a) . b}, both factors packed. */
  private record Product(
      float[] a, float[] b, int depth, float[] c, int ldc, float[] old, int oldStep) {

    int oldAt(int cAt) {
      return oldStep == 0 ? 0 : cAt;
    }
  }

  /**
   * Copies {@code rows} columns of a matrix, those of each micro-kernel side by side.
   *
   * @param aAt where row {@code first} lies
   * @param first the first row of the matrix that is copied now, of {@code depth} in all
   * @param at where the copy of the whole matrix lies
   */
  static void packLeft(
      float[] a, int aAt, int lda, int rows, int first, int end, int depth, float[] to, int at) {
    for (int row = 0; row < rows; row += height(rows - row)) {
      int height = height(rows - row);
      pack(a, aAt + row, lda, height, end - first, to, at + row * depth + first * height);
    }
  }

  /**
   * Copies {@code columns} columns of a matrix, those of each panel side by side; otherwise like
   * {@link #packLeft}.
   *
   * @param columns a multiple of {@link Gemm#LANES}
   */
  static void packRight(
      float[] b, int bAt, int ldb, int columns, int first, int end, int depth, float[] to, int at) {
    for (int j = 0; j < columns; j += PANEL) {
      int width = Math.min(PANEL, columns - j);
      pack(b, bAt + j, ldb, width, end - first, to, at + j * depth + first * width);
    }
  }

  /**
   * Adds the product of two packed matrices to c, or puts it there.
   *
   * @param first the first row to compute, one with which a micro-kernel begins
   * @param end one past the last row to compute
   * @param rows all rows
   * @param firstColumn the first column to compute, a multiple of {@link Gemm#PANEL}
   * @param cAt where row 0, column 0 lies
   * @param add true to add to c, false to overwrite it
   */
  static void multiply(
      float[] left,
      int leftAt,
      int first,
      int end,
      int rows,
      float[] right,
      int rightAt,
      int firstColumn,
      int endColumn,
      int depth,
      float[] c,
      int cAt,
      int ldc,
      boolean add) {
    Product product = new Product(left, right, depth, c, ldc, add ? c : ZEROS, add ? ldc : 0);
    for (int j = firstColumn; j < endColumn; j += PANEL) {
      int width = Math.min(PANEL, endColumn - j);
      for (int row = first; row < end; row += height(rows - row)) {
        int height = height(rows - row);
        int at = cAt + row * ldc + j;
        block(product, height, width, leftAt + row * depth, rightAt + j * depth, at);
      }
    }
  }

  /** Rows of the next block, of {@code left} that are left. */
  private static int height(int left) {
    return left >= Gemm.ROWS ? Gemm.ROWS : left >= Gemm.FEW_ROWS ? Gemm.FEW_ROWS : 1;
  }

  /**
   * Copies {@code count} columns of a matrix side by side. Whole vectors are copied, and what is
   * too much of a row is overwritten by the next one.
   */
  private static void pack(
      float[] from, int fromAt, int step, int count, int depth, float[] to, int toAt) {
    int rows = count <= LANES / 2 || count > 2 * LANES ? 0 : depth - 1;
    if (count <= LANES) {
      packOne(from, fromAt, step, count, rows, to, toAt);
    } else {
      packTwo(from, fromAt, step, count, rows, to, toAt);
    }
    for (int k = rows; k < depth; k++) {
      System.arraycopy(from, fromAt + k * step, to, toAt + k * count, count);
    }
  }

  private static void packOne(
      float[] from, int fromAt, int step, int count, int rows, float[] to, int toAt) {
    for (int k = 0; k < rows; k++) {
      FloatVector.fromArray(SPECIES, from, fromAt + k * step).intoArray(to, toAt + k * count);
    }
  }

  private static void packTwo(
      float[] from, int fromAt, int step, int count, int rows, float[] to, int toAt) {
    for (int k = 0; k < rows; k++) {
      FloatVector v = FloatVector.fromArray(SPECIES, from, fromAt + k * step);
      FloatVector w = FloatVector.fromArray(SPECIES, from, fromAt + k * step + LANES);
      v.intoArray(to, toAt + k * count);
      w.intoArray(to, toAt + k * count + LANES);
    }
  }

  private static void block(Product p, int height, int width, int aAt, int bAt, int cAt) {
    if (width > LANES) {
      switch (height) {
        case 14 -> multiply14x2(p, aAt, bAt, cAt);
        case 4 -> multiply4x2(p, aAt, bAt, cAt);
        default -> multiply1x2(p, aAt, bAt, cAt);
      }
    } else {
      switch (height) {
        case 14 -> multiply14x1(p, aAt, bAt, cAt);
        case 12 -> multiply12x1(p, aAt, bAt, cAt);
        case 4 -> multiply4x1(p, aAt, bAt, cAt);
        default -> multiply1x1(p, aAt, bAt, cAt);
      }
    }
  }

  private static void multiply14x2(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int ldc = p.ldc;
    int oldStep = p.oldStep;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c61 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    FloatVector c71 = FloatVector.zero(SPECIES);
    FloatVector c80 = FloatVector.zero(SPECIES);
    FloatVector c81 = FloatVector.zero(SPECIES);
    FloatVector c90 = FloatVector.zero(SPECIES);
    FloatVector c91 = FloatVector.zero(SPECIES);
    FloatVector cA0 = FloatVector.zero(SPECIES);
    FloatVector cA1 = FloatVector.zero(SPECIES);
    FloatVector cB0 = FloatVector.zero(SPECIES);
    FloatVector cB1 = FloatVector.zero(SPECIES);
    FloatVector cC0 = FloatVector.zero(SPECIES);
    FloatVector cC1 = FloatVector.zero(SPECIES);
    FloatVector cD0 = FloatVector.zero(SPECIES);
    FloatVector cD1 = FloatVector.zero(SPECIES);
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
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + oldStep)).intoArray(c, cAt + ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + oldStep + LANES))
        .intoArray(c, cAt + ldc + LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep)).intoArray(c, cAt + 2 * ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep + LANES))
        .intoArray(c, cAt + 2 * ldc + LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep)).intoArray(c, cAt + 3 * ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep + LANES))
        .intoArray(c, cAt + 3 * ldc + LANES);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * oldStep)).intoArray(c, cAt + 4 * ldc);
    c41.add(FloatVector.fromArray(SPECIES, old, at + 4 * oldStep + LANES))
        .intoArray(c, cAt + 4 * ldc + LANES);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * oldStep)).intoArray(c, cAt + 5 * ldc);
    c51.add(FloatVector.fromArray(SPECIES, old, at + 5 * oldStep + LANES))
        .intoArray(c, cAt + 5 * ldc + LANES);
    c60.add(FloatVector.fromArray(SPECIES, old, at + 6 * oldStep)).intoArray(c, cAt + 6 * ldc);
    c61.add(FloatVector.fromArray(SPECIES, old, at + 6 * oldStep + LANES))
        .intoArray(c, cAt + 6 * ldc + LANES);
    c70.add(FloatVector.fromArray(SPECIES, old, at + 7 * oldStep)).intoArray(c, cAt + 7 * ldc);
    c71.add(FloatVector.fromArray(SPECIES, old, at + 7 * oldStep + LANES))
        .intoArray(c, cAt + 7 * ldc + LANES);
    c80.add(FloatVector.fromArray(SPECIES, old, at + 8 * oldStep)).intoArray(c, cAt + 8 * ldc);
    c81.add(FloatVector.fromArray(SPECIES, old, at + 8 * oldStep + LANES))
        .intoArray(c, cAt + 8 * ldc + LANES);
    c90.add(FloatVector.fromArray(SPECIES, old, at + 9 * oldStep)).intoArray(c, cAt + 9 * ldc);
    c91.add(FloatVector.fromArray(SPECIES, old, at + 9 * oldStep + LANES))
        .intoArray(c, cAt + 9 * ldc + LANES);
    cA0.add(FloatVector.fromArray(SPECIES, old, at + 10 * oldStep)).intoArray(c, cAt + 10 * ldc);
    cA1.add(FloatVector.fromArray(SPECIES, old, at + 10 * oldStep + LANES))
        .intoArray(c, cAt + 10 * ldc + LANES);
    cB0.add(FloatVector.fromArray(SPECIES, old, at + 11 * oldStep)).intoArray(c, cAt + 11 * ldc);
    cB1.add(FloatVector.fromArray(SPECIES, old, at + 11 * oldStep + LANES))
        .intoArray(c, cAt + 11 * ldc + LANES);
    cC0.add(FloatVector.fromArray(SPECIES, old, at + 12 * oldStep)).intoArray(c, cAt + 12 * ldc);
    cC1.add(FloatVector.fromArray(SPECIES, old, at + 12 * oldStep + LANES))
        .intoArray(c, cAt + 12 * ldc + LANES);
    cD0.add(FloatVector.fromArray(SPECIES, old, at + 13 * oldStep)).intoArray(c, cAt + 13 * ldc);
    cD1.add(FloatVector.fromArray(SPECIES, old, at + 13 * oldStep + LANES))
        .intoArray(c, cAt + 13 * ldc + LANES);
  }

  private static void multiply4x2(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int ldc = p.ldc;
    int oldStep = p.oldStep;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
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
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + oldStep)).intoArray(c, cAt + ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + oldStep + LANES))
        .intoArray(c, cAt + ldc + LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep)).intoArray(c, cAt + 2 * ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep + LANES))
        .intoArray(c, cAt + 2 * ldc + LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep)).intoArray(c, cAt + 3 * ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep + LANES))
        .intoArray(c, cAt + 3 * ldc + LANES);
  }

  private static void multiply1x2(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES));
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + k * (2 * LANES) + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
    }
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
  }

  private static void multiply14x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int ldc = p.ldc;
    int oldStep = p.oldStep;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    FloatVector c80 = FloatVector.zero(SPECIES);
    FloatVector c90 = FloatVector.zero(SPECIES);
    FloatVector cA0 = FloatVector.zero(SPECIES);
    FloatVector cB0 = FloatVector.zero(SPECIES);
    FloatVector cC0 = FloatVector.zero(SPECIES);
    FloatVector cD0 = FloatVector.zero(SPECIES);
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
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c10.add(FloatVector.fromArray(SPECIES, old, at + oldStep)).intoArray(c, cAt + ldc);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep)).intoArray(c, cAt + 2 * ldc);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep)).intoArray(c, cAt + 3 * ldc);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * oldStep)).intoArray(c, cAt + 4 * ldc);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * oldStep)).intoArray(c, cAt + 5 * ldc);
    c60.add(FloatVector.fromArray(SPECIES, old, at + 6 * oldStep)).intoArray(c, cAt + 6 * ldc);
    c70.add(FloatVector.fromArray(SPECIES, old, at + 7 * oldStep)).intoArray(c, cAt + 7 * ldc);
    c80.add(FloatVector.fromArray(SPECIES, old, at + 8 * oldStep)).intoArray(c, cAt + 8 * ldc);
    c90.add(FloatVector.fromArray(SPECIES, old, at + 9 * oldStep)).intoArray(c, cAt + 9 * ldc);
    cA0.add(FloatVector.fromArray(SPECIES, old, at + 10 * oldStep)).intoArray(c, cAt + 10 * ldc);
    cB0.add(FloatVector.fromArray(SPECIES, old, at + 11 * oldStep)).intoArray(c, cAt + 11 * ldc);
    cC0.add(FloatVector.fromArray(SPECIES, old, at + 12 * oldStep)).intoArray(c, cAt + 12 * ldc);
    cD0.add(FloatVector.fromArray(SPECIES, old, at + 13 * oldStep)).intoArray(c, cAt + 13 * ldc);
  }

  private static void multiply12x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int ldc = p.ldc;
    int oldStep = p.oldStep;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c60 = FloatVector.zero(SPECIES);
    FloatVector c70 = FloatVector.zero(SPECIES);
    FloatVector c80 = FloatVector.zero(SPECIES);
    FloatVector c90 = FloatVector.zero(SPECIES);
    FloatVector cA0 = FloatVector.zero(SPECIES);
    FloatVector cB0 = FloatVector.zero(SPECIES);
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
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c10.add(FloatVector.fromArray(SPECIES, old, at + oldStep)).intoArray(c, cAt + ldc);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep)).intoArray(c, cAt + 2 * ldc);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep)).intoArray(c, cAt + 3 * ldc);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * oldStep)).intoArray(c, cAt + 4 * ldc);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * oldStep)).intoArray(c, cAt + 5 * ldc);
    c60.add(FloatVector.fromArray(SPECIES, old, at + 6 * oldStep)).intoArray(c, cAt + 6 * ldc);
    c70.add(FloatVector.fromArray(SPECIES, old, at + 7 * oldStep)).intoArray(c, cAt + 7 * ldc);
    c80.add(FloatVector.fromArray(SPECIES, old, at + 8 * oldStep)).intoArray(c, cAt + 8 * ldc);
    c90.add(FloatVector.fromArray(SPECIES, old, at + 9 * oldStep)).intoArray(c, cAt + 9 * ldc);
    cA0.add(FloatVector.fromArray(SPECIES, old, at + 10 * oldStep)).intoArray(c, cAt + 10 * ldc);
    cB0.add(FloatVector.fromArray(SPECIES, old, at + 11 * oldStep)).intoArray(c, cAt + 11 * ldc);
  }

  private static void multiply4x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int ldc = p.ldc;
    int oldStep = p.oldStep;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
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
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c10.add(FloatVector.fromArray(SPECIES, old, at + oldStep)).intoArray(c, cAt + ldc);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * oldStep)).intoArray(c, cAt + 2 * ldc);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * oldStep)).intoArray(c, cAt + 3 * ldc);
  }

  private static void multiply1x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int depth = p.depth;
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    FloatVector c00 = FloatVector.zero(SPECIES);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
    }
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
  }
}
