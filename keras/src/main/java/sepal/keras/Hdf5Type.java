package sepal.keras;

import java.nio.ByteOrder;
import java.util.Locale;

/**
 * The type of the elements of a dataset or an attribute.
 *
 * @param kind what they are
 * @param size bytes of one element in the file
 * @param order the order of these bytes
 * @param signed whether integers are signed
 * @param spacePadded whether strings are filled up with spaces
 */
record Hdf5Type(Kind kind, int size, ByteOrder order, boolean signed, boolean spacePadded) {
  enum Kind {
    INTEGER,
    FLOAT,
    BFLOAT16,
    STRING,
    VARIABLE_STRING,
    OPAQUE,
    OTHER
  }

  /** Reads a datatype message. */
  static Hdf5Type read(Hdf5File file, Hdf5Cursor cursor) {
    int classAndVersion = cursor.u8();
    int bits = cursor.u8();
    cursor.skip(2);
    long size = cursor.u32();
    if (size < 1 || size > 1 << 20) {
      throw file.damaged("elements of " + size + " bytes");
    }
    ByteOrder order = (bits & 1) == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    Kind kind =
        switch (classAndVersion & 0x0f) {
          case 0 -> Kind.INTEGER;
          case 1 -> floatKind(file, cursor, bits, size);
          case 3 -> Kind.STRING;
          case 5 -> Kind.OPAQUE;
          case 9 -> (bits & 0x0f) == 1 ? Kind.VARIABLE_STRING : Kind.OTHER;
          default -> Kind.OTHER;
        };
    return new Hdf5Type(kind, (int) size, order, (bits & 0x08) != 0, (bits & 0x0f) == 2);
  }

  /** Only IEEE numbers and bfloat16 are read; the place of the exponent tells them apart. */
  private static Kind floatKind(Hdf5File file, Hdf5Cursor cursor, int bits, long size) {
    cursor.skip(4);
    int exponentAt = cursor.u8();
    int exponentBits = cursor.u8();
    boolean vax = (bits & 0x40) != 0;
    if (!vax && size == 2 && exponentAt == 7 && exponentBits == 8) {
      return Kind.BFLOAT16;
    }
    boolean ieee =
        size == 2 && exponentAt == 10 && exponentBits == 5
            || size == 4 && exponentAt == 23 && exponentBits == 8
            || size == 8 && exponentAt == 52 && exponentBits == 11;
    if (vax || !ieee) {
      throw file.unsupported("floating numbers that are not IEEE");
    }
    return Kind.FLOAT;
  }

  /** For messages, for example {@code float of 4 bytes}. */
  @Override
  public String toString() {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " of " + size + " bytes";
  }
}
