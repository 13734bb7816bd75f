package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of products with a transposed matrix, {@code c += transposed(a) . b}: how the
 * gradients of weights sum up over pixels. The counterpart of {@link Gemm}, with the same rules.
 *
 * <p>The products of one call are summed up first and then added to c, so that long sums are made
 * of short ones. Nothing overlaps, as it would be added twice: c has whole vectors of columns.
 */
final class GemmTransposed {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;
  private static final boolean MANY_REGISTERS = Gemm.PANEL > LANES;
  private static final int ROWS = MANY_REGISTERS ? 6 : 5;
  private static final int PANEL = (MANY_REGISTERS ? 4 : 2) * LANES;
  private static final float[] ZEROS = new float[PANEL];

  private GemmTransposed() {}

  /**
   * {@code c = old + transposed(a) . b}.
   *
   * @param a (depth, rows), rows of it {@code lda} apart
   * @param b (depth, columns), rows of it {@code ldb} apart
   * @param c rows, {@code ldc} apart
   * @param old c itself, or zeros
   */
  record Product(
      float[] a,
      int lda,
      float[] b,
      int ldb,
      int depth,
      float[] c,
      int ldc,
      float[] old,
      int oldStep) {

    /**
     * @param add true to add to c, false to overwrite it
     */
    static Product of(
        float[] a, int lda, float[] b, int ldb, int depth, float[] c, int ldc, boolean add) {
      return new Product(a, lda, b, ldb, depth, c, ldc, add ? c : ZEROS, add ? ldc : 0);
    }

    int oldAt(int cAt) {
      return oldStep == 0 ? 0 : cAt;
    }
  }

  /**
   * Computes {@code rows} rows of c.
   *
   * @param columns a multiple of {@link Gemm#LANES}
   */
  static void multiply(Product p, int rows, int aAt, int bAt, int cAt, int columns) {
    for (int j = 0; j < columns; j += PANEL) {
      panel(p, rows, aAt, bAt + j, cAt + j, Math.min(PANEL, columns - j) / LANES);
    }
  }

  private static void panel(Product p, int rows, int aAt, int bAt, int cAt, int vectors) {
    int row = 0;
    for (; row + ROWS <= rows; row += ROWS) {
      block(p, aAt + row, bAt, cAt + row * p.ldc, vectors);
    }
    for (; row < rows; row++) {
      oneRow(p, aAt + row, bAt, cAt + row * p.ldc, vectors);
    }
  }

  private static void block(Product p, int aAt, int bAt, int cAt, int vectors) {
    if (MANY_REGISTERS) {
      switch (vectors) {
        case 4 -> multiply6x4(p, aAt, bAt, cAt);
        case 3 -> multiply6x3(p, aAt, bAt, cAt);
        case 2 -> multiply6x2(p, aAt, bAt, cAt);
        default -> multiply6x1(p, aAt, bAt, cAt);
      }
    } else if (vectors == 2) {
      multiply5x2(p, aAt, bAt, cAt);
    } else {
      multiply5x1(p, aAt, bAt, cAt);
    }
  }

  private static void oneRow(Product p, int aAt, int bAt, int cAt, int vectors) {
    if (vectors == 4) {
      multiply1x4(p, aAt, bAt, cAt);
      return;
    }
    for (int j = 0; j < vectors * LANES; j += LANES) {
      multiply1x1(p, aAt, bAt + j, cAt + j);
    }
  }

  private static void multiply6x4(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c03 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c12 = FloatVector.zero(SPECIES);
    FloatVector c13 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c22 = FloatVector.zero(SPECIES);
    FloatVector c23 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c32 = FloatVector.zero(SPECIES);
    FloatVector c33 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c42 = FloatVector.zero(SPECIES);
    FloatVector c43 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c52 = FloatVector.zero(SPECIES);
    FloatVector c53 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + 3 * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      c03 = ai.fma(b3, c03);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      c12 = ai.fma(b2, c12);
      c13 = ai.fma(b3, c13);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      c22 = ai.fma(b2, c22);
      c23 = ai.fma(b3, c23);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      c32 = ai.fma(b2, c32);
      c33 = ai.fma(b3, c33);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      c42 = ai.fma(b2, c42);
      c43 = ai.fma(b3, c43);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 5]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      c52 = ai.fma(b2, c52);
      c53 = ai.fma(b3, c53);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c02.add(FloatVector.fromArray(SPECIES, old, at + 2 * LANES)).intoArray(c, cAt + 2 * LANES);
    c03.add(FloatVector.fromArray(SPECIES, old, at + 3 * LANES)).intoArray(c, cAt + 3 * LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + LANES))
        .intoArray(c, cAt + p.ldc + LANES);
    c12.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + 2 * LANES))
        .intoArray(c, cAt + p.ldc + 2 * LANES);
    c13.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + 3 * LANES))
        .intoArray(c, cAt + p.ldc + 3 * LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + LANES))
        .intoArray(c, cAt + 2 * p.ldc + LANES);
    c22.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 2 * p.ldc + 2 * LANES);
    c23.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + 3 * LANES))
        .intoArray(c, cAt + 2 * p.ldc + 3 * LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + LANES))
        .intoArray(c, cAt + 3 * p.ldc + LANES);
    c32.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 3 * p.ldc + 2 * LANES);
    c33.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + 3 * LANES))
        .intoArray(c, cAt + 3 * p.ldc + 3 * LANES);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
    c41.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + LANES))
        .intoArray(c, cAt + 4 * p.ldc + LANES);
    c42.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 4 * p.ldc + 2 * LANES);
    c43.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + 3 * LANES))
        .intoArray(c, cAt + 4 * p.ldc + 3 * LANES);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep)).intoArray(c, cAt + 5 * p.ldc);
    c51.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + LANES))
        .intoArray(c, cAt + 5 * p.ldc + LANES);
    c52.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 5 * p.ldc + 2 * LANES);
    c53.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + 3 * LANES))
        .intoArray(c, cAt + 5 * p.ldc + 3 * LANES);
  }

  private static void multiply6x3(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c11 = FloatVector.zero(SPECIES);
    FloatVector c12 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c21 = FloatVector.zero(SPECIES);
    FloatVector c22 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c31 = FloatVector.zero(SPECIES);
    FloatVector c32 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c41 = FloatVector.zero(SPECIES);
    FloatVector c42 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    FloatVector c51 = FloatVector.zero(SPECIES);
    FloatVector c52 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      c12 = ai.fma(b2, c12);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      c22 = ai.fma(b2, c22);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      c32 = ai.fma(b2, c32);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      c42 = ai.fma(b2, c42);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 5]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      c52 = ai.fma(b2, c52);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c02.add(FloatVector.fromArray(SPECIES, old, at + 2 * LANES)).intoArray(c, cAt + 2 * LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + LANES))
        .intoArray(c, cAt + p.ldc + LANES);
    c12.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + 2 * LANES))
        .intoArray(c, cAt + p.ldc + 2 * LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + LANES))
        .intoArray(c, cAt + 2 * p.ldc + LANES);
    c22.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 2 * p.ldc + 2 * LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + LANES))
        .intoArray(c, cAt + 3 * p.ldc + LANES);
    c32.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 3 * p.ldc + 2 * LANES);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
    c41.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + LANES))
        .intoArray(c, cAt + 4 * p.ldc + LANES);
    c42.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 4 * p.ldc + 2 * LANES);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep)).intoArray(c, cAt + 5 * p.ldc);
    c51.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + LANES))
        .intoArray(c, cAt + 5 * p.ldc + LANES);
    c52.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + 2 * LANES))
        .intoArray(c, cAt + 5 * p.ldc + 2 * LANES);
  }

  private static void multiply6x2(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 5]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + LANES))
        .intoArray(c, cAt + p.ldc + LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + LANES))
        .intoArray(c, cAt + 2 * p.ldc + LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + LANES))
        .intoArray(c, cAt + 3 * p.ldc + LANES);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
    c41.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + LANES))
        .intoArray(c, cAt + 4 * p.ldc + LANES);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep)).intoArray(c, cAt + 5 * p.ldc);
    c51.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep + LANES))
        .intoArray(c, cAt + 5 * p.ldc + LANES);
  }

  private static void multiply6x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    FloatVector c50 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 5]);
      c50 = ai.fma(b0, c50);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
    c50.add(FloatVector.fromArray(SPECIES, old, at + 5 * p.oldStep)).intoArray(c, cAt + 5 * p.ldc);
  }

  private static void multiply5x2(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
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
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c11.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep + LANES))
        .intoArray(c, cAt + p.ldc + LANES);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c21.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep + LANES))
        .intoArray(c, cAt + 2 * p.ldc + LANES);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c31.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep + LANES))
        .intoArray(c, cAt + 3 * p.ldc + LANES);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
    c41.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep + LANES))
        .intoArray(c, cAt + 4 * p.ldc + LANES);
  }

  private static void multiply5x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c10 = FloatVector.zero(SPECIES);
    FloatVector c20 = FloatVector.zero(SPECIES);
    FloatVector c30 = FloatVector.zero(SPECIES);
    FloatVector c40 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 1]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 2]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 3]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + 4]);
      c40 = ai.fma(b0, c40);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c10.add(FloatVector.fromArray(SPECIES, old, at + p.oldStep)).intoArray(c, cAt + p.ldc);
    c20.add(FloatVector.fromArray(SPECIES, old, at + 2 * p.oldStep)).intoArray(c, cAt + 2 * p.ldc);
    c30.add(FloatVector.fromArray(SPECIES, old, at + 3 * p.oldStep)).intoArray(c, cAt + 3 * p.ldc);
    c40.add(FloatVector.fromArray(SPECIES, old, at + 4 * p.oldStep)).intoArray(c, cAt + 4 * p.ldc);
  }

  private static void multiply1x4(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    FloatVector c01 = FloatVector.zero(SPECIES);
    FloatVector c02 = FloatVector.zero(SPECIES);
    FloatVector c03 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
      FloatVector b2 = FloatVector.fromArray(SPECIES, b, bAt + 2 * LANES);
      FloatVector b3 = FloatVector.fromArray(SPECIES, b, bAt + 3 * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      c02 = ai.fma(b2, c02);
      c03 = ai.fma(b3, c03);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
    c01.add(FloatVector.fromArray(SPECIES, old, at + LANES)).intoArray(c, cAt + LANES);
    c02.add(FloatVector.fromArray(SPECIES, old, at + 2 * LANES)).intoArray(c, cAt + 2 * LANES);
    c03.add(FloatVector.fromArray(SPECIES, old, at + 3 * LANES)).intoArray(c, cAt + 3 * LANES);
  }

  private static void multiply1x1(Product p, int aAt, int bAt, int cAt) {
    float[] a = p.a;
    float[] b = p.b;
    int lda = p.lda;
    int ldb = p.ldb;
    FloatVector c00 = FloatVector.zero(SPECIES);
    for (int k = 0; k < p.depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt]);
      c00 = ai.fma(b0, c00);
      aAt += lda;
      bAt += ldb;
    }
    float[] c = p.c;
    float[] old = p.old;
    int at = p.oldAt(cAt);
    c00.add(FloatVector.fromArray(SPECIES, old, at)).intoArray(c, cAt);
  }
}
