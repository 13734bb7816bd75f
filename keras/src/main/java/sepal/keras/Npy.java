package sepal.keras;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.Collectors;
import sepal.check.InvalidArgument;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * NumPy's {@code .npy} files: versions 1 to 3, C and Fortran order, both byte orders, of float32,
 * float64, int32, int64, uint8 and bool.
 *
 * @see "NumPy 2, numpy.lib.format"
 */
public final class Npy {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 0xffff;
  private static final int CHUNK = 1 << 16;

  private Npy() {}

  /** What the header says. */
  private record Header(DType dtype, ByteOrder order, boolean fortran, Shape shape) {}

  /**
   * The array of a file; what follows it in the file is not read.
   *
   * @throws IllegalArgumentException if the file is not of this format, is shorter than its header
   *     says, or holds elements of another type
   * @throws IOException if it cannot be read
   */
  public static Tensor read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      long[] used = new long[1];
      Header header = readHeader(file, in, used);
      long wanted = (long) header.shape().size() * bytes(header.dtype());
      long present = Files.size(file) - used[0];
      if (present < wanted) {
        throw bad(file, "the file is shorter than its header says")
            .got(present + " bytes of data")
            .expected(wanted + " bytes for " + header.dtype() + header.shape())
            .asInvalidArgument();
      }
      Object data = readData(in, header);
      return header.fortran() && header.shape().rank() > 1
          ? fromFortran(header, data)
          : wrap(header, data);
    } catch (EOFException e) {
      throw bad(file, "the file ends too early").asInvalidArgument(e);
    }
  }

  /** The header, and in {@code used[0]} the number of bytes read for it. */
  private static Header readHeader(Path file, InputStream in, long[] used) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw bad(file, "not a .npy file")
          .expected("a file that starts with \\x93NUMPY")
          .asInvalidArgument();
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw bad(file, "unknown version of the .npy format")
          .got(version)
          .expected("1, 2 or 3")
          .asInvalidArgument();
    }
    int sizeBytes = version == 1 ? 2 : 4;
    ByteBuffer size = ByteBuffer.wrap(exactly(in, sizeBytes)).order(ByteOrder.LITTLE_ENDIAN);
    long length = version == 1 ? size.getShort() & 0xffff : size.getInt() & 0xffffffffL;
    if (length > LONGEST_HEADER) {
      throw bad(file, "the header is too long")
          .got(length + " bytes")
          .expected("at most " + LONGEST_HEADER)
          .asInvalidArgument();
    }
    used[0] = start.length + sizeBytes + length;
    byte[] header = exactly(in, (int) length);
    String text =
        new String(header, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    return new HeaderParser(file, text).parse();
  }

  /** A dictionary as Python writes it, of the three entries that the format knows. */
  private static final class HeaderParser {
    private final Path file;
    private final String text;
    private int at;

    HeaderParser(Path file, String text) {
      this.file = file;
      this.text = text;
    }

    Header parse() {
      String descr = null;
      Boolean fortran = null;
      Shape shape = null;
      expect('{');
      while (!skip('}')) {
        String key = string();
        expect(':');
        switch (key) {
          case "descr" -> {
            if (peek() == '[') {
              throw unsupported("a structured array");
            }
            descr = string();
          }
          case "fortran_order" -> fortran = bool();
          case "shape" -> shape = tuple();
          default -> throw malformed("unknown key '" + key + "'");
        }
        if (!skip(',')) {
          expect('}');
          break;
        }
      }
      if (peek() != 0 || descr == null || fortran == null || shape == null) {
        throw malformed("not descr, fortran_order and shape alone");
      }
      ByteOrder order =
          switch (descr.isEmpty() ? ' ' : descr.charAt(0)) {
            case '>' -> ByteOrder.BIG_ENDIAN;
            case '=' -> ByteOrder.nativeOrder();
            default -> ByteOrder.LITTLE_ENDIAN;
          };
      return new Header(dtype(descr), order, fortran, shape);
    }

    private DType dtype(String descr) {
      boolean ordered = !descr.isEmpty() && "<>=|".indexOf(descr.charAt(0)) >= 0;
      return switch (ordered ? descr.substring(1) : descr) {
        case "f4" -> DType.FLOAT32;
        case "f8" -> DType.FLOAT64;
        case "i4" -> DType.INT32;
        case "i8" -> DType.INT64;
        case "u1" -> DType.UINT8;
        case "b1" -> DType.BOOL;
        case "O" -> throw unsupported("Python objects ('" + descr + "'), which are never loaded");
        default -> throw unsupported("'" + descr + "'");
      };
    }

    private Shape tuple() {
      expect('(');
      int[] dims = new int[32];
      int rank = 0;
      while (!skip(')')) {
        if (rank == dims.length) {
          throw malformed("more than " + dims.length + " axes");
        }
        dims[rank++] = size();
        if (!skip(',')) {
          expect(')');
          break;
        }
      }
      Shape shape = Shape.of(Arrays.copyOf(dims, rank));
      long elements = 1;
      for (int dim : shape.toArray()) {
        elements = dim == 0 ? 0 : elements * dim;
        if (elements > Integer.MAX_VALUE - 8) {
          throw bad(file, "more elements than a Java array can hold")
              .got("shape " + shape)
              .expected("at most " + (Integer.MAX_VALUE - 8) + " elements")
              .asInvalidArgument();
        }
      }
      return shape;
    }

    private int size() {
      peek();
      int start = at;
      while (at < text.length() && Character.digit(text.charAt(at), 10) >= 0) {
        at++;
      }
      String digits = text.substring(start, at);
      skip('L'); // Python 2 wrote long integers so
      try {
        return Integer.parseInt(digits);
      } catch (NumberFormatException e) {
        throw malformed("'" + text.substring(start, Math.max(at, start)) + "' as a size");
      }
    }

    private boolean bool() {
      peek();
      for (String word : new String[] {"True", "False"}) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word.equals("True");
        }
      }
      throw malformed("neither True nor False");
    }

    private String string() {
      char quote = peek();
      int end = quote == '\'' || quote == '"' ? text.indexOf(quote, at + 1) : -1;
      if (end < 0) {
        throw malformed("no string at " + at);
      }
      String string = text.substring(at + 1, end);
      at = end + 1;
      return string;
    }

    private boolean skip(char wanted) {
      boolean found = peek() == wanted;
      at += found ? 1 : 0;
      return found;
    }

    private void expect(char wanted) {
      if (!skip(wanted)) {
        throw malformed("no '" + wanted + "' at " + at);
      }
    }

    /** The next character that is not white space; 0 at the end. */
    private char peek() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private InvalidArgument malformed(String what) {
      return bad(file, "the header cannot be read").got(what).asInvalidArgument();
    }

    private InvalidArgument unsupported(String what) {
      return bad(file, "the type of the elements is not supported")
          .got(what)
          .expected("float32, float64, int32, int64, uint8 or bool")
          .asInvalidArgument();
    }
  }

  private static Object readData(InputStream in, Header header) throws IOException {
    int size = header.shape().size();
    return switch (header.dtype()) {
      case FLOAT32 -> {
        float[] data = new float[size];
        for (int i = 0; i < size; i += CHUNK) {
          chunk(in, header, i, 4).asFloatBuffer().get(data, i, Math.min(CHUNK, size - i));
        }
        yield data;
      }
      case FLOAT64 -> {
        double[] data = new double[size];
        for (int i = 0; i < size; i += CHUNK) {
          chunk(in, header, i, 8).asDoubleBuffer().get(data, i, Math.min(CHUNK, size - i));
        }
        yield data;
      }
      case INT32 -> {
        int[] data = new int[size];
        for (int i = 0; i < size; i += CHUNK) {
          chunk(in, header, i, 4).asIntBuffer().get(data, i, Math.min(CHUNK, size - i));
        }
        yield data;
      }
      case INT64 -> {
        long[] data = new long[size];
        for (int i = 0; i < size; i += CHUNK) {
          chunk(in, header, i, 8).asLongBuffer().get(data, i, Math.min(CHUNK, size - i));
        }
        yield data;
      }
      case UINT8, BOOL -> exactly(in, size);
    };
  }

  /** The bytes of the elements from {@code first} on, at most {@link #CHUNK} of them. */
  private static ByteBuffer chunk(InputStream in, Header header, int first, int bytes)
      throws IOException {
    int count = Math.min(CHUNK, header.shape().size() - first);
    return ByteBuffer.wrap(exactly(in, count * bytes)).order(header.order());
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private static Tensor wrap(Header header, Object data) {
    Shape shape = header.shape();
    return switch (header.dtype()) {
      case FLOAT32 -> Tensor.wrap((float[]) data, shape);
      case FLOAT64 -> Tensor.wrap((double[]) data, shape);
      case INT32 -> Tensor.wrap((int[]) data, shape);
      case INT64 -> Tensor.wrap((long[]) data, shape);
      case UINT8, BOOL -> Tensor.wrap((byte[]) data, shape, header.dtype());
    };
  }

  /** Reorders data in which the first axis runs fastest. */
  private static Tensor fromFortran(Header header, Object data) {
    int[] dims = header.shape().toArray();
    int[] index = new int[dims.length];
    int size = header.shape().size();
    Object rows = java.lang.reflect.Array.newInstance(data.getClass().getComponentType(), size);
    for (int from = 0; from < size; from++) {
      int to = 0;
      for (int axis = 0; axis < dims.length; axis++) {
        to = to * dims[axis] + index[axis];
      }
      System.arraycopy(data, from, rows, to, 1);
      for (int axis = 0; axis < dims.length && ++index[axis] == dims[axis]; axis++) {
        index[axis] = 0;
      }
    }
    return wrap(header, rows);
  }

  /**
   * Writes a tensor in version 1, C order, little-endian. The file appears whole or not at all.
   *
   * @throws UnsupportedOperationException if its elements are integers
   * @throws IOException if it cannot be written
   */
  public static void write(Path file, Tensor tensor) throws IOException {
    if (!tensor.dtype().isFloating()) {
      throw bad(file, "only float32 and float64 are written")
          .got(tensor.dtype())
          .fix("call cast(DType.FLOAT32) first")
          .asUnsupported();
    }
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      try (OutputStream out = Files.newOutputStream(file)) { // a device or a pipe
        write(out, tensor);
      }
      return;
    }
    Path absolute = file.toAbsolutePath();
    Path part =
        absolute.resolveSibling(
            "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      try (OutputStream out =
          Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        write(out, tensor);
      }
      Files.move(part, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void write(OutputStream out, Tensor tensor) throws IOException {
    out.write(header(tensor));
    int width = bytes(tensor.dtype());
    for (int i = 0; i < tensor.size(); i += CHUNK) {
      int count = Math.min(CHUNK, tensor.size() - i);
      ByteBuffer bytes = ByteBuffer.allocate(count * width).order(ByteOrder.LITTLE_ENDIAN);
      switch (tensor.dtype()) {
        case FLOAT32 -> bytes.asFloatBuffer().put(tensor.floats(), i, count);
        case FLOAT64 -> bytes.asDoubleBuffer().put(tensor.doubles(), i, count);
        default -> throw new AssertionError(tensor.dtype());
      }
      out.write(bytes.array());
    }
  }

  private static byte[] header(Tensor tensor) {
    String descr = tensor.dtype() == DType.FLOAT32 ? "<f4" : "<f8";
    int[] dims = tensor.shape().toArray();
    String shape =
        Arrays.stream(dims).mapToObj(Integer::toString).collect(Collectors.joining(", "))
            + (dims.length == 1 ? "," : "");
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
    int start = MAGIC.length + 4;
    int length = (start + text.length() + 1 + 63) / 64 * 64 - start; // the data start aligned
    ByteBuffer header = ByteBuffer.allocate(start + length).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) length);
    header.put(text.getBytes(StandardCharsets.US_ASCII));
    while (header.remaining() > 1) {
      header.put((byte) ' ');
    }
    return header.put((byte) '\n').array();
  }

  private static int bytes(DType dtype) {
    return switch (dtype) {
      case FLOAT32, INT32 -> 4;
      case FLOAT64, INT64 -> 8;
      case UINT8, BOOL -> 1;
    };
  }

  private static Problem bad(Path file, String what) {
    return Problem.in("NumPy file " + file, what);
  }
}
