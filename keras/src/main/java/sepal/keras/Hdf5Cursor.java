package sepal.keras;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Takes little-endian HDF5 metadata one field after the other, and never more than there is. */
final class Hdf5Cursor {
  /** An address that leads nowhere. */
  static final long UNDEFINED = -1;

  private final Hdf5File file;
  private final ByteBuffer bytes;

  Hdf5Cursor(Hdf5File file, ByteBuffer bytes) {
    this.file = file;
    this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  int remaining() {
    return bytes.remaining();
  }

  int position() {
    return bytes.position();
  }

  int u8() {
    return need(1).get() & 0xff;
  }

  int u16() {
    return need(2).getShort() & 0xffff;
  }

  long u32() {
    return need(4).getInt() & 0xffff_ffffL;
  }

  /** A number or an address of eight bytes; {@link #UNDEFINED} for all ones. */
  long u64() {
    long value = need(8).getLong();
    if (value < UNDEFINED) {
      throw file.damaged("a number beyond 2^63");
    }
    return value;
  }

  /** A length or a count of eight bytes. */
  long length() {
    long value = u64();
    if (value < 0) {
      throw file.damaged("an undefined length");
    }
    return value;
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  long unsigned(int size) {
    return switch (size) {
      case 1 -> u8();
      case 2 -> u16();
      case 4 -> u32();
      default -> length();
    };
  }

  Hdf5Cursor skip(int count) {
    bytes.position(need(count).position() + count);
    return this;
  }

  /** Moves on to the next multiple of eight, counted from the start. */
  void align8() {
    skip(Math.min(-position() & 7, remaining()));
  }

  /** The next {@code count} bytes, which are passed over here. */
  Hdf5Cursor take(long count) {
    if (count < 0 || count > remaining()) {
      throw file.damaged("a part that is longer than the whole");
    }
    ByteBuffer part = bytes.slice(bytes.position(), (int) count);
    skip((int) count);
    return new Hdf5Cursor(file, part);
  }

  /** The bytes from here on. */
  ByteBuffer rest() {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A text that ends at the first zero byte, or with the bytes; the rest is passed over. */
  String text() {
    byte[] all = new byte[remaining()];
    bytes.get(all);
    int end = 0;
    while (end < all.length && all[end] != 0) {
      end++;
    }
    return new String(all, 0, end, StandardCharsets.UTF_8);
  }

  /** The text that begins at a place and ends at the next zero byte. */
  String textAt(long at) {
    if (at < 0 || at >= bytes.limit()) {
      throw file.damaged("a name outside its heap");
    }
    int end = (int) at;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - (int) at];
    bytes.get((int) at, text);
    file.pay(text.length);
    return new String(text, StandardCharsets.UTF_8);
  }

  void signature(String expected) {
    byte[] found = new byte[expected.length()];
    need(found.length).get(found);
    if (!expected.equals(new String(found, StandardCharsets.ISO_8859_1))) {
      throw file.damaged("no " + expected + " where one must be");
    }
  }

  /** A version number that must be one of these. */
  int version(String of, int from, int to) {
    int version = u8();
    if (version < from || version > to) {
      throw file.damaged("version " + version + " of the " + of);
    }
    return version;
  }

  private ByteBuffer need(int count) {
    if (count < 0 || count > bytes.remaining()) {
      throw file.damaged("a structure that ends too early");
    }
    return bytes;
  }
}
