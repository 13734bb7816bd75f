package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** An array in the file; its bytes are read when asked for. */
final class Hdf5Dataset extends Hdf5Object {
  /** Deflate cannot shrink data further than to a thousandth. */
  private static final long GREATEST_RATIO = 1100;

  private static final int BLOCK = 1 << 18;

  private final Hdf5File file;
  private final Hdf5Type type;
  private final Hdf5Space space;

  /** Where the bytes lie in one piece; null if {@link #chunks} has them. */
  private final @Nullable Contiguous contiguous;

  private final @Nullable Hdf5Chunks chunks;

  /** One piece of bytes: at an address, or (compact) in the header itself. */
  private record Contiguous(long address, @Nullable ByteBuffer compact) {}

  private Hdf5Dataset(
      Hdf5File file,
      String path,
      Map<String, Hdf5Attribute> attributes,
      Hdf5Type type,
      Hdf5Space space,
      @Nullable Contiguous contiguous,
      @Nullable Hdf5Chunks chunks) {
    super(path, attributes);
    this.file = file;
    this.type = type;
    this.space = space;
    this.contiguous = contiguous;
    this.chunks = chunks;
  }

  /** Judges a dataset: what it claims must lie in the file. */
  static Hdf5Dataset read(
      Hdf5File file, String path, Map<String, Hdf5Attribute> attributes, Hdf5Header header)
      throws IOException {
    if (header.has(Hdf5Header.EXTERNAL_FILES)) {
      throw file.refused("data of " + path + " in another file");
    }
    Hdf5Cursor typeBody = header.only(Hdf5Header.DATATYPE);
    Hdf5Cursor spaceBody = header.only(Hdf5Header.DATASPACE);
    if (typeBody == null || spaceBody == null) {
      throw file.damaged("a dataset without type or shape, at " + path);
    }
    Hdf5Type type = Hdf5Type.read(file, typeBody);
    Hdf5Space space = Hdf5Space.read(file, spaceBody);
    long bytes = space.elements() * type.size();
    Hdf5Cursor layout = Objects.requireNonNull(header.only(Hdf5Header.LAYOUT));
    int version = layout.version("data layout", 3, 4);
    int kind = layout.u8();
    Contiguous contiguous = null;
    Hdf5Chunks chunks = null;
    if (kind == 0) {
      int present = layout.u16();
      if (present < bytes) {
        throw tooShort(file, path, present, bytes);
      }
      contiguous = new Contiguous(0, layout.take(bytes).rest());
    } else if (kind == 1) {
      long address = layout.u64();
      long present = layout.length();
      if (present < bytes || bytes > 0 && (address < 0 || address > file.size() - bytes)) {
        throw tooShort(file, path, Math.min(present, file.size()), bytes);
      }
      contiguous = new Contiguous(address, null);
    } else if (kind == 2 && version == 3) {
      if (bytes / GREATEST_RATIO > file.size()) {
        throw tooShort(file, path, file.size(), bytes);
      }
      chunks = Hdf5Chunks.read(file, path, layout, type, space, header.only(Hdf5Header.FILTERS));
    } else if (kind == 3) {
      throw file.refused("data of " + path + " in other datasets");
    } else {
      throw file.unsupported("chunks with a newer index, at " + path);
    }
    return new Hdf5Dataset(file, path, attributes, type, space, contiguous, chunks);
  }

  private static RuntimeException tooShort(Hdf5File file, String path, long present, long wanted) {
    return file.damaged(
        path + " claims " + wanted + " bytes of data, and there are at most " + present);
  }

  Shape shape() {
    return space.shape();
  }

  /** How many float32 take as much room as the elements do in a tensor. */
  long elements() {
    return space.elements() * (type.size() == 8 ? 2 : 1);
  }

  /** Where the data begin, as far as they lie in one piece. */
  long address() {
    return contiguous == null ? 0 : contiguous.address();
  }

  /** How many float32 take as much room as reading needs, beside the weight to be filled. */
  long elementsToRead() {
    boolean inPlace =
        contiguous != null && type.kind() == Hdf5Type.Kind.FLOAT && type.size() == Float.BYTES;
    return inPlace ? 0 : 3 * elements();
  }

  /**
   * The elements: float32 and float64 as they are, float16 and bfloat16 as float32, integers as
   * int32 or int64.
   */
  Tensor read() throws IOException {
    Object array = dtype().newArray((int) space.elements());
    readInto(array);
    return Tensor.wrap(array, shape(), dtype());
  }

  /** Puts the elements into an array of the {@link #dtype} and the right length. */
  void readInto(Object array) throws IOException {
    int count = (int) space.elements();
    int step = BLOCK / type.size();
    ByteBuffer whole =
        chunks != null ? chunks.read() : Objects.requireNonNull(contiguous).compact();
    for (int at = 0; at < count; at += step) {
      int length = Math.min(step, count - at);
      long offset = (long) at * type.size();
      ByteBuffer bytes =
          whole != null
              ? whole.slice((int) offset, length * type.size())
              : file.stream(
                  Objects.requireNonNull(contiguous).address() + offset, length * type.size());
      decode(bytes.order(type.order()), array, at, length);
    }
  }

  /** Some elements as they are in the file, in a buffer that the next call fills again. */
  ByteBuffer bytes(int from, int count) throws IOException {
    if (contiguous == null || contiguous.compact() != null) {
      throw file.unsupported("the bytes of " + path() + ", which are not in one piece");
    }
    long address = contiguous.address() + (long) from * type.size();
    return file.stream(address, count * (long) type.size());
  }

  /** The type that {@link #read} gives the elements. */
  DType dtype() {
    int size = type.size();
    boolean integer = type.kind() == Hdf5Type.Kind.INTEGER;
    if (type.kind() == Hdf5Type.Kind.FLOAT || isBfloat16()) {
      return size == 8 ? DType.FLOAT64 : DType.FLOAT32;
    }
    if (integer && (size == 8 || size == 4 && !type.signed())) {
      return DType.INT64;
    }
    if (integer && (size == 1 || size == 2 || size == 4)) {
      return DType.INT32;
    }
    throw file.unsupported(path() + " with elements of type " + type);
  }

  /** Keras writes bfloat16 as two opaque bytes and says so in an attribute. */
  private boolean isBfloat16() {
    return type.kind() == Hdf5Type.Kind.BFLOAT16
        || type.kind() == Hdf5Type.Kind.OPAQUE && type.size() == 2 && attribute("dtype") != null;
  }

  private void decode(ByteBuffer bytes, Object array, int at, int length) {
    if (array instanceof double[] doubles) {
      bytes.asDoubleBuffer().get(doubles, at, length);
    } else if (array instanceof float[] floats) {
      if (type.size() == 4) {
        bytes.asFloatBuffer().get(floats, at, length);
        return;
      }
      for (int i = 0; i < length; i++) {
        short bits = bytes.getShort(2 * i);
        floats[at + i] = isBfloat16() ? Float.intBitsToFloat(bits << 16) : fromHalf(bits);
      }
    } else if (array instanceof long[] longs) {
      for (int i = 0; i < length; i++) {
        longs[at + i] =
            type.size() == 8 ? bytes.getLong(8 * i) : bytes.getInt(4 * i) & 0xffff_ffffL;
      }
    } else {
      int[] ints = (int[]) array;
      for (int i = 0; i < length; i++) {
        ints[at + i] =
            switch (type.size()) {
              case 4 -> bytes.getInt(4 * i);
              case 2 -> type.signed() ? bytes.getShort(2 * i) : bytes.getShort(2 * i) & 0xffff;
              default -> type.signed() ? bytes.get(i) : bytes.get(i) & 0xff;
            };
      }
    }
  }

  /** IEEE half precision: 1 sign bit, 5 of exponent, 10 of fraction. */
  static float fromHalf(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    float value =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 31
                ? Float.intBitsToFloat(0x7f80_0000 | fraction << 13)
                : Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    return bits < 0 ? -value : value;
  }
}
