package sepal.keras;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The part of a new HDF5 file that is not data: grows at its end, and can be filled anywhere. */
final class Hdf5Metadata {
  private final long base;
  private ByteBuffer bytes = ByteBuffer.allocate(1 << 14);
  private int used;

  /**
   * @param base its address in the file
   */
  Hdf5Metadata(long base) {
    this.base = base;
  }

  /** The address of {@code size} zeros, a multiple of 8. */
  long allocate(int size) {
    int start = used;
    used = Math.addExact(start, padded(size));
    if (used > bytes.capacity()) {
      int doubled = (int) Math.min(2L * used, Integer.MAX_VALUE - 8);
      ByteBuffer larger = ByteBuffer.allocate(doubled);
      larger.put(0, bytes, 0, start);
      bytes = larger;
    }
    return base + start;
  }

  /** The little-endian bytes from an address on. */
  ByteBuffer at(long address) {
    int start = (int) (address - base);
    return bytes.slice(start, used - start).order(ByteOrder.LITTLE_ENDIAN);
  }

  long end() {
    return base + used;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes.array(), 0, used);
  }

  static int padded(int size) {
    return Math.addExact(size, 7) & ~7;
  }
}
