package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** Data in chunks, perhaps compressed, found by a B-tree. */
final class Hdf5Chunks {
  private static final int DEFLATE = 1;
  private static final int SHUFFLE = 2;
  private static final int FLETCHER32 = 3;
  private static final int SMALL = 16 << 20;

  private final Hdf5File file;
  private final String path;
  private final int elementSize;
  private final int[] dims;
  private final int[] chunk;
  private final int chunkBytes;
  private final int totalBytes;
  private final int[] filters;
  private final List<Stored> stored = new ArrayList<>();

  /** One chunk: where its bytes lie, which filters were left out, and its first element. */
  private record Stored(long address, long size, long mask, int[] start) {}

  private Hdf5Chunks(
      Hdf5File file,
      String path,
      Hdf5Type type,
      Hdf5Space space,
      int[] chunk,
      int chunkBytes,
      int[] filters) {
    this.file = file;
    this.path = path;
    this.elementSize = type.size();
    this.dims = space.shape().toArray();
    this.chunk = chunk;
    this.chunkBytes = chunkBytes;
    this.totalBytes = (int) space.elements() * type.size();
    this.filters = filters;
  }

  /** Reads the rest of a layout message of version 3, and the tree. */
  static Hdf5Chunks read(
      Hdf5File file,
      String path,
      Hdf5Cursor layout,
      Hdf5Type type,
      Hdf5Space space,
      @Nullable Hdf5Cursor filters)
      throws IOException {
    int rank = layout.u8() - 1;
    long tree = layout.u64();
    if (rank != space.shape().rank() || rank < 1) {
      throw file.damaged("chunks of another rank, at " + path);
    }
    long total = space.elements() * type.size();
    long bytes = type.size();
    int[] chunk = new int[rank];
    for (int i = 0; i < rank; i++) {
      long size = layout.u32();
      bytes *= size;
      if (size < 1 || bytes > Math.max(SMALL, total) || total > Integer.MAX_VALUE - 8) {
        throw file.damaged("chunks of a wrong size, at " + path);
      }
      chunk[i] = (int) size;
    }
    Hdf5Chunks chunks =
        new Hdf5Chunks(file, path, type, space, chunk, (int) bytes, filters(file, path, filters));
    if (tree != Hdf5Cursor.UNDEFINED) {
      chunks.readTree(tree, null);
    }
    if (chunks.stored.size() * bytes > 64 * total + SMALL) {
      throw file.damaged("more chunks than the array needs, at " + path);
    }
    return chunks;
  }

  private static int[] filters(Hdf5File file, String path, @Nullable Hdf5Cursor body) {
    if (body == null) {
      return new int[0];
    }
    int version = body.version("filter pipeline", 1, 2);
    int[] ids = new int[body.u8()];
    body.skip(version == 1 ? 6 : 0);
    for (int i = 0; i < ids.length; i++) {
      ids[i] = body.u16();
      if (ids[i] < DEFLATE || ids[i] > FLETCHER32 || ids.length > 8) {
        throw file.unsupported("filter " + ids[i] + ", at " + path);
      }
      int name = version == 1 ? body.u16() : 0;
      int values = body.skip(2).u16();
      body.skip((name + 7 & ~7) + 4 * values);
      body.skip(version == 1 && (values & 1) == 1 ? 4 : 0);
    }
    return ids;
  }

  private void readTree(long address, @Nullable Integer expected) throws IOException {
    Hdf5Cursor node = file.metadata(address, 24);
    node.signature("TREE");
    int type = node.u8();
    int level = node.u8();
    int entries = node.u16();
    if (type != 1 || expected != null && level != expected || level > 16) {
      throw file.damaged("a B-tree that does not hold together, at " + path);
    }
    int key = 8 + 8 * (dims.length + 1);
    Hdf5Cursor cursor = file.metadata(address + 24, (long) (key + 8) * entries);
    for (int e = 0; e < entries; e++) {
      long size = cursor.u32();
      long mask = cursor.u32();
      int[] start = new int[dims.length];
      boolean inside = true;
      for (int i = 0; i < start.length; i++) {
        long at = cursor.length();
        inside &= at < dims[i] && at % chunk[i] == 0;
        start[i] = (int) at;
      }
      long child = cursor.skip(8).u64();
      if (level > 0) {
        readTree(child, level - 1);
      } else if (!inside || child < 0 || child > file.size() - size) {
        throw file.damaged("a chunk outside its array or the file, at " + path);
      } else {
        stored.add(new Stored(child, size, mask, start));
      }
    }
  }

  /** All bytes in row-major order; zeros where no chunk was written. */
  ByteBuffer read() throws IOException {
    byte[] all = new byte[totalBytes];
    for (Stored part : stored) {
      copy(unfilter(part), part.start(), all);
    }
    return ByteBuffer.wrap(all);
  }

  /** The bytes of a chunk before the filters: they are undone from the last to the first. */
  private byte[] unfilter(Stored part) throws IOException {
    if (part.size() > 2L * chunkBytes + 1024) {
      throw file.damaged("a chunk that is too large, at " + path);
    }
    byte[] bytes = new byte[(int) part.size()];
    file.read(part.address(), part.size()).get(bytes);
    int length = bytes.length;
    for (int i = filters.length - 1; i >= 0; i--) {
      if ((part.mask() >> i & 1) == 1) {
        continue;
      }
      switch (filters[i]) {
        case DEFLATE -> {
          bytes = inflate(bytes, length);
          length = bytes.length;
        }
        case SHUFFLE -> bytes = unshuffle(bytes, length);
        default -> length -= 4; // the checksum at the end
      }
    }
    if (length != chunkBytes) {
      throw wrongLength();
    }
    return bytes;
  }

  private byte[] inflate(byte[] packed, int length) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed, 0, Math.max(0, length));
      byte[] bytes = new byte[chunkBytes + 4]; // a checksum may be inside
      int filled = 0;
      while (!inflater.finished()) {
        int count = inflater.inflate(bytes, filled, bytes.length - filled);
        filled += count;
        if (count == 0) {
          throw wrongLength();
        }
      }
      return java.util.Arrays.copyOf(bytes, filled);
    } catch (DataFormatException e) {
      throw wrongLength();
    } finally {
      inflater.end();
    }
  }

  private RuntimeException wrongLength() {
    return file.damaged("a chunk that does not unpack to its size, at " + path);
  }

  private byte[] unshuffle(byte[] shuffled, int length) {
    byte[] bytes = new byte[Math.max(0, length)];
    int count = bytes.length / elementSize;
    for (int i = 0; i < count; i++) {
      for (int b = 0; b < elementSize; b++) {
        bytes[i * elementSize + b] = shuffled[b * count + i];
      }
    }
    int done = count * elementSize;
    System.arraycopy(shuffled, done, bytes, done, bytes.length - done);
    return bytes;
  }

  /** Copies the rows of a chunk that lie inside the array to their places. */
  private void copy(byte[] bytes, int[] start, byte[] all) {
    int last = dims.length - 1;
    int row = Math.min(chunk[last], dims[last] - start[last]) * elementSize;
    int rows = chunkBytes / elementSize / chunk[last];
    int[] at = new int[dims.length];
    for (int r = 0; r < rows; r++) {
      int rest = r;
      boolean inside = true;
      long target = 0;
      for (int i = last - 1; i >= 0; i--) {
        at[i] = start[i] + rest % chunk[i];
        rest /= chunk[i];
        inside &= at[i] < dims[i];
      }
      if (inside) {
        at[last] = start[last];
        for (int i = 0; i <= last; i++) {
          target = target * dims[i] + at[i];
        }
        System.arraycopy(
            bytes, r * chunk[last] * elementSize, all, (int) target * elementSize, row);
      }
    }
  }
}
