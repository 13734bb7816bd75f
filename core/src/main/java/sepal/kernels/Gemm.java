package sepal.kernels;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The micro-kernels of matrix multiplication: a few rows of a times a panel of b one or two vectors
 * wide, all sums in registers. Every sum runs over the depth in order, whatever the kernel, so how
 * rows and panels are cut never changes a bit.
 *
 * <p>One loop a method, no helper methods around vectors, no second path of stores: otherwise the
 * compiler runs out of inlining budget and boxes the vectors. Rows of a panel are a constant number
 * of vectors apart: only then does the compiler move every check of an index out of the loop. Rows
 * of a tile are a constant number of values apart: only then does it address all of them from one
 * register, instead of computing an address for each on the units that multiply. The last vector of
 * a panel overlaps the one before it where the width is no multiple of the lanes, and the last rows
 * overlap those before; both compute the same bits.
 */
final class Gemm {
  static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  static final int LANES = SPECIES.length();

  /** AVX-512 and NEON have 32 vector registers, the others 16. */
  private static final boolean MANY_REGISTERS =
      SPECIES.vectorBitSize() >= 512 || System.getProperty("os.arch").equals("aarch64");

  /** Rows of a micro-kernel: 14 x 2 vectors fill 32 registers, 12 x 1 fill 16. */
  static final int ROWS = MANY_REGISTERS ? 14 : 12;

  /** Rows of the micro-kernel for a rest of half as many. */
  private static final int HALF_ROWS = 8;

  /** Rows of the micro-kernel for what is left over, which takes rows that lie anywhere. */
  static final int FEW_ROWS = 4;

  /** Columns of a full panel. */
  static final int PANEL = MANY_REGISTERS ? 2 * LANES : LANES;

  /**
   * How far apart the rows of a tile lie, if they fit in: the depth of the deepest layers of
   * Xception, and a line of the cache, so that neighbouring rows do not compete for the same lines.
   */
  static final int STRIDE = 1552;

  /** What sums start with where there is no bias. */
  static final float[] ZEROS = new float[LANES];

  private static final float[] NO_LIMIT = new float[LANES];

  static {
    Arrays.fill(NO_LIMIT, Float.NEGATIVE_INFINITY);
  }

  private Gemm() {}

  /**
   * {@code c = clamp(a . b + init)}: what is the same for all tiles and calls of a layer.
   *
   * @param kernel what was packed once: b, vectors of columns one after the other, each row after
   *     row ({@link Panels})
   * @param init what the sums start with, the bias: column j with {@code init[at + j *
   *     initColumn]}; an {@code initColumn} of 0 stands for {@link #LANES} equal values
   * @param low lower limits, {@link #LANES} times: from an array, because a register that holds it
   *     throughout the loop is one too many
   */
  record Product(
      float[] kernel, int depth, float[] init, int initColumn, float[] low, float high) {}

  /**
   * What a thread multiplies at the moment. The compiler keeps sums in registers if micro-kernels
   * read these from an object, as they do with a {@link Product}; with as many parameters it does
   * not.
   */
  static final class Operands {
    /**
     * What the kernel is multiplied with: rows on channels_last, {@code step} apart, else columns.
     */
    float[] with = ZEROS;

    int step;
    float[] c = ZEROS;
    int ldc;

    /** What was read only to have it in the cache; see {@link GemmAhead}. */
    int read;

    Operands of(float[] with, int step, float[] c, int ldc) {
      this.with = with;
      this.step = step;
      this.c = c;
      this.ldc = ldc;
      return this;
    }

    /** Lets the arrays go, which callers may want to be rid of. */
    void release() {
      with = ZEROS;
      c = ZEROS;
    }
  }

  /** The lower limit of {@code clamp}, {@link #LANES} times. */
  static float[] low(Clamp clamp) {
    return clamp == Clamp.NONE ? NO_LIMIT : ZEROS;
  }

  /** How far apart the rows of a tile should lie. */
  static int stride(int depth) {
    return depth <= STRIDE ? STRIDE : Panels.rowStride(depth);
  }

  /** Rows of a block for {@code left} of {@code rows} rows of a tile; it may overlap others. */
  private static int height(int left, int rows) {
    if (left > HALF_ROWS && rows >= ROWS) {
      return ROWS;
    }
    if (left > FEW_ROWS && rows >= HALF_ROWS) {
      return HALF_ROWS;
    }
    return left == 1 ? 1 : fewRows(rows);
  }

  private static int fewRows(int rows) {
    return rows >= FEW_ROWS ? FEW_ROWS : 1;
  }

  /**
   * Multiplies {@code rows} rows with one panel. What is no whole block comes first: the first
   * block may have to wait for the panel, and the fewer sums it has, the further ahead the
   * processor reads.
   *
   * @param a rows, {@code lda} apart
   * @param c rows, {@code ldc} apart
   * @param width columns, from {@link #LANES} to {@link #PANEL}
   * @param next where the next panel lies, of two vectors, if it comes from memory, or -1; fetched
   *     meanwhile if rows are few, as this takes as long as it saves for more
   */
  static void multiply(
      Product p,
      int rows,
      float[] a,
      int aAt,
      int lda,
      int bAt,
      int initAt,
      float[] c,
      int cAt,
      int ldc,
      int width,
      int next) {
    Operands o = Scratch.get().operands.of(a, lda, c, ldc);
    boolean apart = lda == STRIDE;
    int whole = apart ? height(rows, rows) : fewRows(rows);
    int rest = rows % whole;
    boolean fetches = next >= 0 && apart && width > LANES && rows / ROWS == 2;
    int fetching = fetches ? rest : rows;
    for (int row = 0; row < rows; ) {
      int count = row == 0 && rest > 0 ? rest : whole;
      int height = apart ? height(count, rows) : whole;
      int first = Math.min(row, rows - height);
      int aRow = aAt + first * lda;
      int cRow = cAt + first * ldc;
      if (row == fetching) {
        GemmAhead.startPages(o, p.kernel, next, p.depth * PANEL);
      }
      if (row >= fetching) {
        int ahead = row == fetching ? next : next + p.depth / 4 * LANES;
        GemmAhead.multiply14x2(p, o, aRow, bAt, initAt, cRow, width, ahead);
      } else {
        block(p, o, height, aRow, bAt, initAt, cRow, width);
      }
      row += count;
    }
    o.release();
    clampHigh(p, rows, c, cAt, ldc, width);
  }

  private static void block(
      Product p, Operands o, int height, int aAt, int bAt, int initAt, int cAt, int width) {
    if (width > LANES) {
      switch (height) {
        case 14 -> multiply14x2(p, o, aAt, bAt, initAt, cAt, width);
        case HALF_ROWS -> multiply8x2(p, o, aAt, bAt, initAt, cAt, width);
        case FEW_ROWS -> multiply4x2(p, o, aAt, bAt, initAt, cAt, width);
        default -> multiply1x2(p, o, aAt, bAt, initAt, cAt, width);
      }
    } else {
      switch (height) {
        case 14 -> multiply14x1(p, o, aAt, bAt, initAt, cAt);
        case 12 -> multiply12x1(p, o, aAt, bAt, initAt, cAt);
        case HALF_ROWS -> multiply8x1(p, o, aAt, bAt, initAt, cAt);
        case FEW_ROWS -> multiply4x1(p, o, aAt, bAt, initAt, cAt);
        default -> multiply1x1(p, o, aAt, bAt, initAt, cAt);
      }
    }
  }

  /** Applies the upper limit, if there is one, to {@code rows} rows of c. */
  static void clampHigh(Product p, int rows, float[] c, int cAt, int ldc, int width) {
    for (int row = 0; row < rows && p.high != Float.POSITIVE_INFINITY; row++) {
      clamp(c, cAt + row * ldc, width, p.low[0], p.high);
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

  private static void multiply14x2(
      Product p, Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    int last = width - LANES;
    int second = bAt + depth * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + p.initColumn * last);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    FloatVector c80 = c00;
    FloatVector c81 = c01;
    FloatVector c90 = c00;
    FloatVector c91 = c01;
    FloatVector cA0 = c00;
    FloatVector cA1 = c01;
    FloatVector cB0 = c00;
    FloatVector cB1 = c01;
    FloatVector cC0 = c00;
    FloatVector cC1 = c01;
    FloatVector cD0 = c00;
    FloatVector cD1 = c01;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, second + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
      c60 = ai.fma(b0, c60);
      c61 = ai.fma(b1, c61);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
      c70 = ai.fma(b0, c70);
      c71 = ai.fma(b1, c71);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * STRIDE]);
      c80 = ai.fma(b0, c80);
      c81 = ai.fma(b1, c81);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * STRIDE]);
      c90 = ai.fma(b0, c90);
      c91 = ai.fma(b1, c91);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * STRIDE]);
      cA0 = ai.fma(b0, cA0);
      cA1 = ai.fma(b1, cA1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * STRIDE]);
      cB0 = ai.fma(b0, cB0);
      cB1 = ai.fma(b1, cB1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 12 * STRIDE]);
      cC0 = ai.fma(b0, cC0);
      cC1 = ai.fma(b1, cC1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 13 * STRIDE]);
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

  private static void multiply8x2(
      Product p, Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    int last = width - LANES;
    int second = bAt + depth * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + p.initColumn * last);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    FloatVector c40 = c00;
    FloatVector c41 = c01;
    FloatVector c50 = c00;
    FloatVector c51 = c01;
    FloatVector c60 = c00;
    FloatVector c61 = c01;
    FloatVector c70 = c00;
    FloatVector c71 = c01;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, second + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
      c60 = ai.fma(b0, c60);
      c61 = ai.fma(b1, c61);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
      c70 = ai.fma(b0, c70);
      c71 = ai.fma(b1, c71);
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
  }

  private static void multiply4x2(
      Product p, Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = o.with;
    int lda = o.step;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    int last = width - LANES;
    int second = bAt + depth * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + p.initColumn * last);
    FloatVector c10 = c00;
    FloatVector c11 = c01;
    FloatVector c20 = c00;
    FloatVector c21 = c01;
    FloatVector c30 = c00;
    FloatVector c31 = c01;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, second + k * LANES);
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
      Product p, Operands o, int aAt, int bAt, int initAt, int cAt, int width) {
    float[] a = o.with;
    float[] c = o.c;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    int last = width - LANES;
    int second = bAt + depth * LANES;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + p.initColumn * last);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, second + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c01.blend(low, c01.compare(VectorOperators.LT, low)).intoArray(c, cAt + last);
  }

  private static void multiply14x1(Product p, Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    FloatVector c30 = c00;
    FloatVector c40 = c00;
    FloatVector c50 = c00;
    FloatVector c60 = c00;
    FloatVector c70 = c00;
    FloatVector c80 = c00;
    FloatVector c90 = c00;
    FloatVector cA0 = c00;
    FloatVector cB0 = c00;
    FloatVector cC0 = c00;
    FloatVector cD0 = c00;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
      c50 = ai.fma(b0, c50);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
      c60 = ai.fma(b0, c60);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
      c70 = ai.fma(b0, c70);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * STRIDE]);
      c80 = ai.fma(b0, c80);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * STRIDE]);
      c90 = ai.fma(b0, c90);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * STRIDE]);
      cA0 = ai.fma(b0, cA0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * STRIDE]);
      cB0 = ai.fma(b0, cB0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 12 * STRIDE]);
      cC0 = ai.fma(b0, cC0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 13 * STRIDE]);
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

  private static void multiply12x1(Product p, Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    FloatVector c30 = c00;
    FloatVector c40 = c00;
    FloatVector c50 = c00;
    FloatVector c60 = c00;
    FloatVector c70 = c00;
    FloatVector c80 = c00;
    FloatVector c90 = c00;
    FloatVector cA0 = c00;
    FloatVector cB0 = c00;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
      c50 = ai.fma(b0, c50);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
      c60 = ai.fma(b0, c60);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
      c70 = ai.fma(b0, c70);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * STRIDE]);
      c80 = ai.fma(b0, c80);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * STRIDE]);
      c90 = ai.fma(b0, c90);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * STRIDE]);
      cA0 = ai.fma(b0, cA0);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * STRIDE]);
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

  private static void multiply8x1(Product p, Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    FloatVector c30 = c00;
    FloatVector c40 = c00;
    FloatVector c50 = c00;
    FloatVector c60 = c00;
    FloatVector c70 = c00;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + STRIDE]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * STRIDE]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * STRIDE]);
      c30 = ai.fma(b0, c30);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * STRIDE]);
      c40 = ai.fma(b0, c40);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * STRIDE]);
      c50 = ai.fma(b0, c50);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * STRIDE]);
      c60 = ai.fma(b0, c60);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * STRIDE]);
      c70 = ai.fma(b0, c70);
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
  }

  private static void multiply4x1(Product p, Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] a = o.with;
    int lda = o.step;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c10 = c00;
    FloatVector c20 = c00;
    FloatVector c30 = c00;
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + lda]);
      c10 = ai.fma(b0, c10);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * lda]);
      c20 = ai.fma(b0, c20);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * lda]);
      c30 = ai.fma(b0, c30);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
    c10.blend(low, c10.compare(VectorOperators.LT, low)).intoArray(c, cAt + ldc);
    c20.blend(low, c20.compare(VectorOperators.LT, low)).intoArray(c, cAt + 2 * ldc);
    c30.blend(low, c30.compare(VectorOperators.LT, low)).intoArray(c, cAt + 3 * ldc);
  }

  private static void multiply1x1(Product p, Operands o, int aAt, int bAt, int initAt, int cAt) {
    float[] a = o.with;
    float[] c = o.c;
    float[] b = p.kernel;
    int depth = p.depth;
    float[] init = p.init;
    float[] lows = p.low;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    for (int k = 0; k < depth; k++) {
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
    }
    FloatVector low = FloatVector.fromArray(SPECIES, lows, 0);
    c00.blend(low, c00.compare(VectorOperators.LT, low)).intoArray(c, cAt);
  }
}
