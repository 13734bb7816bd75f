package sepal.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Transposes between planes of pixels and pixels of channels, in blocks as wide as a vector: in
 * each stage, pairs of vectors exchange half of their lanes. Written for vectors of 16 and of 8
 * lanes.
 */
final class Transpose {
  private static final VectorSpecies<Float> SPECIES = Gemm.SPECIES;
  private static final int LANES = Gemm.LANES;
  private static final int EIGHT = 8;

  private static final VectorShuffle<Float> SWAP1 = swap(1);
  private static final VectorShuffle<Float> SWAP2 = swap(2);
  private static final VectorShuffle<Float> SWAP4 = swap(4);
  private static final VectorShuffle<Float> SWAP8 = swap(8);
  private static final VectorMask<Float> ODD1 = odd(1);
  private static final VectorMask<Float> ODD2 = odd(2);
  private static final VectorMask<Float> ODD4 = odd(4);
  private static final VectorMask<Float> ODD8 = odd(8);

  private Transpose() {}

  /** Lanes {@code distance} apart change places. */
  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(SPECIES, i -> (i ^ distance) % LANES);
  }

  /** The second of each two such lanes. */
  private static VectorMask<Float> odd(int distance) {
    boolean[] odd = new boolean[LANES];
    for (int i = 0; i < LANES; i++) {
      odd[i] = (i & distance) != 0;
    }
    return VectorMask.fromArray(SPECIES, odd, 0);
  }

  /**
   * Planes to pixels: each plane is read from its beginning to its end.
   *
   * @param plane from one plane of {@code from} to the next
   */
  static void toPixels(
      float[] from, int fromAt, int plane, int channels, int pixels, float[] to, int toAt) {
    if (channels == 1) {
      System.arraycopy(from, fromAt, to, toAt, pixels);
    } else if (fits(channels, pixels)) {
      int first = firstStep(fromAt, plane);
      for (int c = 0; c < channels; c += LANES) {
        int channel = Math.min(c, channels - LANES);
        for (int i = 0; i < pixels; i += i == 0 ? first : LANES) {
          int pixel = Math.min(i, pixels - LANES);
          int at = fromAt + channel * plane + pixel;
          block(from, at, plane, to, toAt + pixel * channels + channel, channels);
        }
      }
    } else if (channels == EIGHT && fits(LANES, pixels)) {
      for (int i = 0; i < pixels; i += LANES) {
        int pixel = Math.min(i, pixels - LANES);
        eightToPixels(from, fromAt + pixel, plane, to, toAt + pixel * EIGHT);
      }
    } else {
      values(from, fromAt, plane, channels, pixels, to, toAt, channels);
    }
  }

  /**
   * Pixels to planes: each plane is written from its beginning to its end.
   *
   * @param plane from one plane of {@code to} to the next
   */
  static void toPlanes(
      float[] from, int fromAt, int pixels, int channels, float[] to, int toAt, int plane) {
    if (fits(channels, pixels)) {
      int first = firstStep(toAt, plane);
      for (int c = 0; c < channels; c += LANES) {
        int channel = Math.min(c, channels - LANES);
        for (int i = 0; i < pixels; i += i == 0 ? first : LANES) {
          int pixel = Math.min(i, pixels - LANES);
          int at = fromAt + pixel * channels + channel;
          block(from, at, channels, to, toAt + channel * plane + pixel, plane);
        }
      }
    } else if (channels == EIGHT
        && fits(LANES, pixels)
        && fromAt + EIGHT * (pixels + 1) <= from.length) {
      for (int i = 0; i < pixels; i += LANES) {
        int pixel = Math.min(i, pixels - LANES);
        eightToPlanes(from, fromAt + pixel * EIGHT, EIGHT, to, toAt + pixel, plane);
      }
    } else {
      values(from, fromAt, channels, pixels, channels, to, toAt, plane);
    }
  }

  /** From the first block of planes to the second, so that its vectors are lines of the cache. */
  private static int firstStep(int at, int plane) {
    int line = Math.floorMod(LineMemory.FIRST - at, LANES);
    return plane % LANES == 0 && line > 0 ? line : LANES;
  }

  private static boolean fits(int channels, int pixels) {
    return Math.min(channels, pixels) >= LANES && (LANES == 16 || LANES == 8);
  }

  private static void values(
      float[] from,
      int fromAt,
      int fromStep,
      int rows,
      int columns,
      float[] to,
      int toAt,
      int toStep) {
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        to[toAt + column * toStep + row] = from[fromAt + row * fromStep + column];
      }
    }
  }

  private static void block(
      float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep) {
    if (LANES == 16) {
      block16(from, fromAt, fromStep, to, toAt, toStep);
    } else {
      block8(from, fromAt, fromStep, to, toAt, toStep);
    }
  }

  private static void block16(
      float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, from, fromAt);
    FloatVector a1 = FloatVector.fromArray(SPECIES, from, fromAt + fromStep);
    FloatVector a2 = FloatVector.fromArray(SPECIES, from, fromAt + 2 * fromStep);
    FloatVector a3 = FloatVector.fromArray(SPECIES, from, fromAt + 3 * fromStep);
    FloatVector a4 = FloatVector.fromArray(SPECIES, from, fromAt + 4 * fromStep);
    FloatVector a5 = FloatVector.fromArray(SPECIES, from, fromAt + 5 * fromStep);
    FloatVector a6 = FloatVector.fromArray(SPECIES, from, fromAt + 6 * fromStep);
    FloatVector a7 = FloatVector.fromArray(SPECIES, from, fromAt + 7 * fromStep);
    FloatVector a8 = FloatVector.fromArray(SPECIES, from, fromAt + 8 * fromStep);
    FloatVector a9 = FloatVector.fromArray(SPECIES, from, fromAt + 9 * fromStep);
    FloatVector a10 = FloatVector.fromArray(SPECIES, from, fromAt + 10 * fromStep);
    FloatVector a11 = FloatVector.fromArray(SPECIES, from, fromAt + 11 * fromStep);
    FloatVector a12 = FloatVector.fromArray(SPECIES, from, fromAt + 12 * fromStep);
    FloatVector a13 = FloatVector.fromArray(SPECIES, from, fromAt + 13 * fromStep);
    FloatVector a14 = FloatVector.fromArray(SPECIES, from, fromAt + 14 * fromStep);
    FloatVector a15 = FloatVector.fromArray(SPECIES, from, fromAt + 15 * fromStep);
    FloatVector b0x = a8.blend(a0, ODD8).rearrange(SWAP8);
    FloatVector b0 = a0.blend(b0x, ODD8);
    FloatVector b8 = b0x.blend(a8, ODD8);
    FloatVector b1x = a9.blend(a1, ODD8).rearrange(SWAP8);
    FloatVector b1 = a1.blend(b1x, ODD8);
    FloatVector b9 = b1x.blend(a9, ODD8);
    FloatVector b2x = a10.blend(a2, ODD8).rearrange(SWAP8);
    FloatVector b2 = a2.blend(b2x, ODD8);
    FloatVector b10 = b2x.blend(a10, ODD8);
    FloatVector b3x = a11.blend(a3, ODD8).rearrange(SWAP8);
    FloatVector b3 = a3.blend(b3x, ODD8);
    FloatVector b11 = b3x.blend(a11, ODD8);
    FloatVector b4x = a12.blend(a4, ODD8).rearrange(SWAP8);
    FloatVector b4 = a4.blend(b4x, ODD8);
    FloatVector b12 = b4x.blend(a12, ODD8);
    FloatVector b5x = a13.blend(a5, ODD8).rearrange(SWAP8);
    FloatVector b5 = a5.blend(b5x, ODD8);
    FloatVector b13 = b5x.blend(a13, ODD8);
    FloatVector b6x = a14.blend(a6, ODD8).rearrange(SWAP8);
    FloatVector b6 = a6.blend(b6x, ODD8);
    FloatVector b14 = b6x.blend(a14, ODD8);
    FloatVector b7x = a15.blend(a7, ODD8).rearrange(SWAP8);
    FloatVector b7 = a7.blend(b7x, ODD8);
    FloatVector b15 = b7x.blend(a15, ODD8);
    FloatVector c0x = b4.blend(b0, ODD4).rearrange(SWAP4);
    FloatVector c0 = b0.blend(c0x, ODD4);
    FloatVector c4 = c0x.blend(b4, ODD4);
    FloatVector c1x = b5.blend(b1, ODD4).rearrange(SWAP4);
    FloatVector c1 = b1.blend(c1x, ODD4);
    FloatVector c5 = c1x.blend(b5, ODD4);
    FloatVector c2x = b6.blend(b2, ODD4).rearrange(SWAP4);
    FloatVector c2 = b2.blend(c2x, ODD4);
    FloatVector c6 = c2x.blend(b6, ODD4);
    FloatVector c3x = b7.blend(b3, ODD4).rearrange(SWAP4);
    FloatVector c3 = b3.blend(c3x, ODD4);
    FloatVector c7 = c3x.blend(b7, ODD4);
    FloatVector c8x = b12.blend(b8, ODD4).rearrange(SWAP4);
    FloatVector c8 = b8.blend(c8x, ODD4);
    FloatVector c12 = c8x.blend(b12, ODD4);
    FloatVector c9x = b13.blend(b9, ODD4).rearrange(SWAP4);
    FloatVector c9 = b9.blend(c9x, ODD4);
    FloatVector c13 = c9x.blend(b13, ODD4);
    FloatVector c10x = b14.blend(b10, ODD4).rearrange(SWAP4);
    FloatVector c10 = b10.blend(c10x, ODD4);
    FloatVector c14 = c10x.blend(b14, ODD4);
    FloatVector c11x = b15.blend(b11, ODD4).rearrange(SWAP4);
    FloatVector c11 = b11.blend(c11x, ODD4);
    FloatVector c15 = c11x.blend(b15, ODD4);
    FloatVector d0x = c2.blend(c0, ODD2).rearrange(SWAP2);
    FloatVector d0 = c0.blend(d0x, ODD2);
    FloatVector d2 = d0x.blend(c2, ODD2);
    FloatVector d1x = c3.blend(c1, ODD2).rearrange(SWAP2);
    FloatVector d1 = c1.blend(d1x, ODD2);
    FloatVector d3 = d1x.blend(c3, ODD2);
    FloatVector d4x = c6.blend(c4, ODD2).rearrange(SWAP2);
    FloatVector d4 = c4.blend(d4x, ODD2);
    FloatVector d6 = d4x.blend(c6, ODD2);
    FloatVector d5x = c7.blend(c5, ODD2).rearrange(SWAP2);
    FloatVector d5 = c5.blend(d5x, ODD2);
    FloatVector d7 = d5x.blend(c7, ODD2);
    FloatVector d8x = c10.blend(c8, ODD2).rearrange(SWAP2);
    FloatVector d8 = c8.blend(d8x, ODD2);
    FloatVector d10 = d8x.blend(c10, ODD2);
    FloatVector d9x = c11.blend(c9, ODD2).rearrange(SWAP2);
    FloatVector d9 = c9.blend(d9x, ODD2);
    FloatVector d11 = d9x.blend(c11, ODD2);
    FloatVector d12x = c14.blend(c12, ODD2).rearrange(SWAP2);
    FloatVector d12 = c12.blend(d12x, ODD2);
    FloatVector d14 = d12x.blend(c14, ODD2);
    FloatVector d13x = c15.blend(c13, ODD2).rearrange(SWAP2);
    FloatVector d13 = c13.blend(d13x, ODD2);
    FloatVector d15 = d13x.blend(c15, ODD2);
    FloatVector e0x = d1.blend(d0, ODD1).rearrange(SWAP1);
    FloatVector e0 = d0.blend(e0x, ODD1);
    FloatVector e1 = e0x.blend(d1, ODD1);
    FloatVector e2x = d3.blend(d2, ODD1).rearrange(SWAP1);
    FloatVector e2 = d2.blend(e2x, ODD1);
    FloatVector e3 = e2x.blend(d3, ODD1);
    FloatVector e4x = d5.blend(d4, ODD1).rearrange(SWAP1);
    FloatVector e4 = d4.blend(e4x, ODD1);
    FloatVector e5 = e4x.blend(d5, ODD1);
    FloatVector e6x = d7.blend(d6, ODD1).rearrange(SWAP1);
    FloatVector e6 = d6.blend(e6x, ODD1);
    FloatVector e7 = e6x.blend(d7, ODD1);
    FloatVector e8x = d9.blend(d8, ODD1).rearrange(SWAP1);
    FloatVector e8 = d8.blend(e8x, ODD1);
    FloatVector e9 = e8x.blend(d9, ODD1);
    FloatVector e10x = d11.blend(d10, ODD1).rearrange(SWAP1);
    FloatVector e10 = d10.blend(e10x, ODD1);
    FloatVector e11 = e10x.blend(d11, ODD1);
    FloatVector e12x = d13.blend(d12, ODD1).rearrange(SWAP1);
    FloatVector e12 = d12.blend(e12x, ODD1);
    FloatVector e13 = e12x.blend(d13, ODD1);
    FloatVector e14x = d15.blend(d14, ODD1).rearrange(SWAP1);
    FloatVector e14 = d14.blend(e14x, ODD1);
    FloatVector e15 = e14x.blend(d15, ODD1);
    e0.intoArray(to, toAt);
    e1.intoArray(to, toAt + toStep);
    e2.intoArray(to, toAt + 2 * toStep);
    e3.intoArray(to, toAt + 3 * toStep);
    e4.intoArray(to, toAt + 4 * toStep);
    e5.intoArray(to, toAt + 5 * toStep);
    e6.intoArray(to, toAt + 6 * toStep);
    e7.intoArray(to, toAt + 7 * toStep);
    e8.intoArray(to, toAt + 8 * toStep);
    e9.intoArray(to, toAt + 9 * toStep);
    e10.intoArray(to, toAt + 10 * toStep);
    e11.intoArray(to, toAt + 11 * toStep);
    e12.intoArray(to, toAt + 12 * toStep);
    e13.intoArray(to, toAt + 13 * toStep);
    e14.intoArray(to, toAt + 14 * toStep);
    e15.intoArray(to, toAt + 15 * toStep);
  }

  private static void block8(
      float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, from, fromAt);
    FloatVector a1 = FloatVector.fromArray(SPECIES, from, fromAt + fromStep);
    FloatVector a2 = FloatVector.fromArray(SPECIES, from, fromAt + 2 * fromStep);
    FloatVector a3 = FloatVector.fromArray(SPECIES, from, fromAt + 3 * fromStep);
    FloatVector a4 = FloatVector.fromArray(SPECIES, from, fromAt + 4 * fromStep);
    FloatVector a5 = FloatVector.fromArray(SPECIES, from, fromAt + 5 * fromStep);
    FloatVector a6 = FloatVector.fromArray(SPECIES, from, fromAt + 6 * fromStep);
    FloatVector a7 = FloatVector.fromArray(SPECIES, from, fromAt + 7 * fromStep);
    FloatVector b0x = a4.blend(a0, ODD4).rearrange(SWAP4);
    FloatVector b0 = a0.blend(b0x, ODD4);
    FloatVector b4 = b0x.blend(a4, ODD4);
    FloatVector b1x = a5.blend(a1, ODD4).rearrange(SWAP4);
    FloatVector b1 = a1.blend(b1x, ODD4);
    FloatVector b5 = b1x.blend(a5, ODD4);
    FloatVector b2x = a6.blend(a2, ODD4).rearrange(SWAP4);
    FloatVector b2 = a2.blend(b2x, ODD4);
    FloatVector b6 = b2x.blend(a6, ODD4);
    FloatVector b3x = a7.blend(a3, ODD4).rearrange(SWAP4);
    FloatVector b3 = a3.blend(b3x, ODD4);
    FloatVector b7 = b3x.blend(a7, ODD4);
    FloatVector c0x = b2.blend(b0, ODD2).rearrange(SWAP2);
    FloatVector c0 = b0.blend(c0x, ODD2);
    FloatVector c2 = c0x.blend(b2, ODD2);
    FloatVector c1x = b3.blend(b1, ODD2).rearrange(SWAP2);
    FloatVector c1 = b1.blend(c1x, ODD2);
    FloatVector c3 = c1x.blend(b3, ODD2);
    FloatVector c4x = b6.blend(b4, ODD2).rearrange(SWAP2);
    FloatVector c4 = b4.blend(c4x, ODD2);
    FloatVector c6 = c4x.blend(b6, ODD2);
    FloatVector c5x = b7.blend(b5, ODD2).rearrange(SWAP2);
    FloatVector c5 = b5.blend(c5x, ODD2);
    FloatVector c7 = c5x.blend(b7, ODD2);
    FloatVector d0x = c1.blend(c0, ODD1).rearrange(SWAP1);
    FloatVector d0 = c0.blend(d0x, ODD1);
    FloatVector d1 = d0x.blend(c1, ODD1);
    FloatVector d2x = c3.blend(c2, ODD1).rearrange(SWAP1);
    FloatVector d2 = c2.blend(d2x, ODD1);
    FloatVector d3 = d2x.blend(c3, ODD1);
    FloatVector d4x = c5.blend(c4, ODD1).rearrange(SWAP1);
    FloatVector d4 = c4.blend(d4x, ODD1);
    FloatVector d5 = d4x.blend(c5, ODD1);
    FloatVector d6x = c7.blend(c6, ODD1).rearrange(SWAP1);
    FloatVector d6 = c6.blend(d6x, ODD1);
    FloatVector d7 = d6x.blend(c7, ODD1);
    d0.intoArray(to, toAt);
    d1.intoArray(to, toAt + toStep);
    d2.intoArray(to, toAt + 2 * toStep);
    d3.intoArray(to, toAt + 3 * toStep);
    d4.intoArray(to, toAt + 4 * toStep);
    d5.intoArray(to, toAt + 5 * toStep);
    d6.intoArray(to, toAt + 6 * toStep);
    d7.intoArray(to, toAt + 7 * toStep);
  }

  /**
   * 8 channels of 16 pixels to planes, with vectors of 16 lanes. Reads 8 values more after the last
   * pixel's.
   *
   * @param step from one pixel to the next
   */
  static void eightToPlanes(float[] from, int at, int step, float[] to, int toAt, int plane) {
    int high = at + EIGHT * step - EIGHT;
    FloatVector a0 =
        FloatVector.fromArray(SPECIES, from, at)
            .blend(FloatVector.fromArray(SPECIES, from, high), ODD8);
    FloatVector a1 =
        FloatVector.fromArray(SPECIES, from, at + step)
            .blend(FloatVector.fromArray(SPECIES, from, high + step), ODD8);
    FloatVector a2 =
        FloatVector.fromArray(SPECIES, from, at + 2 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 2 * step), ODD8);
    FloatVector a3 =
        FloatVector.fromArray(SPECIES, from, at + 3 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 3 * step), ODD8);
    FloatVector a4 =
        FloatVector.fromArray(SPECIES, from, at + 4 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 4 * step), ODD8);
    FloatVector a5 =
        FloatVector.fromArray(SPECIES, from, at + 5 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 5 * step), ODD8);
    FloatVector a6 =
        FloatVector.fromArray(SPECIES, from, at + 6 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 6 * step), ODD8);
    FloatVector a7 =
        FloatVector.fromArray(SPECIES, from, at + 7 * step)
            .blend(FloatVector.fromArray(SPECIES, from, high + 7 * step), ODD8);
    FloatVector b0 = a0.blend(a1.rearrange(SWAP1), ODD1);
    FloatVector b1 = a0.rearrange(SWAP1).blend(a1, ODD1);
    FloatVector b2 = a2.blend(a3.rearrange(SWAP1), ODD1);
    FloatVector b3 = a2.rearrange(SWAP1).blend(a3, ODD1);
    FloatVector b4 = a4.blend(a5.rearrange(SWAP1), ODD1);
    FloatVector b5 = a4.rearrange(SWAP1).blend(a5, ODD1);
    FloatVector b6 = a6.blend(a7.rearrange(SWAP1), ODD1);
    FloatVector b7 = a6.rearrange(SWAP1).blend(a7, ODD1);
    FloatVector c0 = b0.blend(b2.rearrange(SWAP2), ODD2);
    FloatVector c2 = b0.rearrange(SWAP2).blend(b2, ODD2);
    FloatVector c1 = b1.blend(b3.rearrange(SWAP2), ODD2);
    FloatVector c3 = b1.rearrange(SWAP2).blend(b3, ODD2);
    FloatVector c4 = b4.blend(b6.rearrange(SWAP2), ODD2);
    FloatVector c6 = b4.rearrange(SWAP2).blend(b6, ODD2);
    FloatVector c5 = b5.blend(b7.rearrange(SWAP2), ODD2);
    FloatVector c7 = b5.rearrange(SWAP2).blend(b7, ODD2);
    FloatVector d0 = c0.blend(c4.rearrange(SWAP4), ODD4);
    FloatVector d4 = c0.rearrange(SWAP4).blend(c4, ODD4);
    FloatVector d1 = c1.blend(c5.rearrange(SWAP4), ODD4);
    FloatVector d5 = c1.rearrange(SWAP4).blend(c5, ODD4);
    FloatVector d2 = c2.blend(c6.rearrange(SWAP4), ODD4);
    FloatVector d6 = c2.rearrange(SWAP4).blend(c6, ODD4);
    FloatVector d3 = c3.blend(c7.rearrange(SWAP4), ODD4);
    FloatVector d7 = c3.rearrange(SWAP4).blend(c7, ODD4);
    d0.intoArray(to, toAt);
    d1.intoArray(to, toAt + plane);
    d2.intoArray(to, toAt + 2 * plane);
    d3.intoArray(to, toAt + 3 * plane);
    d4.intoArray(to, toAt + 4 * plane);
    d5.intoArray(to, toAt + 5 * plane);
    d6.intoArray(to, toAt + 6 * plane);
    d7.intoArray(to, toAt + 7 * plane);
  }

  /** 16 pixels of 8 planes to pixels of 8 channels, with vectors of 16 lanes. */
  static void eightToPixels(float[] from, int at, int plane, float[] to, int toAt) {
    FloatVector a0 = FloatVector.fromArray(SPECIES, from, at);
    FloatVector a1 = FloatVector.fromArray(SPECIES, from, at + plane);
    FloatVector a2 = FloatVector.fromArray(SPECIES, from, at + 2 * plane);
    FloatVector a3 = FloatVector.fromArray(SPECIES, from, at + 3 * plane);
    FloatVector a4 = FloatVector.fromArray(SPECIES, from, at + 4 * plane);
    FloatVector a5 = FloatVector.fromArray(SPECIES, from, at + 5 * plane);
    FloatVector a6 = FloatVector.fromArray(SPECIES, from, at + 6 * plane);
    FloatVector a7 = FloatVector.fromArray(SPECIES, from, at + 7 * plane);
    FloatVector b0 = a0.blend(a1.rearrange(SWAP1), ODD1);
    FloatVector b1 = a0.rearrange(SWAP1).blend(a1, ODD1);
    FloatVector b2 = a2.blend(a3.rearrange(SWAP1), ODD1);
    FloatVector b3 = a2.rearrange(SWAP1).blend(a3, ODD1);
    FloatVector b4 = a4.blend(a5.rearrange(SWAP1), ODD1);
    FloatVector b5 = a4.rearrange(SWAP1).blend(a5, ODD1);
    FloatVector b6 = a6.blend(a7.rearrange(SWAP1), ODD1);
    FloatVector b7 = a6.rearrange(SWAP1).blend(a7, ODD1);
    FloatVector c0 = b0.blend(b2.rearrange(SWAP2), ODD2);
    FloatVector c2 = b0.rearrange(SWAP2).blend(b2, ODD2);
    FloatVector c1 = b1.blend(b3.rearrange(SWAP2), ODD2);
    FloatVector c3 = b1.rearrange(SWAP2).blend(b3, ODD2);
    FloatVector c4 = b4.blend(b6.rearrange(SWAP2), ODD2);
    FloatVector c6 = b4.rearrange(SWAP2).blend(b6, ODD2);
    FloatVector c5 = b5.blend(b7.rearrange(SWAP2), ODD2);
    FloatVector c7 = b5.rearrange(SWAP2).blend(b7, ODD2);
    FloatVector d0 = c0.blend(c4.rearrange(SWAP4), ODD4);
    FloatVector d4 = c0.rearrange(SWAP4).blend(c4, ODD4);
    FloatVector d1 = c1.blend(c5.rearrange(SWAP4), ODD4);
    FloatVector d5 = c1.rearrange(SWAP4).blend(c5, ODD4);
    FloatVector d2 = c2.blend(c6.rearrange(SWAP4), ODD4);
    FloatVector d6 = c2.rearrange(SWAP4).blend(c6, ODD4);
    FloatVector d3 = c3.blend(c7.rearrange(SWAP4), ODD4);
    FloatVector d7 = c3.rearrange(SWAP4).blend(c7, ODD4);
    d0.blend(d1.rearrange(SWAP8), ODD8).intoArray(to, toAt);
    d2.blend(d3.rearrange(SWAP8), ODD8).intoArray(to, toAt + 2 * EIGHT);
    d4.blend(d5.rearrange(SWAP8), ODD8).intoArray(to, toAt + 4 * EIGHT);
    d6.blend(d7.rearrange(SWAP8), ODD8).intoArray(to, toAt + 6 * EIGHT);
    d0.rearrange(SWAP8).blend(d1, ODD8).intoArray(to, toAt + 8 * EIGHT);
    d2.rearrange(SWAP8).blend(d3, ODD8).intoArray(to, toAt + 10 * EIGHT);
    d4.rearrange(SWAP8).blend(d5, ODD8).intoArray(to, toAt + 12 * EIGHT);
    d6.rearrange(SWAP8).blend(d7, ODD8).intoArray(to, toAt + 14 * EIGHT);
  }
}
