package sepal.keras;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;

/**
 * An HDF5 file from a stranger, read only: groups, datasets and attributes in the physical forms
 * that h5py writes by default.
 *
 * <p>The whole tree is walked and judged when the file is opened; data are read later. Nothing in
 * the file is believed: each read is checked against the file's size and paid from a budget, which
 * ends every cycle. Links that could lead elsewhere are refused.
 *
 * @see "HDF5 File Format Specification, version 3.0"
 */
final class Hdf5File implements Closeable {
  /** What reading metadata may cost: their bytes, and a price for each read. */
  private static final long BUDGET = 128L << 20;

  private static final int PRICE = 512;
  private static final int DEEPEST = 64;
  private static final int[] SIGNATURE = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  private final String where;
  private final ByteSource source;
  private final Set<Long> openGroups = new HashSet<>();
  private final Map<Long, Map<Integer, Hdf5Cursor>> heaps = new HashMap<>();
  private long budget = BUDGET;
  private long elements;
  private long largest;
  private long mostToRead;
  private final Hdf5Group root;

  private Hdf5File(String where, ByteSource source) throws IOException {
    this.where = where;
    this.source = source;
    Optional<Hdf5Group> group = readGroup("", readSuperblock(), 0);
    if (group.isEmpty()) {
      throw damaged("a root that is not a group");
    }
    this.root = group.get();
  }

  /**
   * @param where the file's name, for error messages
   * @throws IllegalArgumentException if the file is not sound, or uses what is refused here
   */
  static Hdf5File open(String where, ByteSource source) throws IOException {
    try {
      return new Hdf5File(where, source);
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  Hdf5Group root() {
    return root;
  }

  /** What all datasets together could hold in float32: no model in the file has more weights. */
  long elements() {
    return elements;
  }

  /**
   * How many float32 take as much room as the file and the reading of one dataset, at most.
   *
   * @param rearranged whether data are put into another order after they were read
   */
  long elementsBeside(boolean rearranged) {
    return (rearranged ? 3 * largest : mostToRead) + source.memory() / Float.BYTES;
  }

  long size() throws IOException {
    return source.size();
  }

  @Override
  public void close() throws IOException {
    source.close();
  }

  InvalidArgument damaged(String found) {
    return Problem.in(where, "the HDF5 file is damaged").got(found).asInvalidArgument();
  }

  InvalidArgument unsupported(String found) {
    return Problem.in(where, "an HDF5 feature that is not read here")
        .got(found)
        .expected("what h5py writes by default")
        .fix("write the file again with Keras")
        .asInvalidArgument();
  }

  InvalidArgument refused(String found) {
    return Problem.in(where, "refused to leave the file").got(found).asInvalidArgument();
  }

  void pay(long bytes) {
    budget -= bytes + PRICE;
    if (budget < 0) {
      throw damaged("metadata that are too large, or lead in a circle");
    }
  }

  /** Structure, as opposed to data, from the file. */
  Hdf5Cursor metadata(long address, long length) throws IOException {
    pay(length);
    return new Hdf5Cursor(this, read(address, length));
  }

  /** Bytes whose amount has been judged. */
  ByteBuffer read(long address, long length) throws IOException {
    checkInside(address, length);
    return source.read(address, (int) length);
  }

  /** The same of large data, in a buffer that the next call fills again. */
  ByteBuffer stream(long address, long length) throws IOException {
    checkInside(address, length);
    return source.stream(address, (int) length);
  }

  private void checkInside(long address, long length) throws IOException {
    if (address < 0 || length < 0 || length > Integer.MAX_VALUE || address > size() - length) {
      throw damaged(length + " bytes at " + address + " of " + size());
    }
  }

  private long readSuperblock() throws IOException {
    if (size() < 48) {
      throw notHdf5();
    }
    Hdf5Cursor start = metadata(0, 16);
    for (int expected : SIGNATURE) {
      if (start.u8() != expected) {
        throw notHdf5();
      }
    }
    int version = start.version("superblock", 0, 3);
    if (version < 2) {
      start.skip(4);
    }
    int offsetSize = start.u8();
    int lengthSize = start.u8();
    if (offsetSize != 8 || lengthSize != 8) {
      throw unsupported("addresses or lengths that are not of 8 bytes");
    }
    Hdf5Cursor rest = metadata(version == 0 ? 24 : version == 1 ? 28 : 12, 36);
    long base = rest.u64();
    rest.skip(8);
    long end = rest.u64();
    if (base != 0) {
      throw unsupported("a user block before the data");
    }
    if (end > size()) {
      throw Problem.in(where, "the file ends too early")
          .got(size() + " bytes")
          .expected(end + " bytes")
          .fix("fetch it again")
          .asInvalidArgument();
    }
    if (version < 2) {
      // After the driver's address comes the root's entry: where its name is, then its header.
      return metadata(version == 0 ? 64 : 68, 8).u64();
    }
    return rest.u64();
  }

  private InvalidArgument notHdf5() {
    return Problem.in(where, "not an HDF5 file")
        .expected("a file that starts with \\x89HDF")
        .asInvalidArgument();
  }

  /** The group at an address, or nothing where there is something else. */
  private Optional<Hdf5Group> readGroup(String path, long address, int depth) throws IOException {
    return readObject(path, address, depth) instanceof Hdf5Group group
        ? Optional.of(group)
        : Optional.empty();
  }

  private @Nullable Hdf5Object readObject(String path, long address, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw damaged("groups nested deeper than " + DEEPEST);
    }
    Hdf5Header header = Hdf5Header.read(this, address);
    Hdf5Cursor attributeInfo = header.only(Hdf5Header.ATTRIBUTE_INFO);
    if (attributeInfo != null) {
      attributeInfo.skip(1);
      attributeInfo.skip((attributeInfo.u8() & 1) != 0 ? 2 : 0);
      if (attributeInfo.u64() != Hdf5Cursor.UNDEFINED) {
        throw unsupported("attributes in a fractal heap, at " + path);
      }
    }
    Map<String, Hdf5Attribute> attributes = new LinkedHashMap<>();
    for (Hdf5Cursor body : header.all(Hdf5Header.ATTRIBUTE)) {
      Hdf5Attribute attribute = Hdf5Attribute.read(this, body);
      attributes.put(attribute.name(), attribute);
    }
    if (header.has(Hdf5Header.LAYOUT)) {
      Hdf5Dataset dataset = Hdf5Dataset.read(this, path, attributes, header);
      elements += dataset.elements();
      largest = Math.max(largest, dataset.elements());
      mostToRead = Math.max(mostToRead, dataset.elementsToRead());
      return dataset;
    }
    if (header.has(Hdf5Header.DATATYPE)) {
      return null; // a named type: nothing that Keras writes, nothing that does harm
    }
    if (!openGroups.add(address)) {
      throw damaged("a group that contains itself, at " + path);
    }
    Map<String, Hdf5Object> children = new LinkedHashMap<>();
    for (Map.Entry<String, Long> link : new Hdf5Links(this, path, header).read().entrySet()) {
      Hdf5Object child = readObject(path + "/" + link.getKey(), link.getValue(), depth + 1);
      if (child != null) {
        children.put(link.getKey(), child);
      }
    }
    openGroups.remove(address);
    return new Hdf5Group(path, attributes, children);
  }

  /** An object of the global heap: where the text of a variable-length string lies. */
  Hdf5Cursor heapObject(long address, long index, long length) throws IOException {
    Map<Integer, Hdf5Cursor> heap = heaps.get(address);
    if (heap == null) {
      heap = readHeap(address);
      heaps.put(address, heap);
    }
    pay(length);
    Hdf5Cursor object = heap.get((int) index);
    if (object == null) {
      throw damaged("no object " + index + " in the global heap at " + address);
    }
    return new Hdf5Cursor(this, object.rest()).take(length);
  }

  private Map<Integer, Hdf5Cursor> readHeap(long address) throws IOException {
    Hdf5Cursor start = metadata(address, 16);
    start.signature("GCOL");
    start.version("global heap", 1, 1);
    long size = start.skip(3).length();
    Hdf5Cursor heap = metadata(address, size).skip(16);
    Map<Integer, Hdf5Cursor> objects = new HashMap<>();
    while (heap.remaining() >= 16) {
      int index = heap.u16();
      long length = heap.skip(6).length();
      if (index == 0) {
        break; // free space to the end
      }
      objects.put(index, heap.take(length));
      heap.align8();
    }
    return objects;
  }
}
