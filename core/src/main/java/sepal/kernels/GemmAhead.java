package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Multiplies with one panel of a kernel that comes from memory while the processor fetches the
 * next. Java has no instruction that asks for a line of the cache without waiting for it, but the
 * processor fetches ahead of reads that go on slowly: up to 20 lines of each page (4 KB), once a
 * few of its lines have been read. So the first lines of all pages are read at once, and then the
 * rest in four streams, a line for each row of the current panel.
 *
 * <p>What is read is of no interest, but must be kept ({@link Gemm.Operands#read}), else the
 * compiler leaves it out.
 */
final class GemmAhead {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;

  /** Lines of a page after which the processor fetches on by itself. */
  private static final int FIRST_LINES = 4;

  private GemmAhead() {}

  /** Reads the first lines of the pages of {@code size} values. */
  static void startPages(Gemm.Operands o, float[] b, int at, int size) {
    int page = LineMemory.PAGE;
    int read = 0;
    for (int line = 0; line < FIRST_LINES; line++) {
      int end = at + size - line * LANES;
      for (int i = LineMemory.nextPage(at); i < end; i += page) {
        read ^= Float.floatToRawIntBits(b[i + line * LANES]);
      }
    }
    o.read = read;
  }

  /** {@link Gemm}'s micro-kernel of this size, which reads a line from {@code ahead} a round. */
  static void multiply14x2(
      Gemm.Product p,
      Gemm.Operands o,
      int aAt,
      int bAt,
      int initAt,
      int cAt,
      int width,
      int ahead) {
    float[] a = o.with;
    float[] c = o.c;
    int ldc = o.ldc;
    float[] b = p.kernel();
    int depth = p.depth();
    float[] init = p.init();
    float[] lows = p.low();
    int last = width - LANES;
    int second = bAt + depth * LANES;
    int quarter = depth * LANES / 2;
    int read = 0;
    FloatVector c00 = FloatVector.fromArray(SPECIES, init, initAt);
    FloatVector c01 = FloatVector.fromArray(SPECIES, init, initAt + p.initColumn() * last);
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
      read ^= Float.floatToRawIntBits(b[ahead + (k & 3) * quarter + (k >> 2) * LANES]);
      FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt + k * LANES);
      FloatVector b1 = FloatVector.fromArray(SPECIES, b, second + k * LANES);
      FloatVector ai = FloatVector.broadcast(SPECIES, a[aAt + k]);
      c00 = ai.fma(b0, c00);
      c01 = ai.fma(b1, c01);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + Gemm.STRIDE]);
      c10 = ai.fma(b0, c10);
      c11 = ai.fma(b1, c11);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 2 * Gemm.STRIDE]);
      c20 = ai.fma(b0, c20);
      c21 = ai.fma(b1, c21);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 3 * Gemm.STRIDE]);
      c30 = ai.fma(b0, c30);
      c31 = ai.fma(b1, c31);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 4 * Gemm.STRIDE]);
      c40 = ai.fma(b0, c40);
      c41 = ai.fma(b1, c41);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 5 * Gemm.STRIDE]);
      c50 = ai.fma(b0, c50);
      c51 = ai.fma(b1, c51);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 6 * Gemm.STRIDE]);
      c60 = ai.fma(b0, c60);
      c61 = ai.fma(b1, c61);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 7 * Gemm.STRIDE]);
      c70 = ai.fma(b0, c70);
      c71 = ai.fma(b1, c71);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 8 * Gemm.STRIDE]);
      c80 = ai.fma(b0, c80);
      c81 = ai.fma(b1, c81);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 9 * Gemm.STRIDE]);
      c90 = ai.fma(b0, c90);
      c91 = ai.fma(b1, c91);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 10 * Gemm.STRIDE]);
      cA0 = ai.fma(b0, cA0);
      cA1 = ai.fma(b1, cA1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 11 * Gemm.STRIDE]);
      cB0 = ai.fma(b0, cB0);
      cB1 = ai.fma(b1, cB1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 12 * Gemm.STRIDE]);
      cC0 = ai.fma(b0, cC0);
      cC1 = ai.fma(b1, cC1);
      ai = FloatVector.broadcast(SPECIES, a[aAt + k + 13 * Gemm.STRIDE]);
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
    o.read = read;
  }
}
