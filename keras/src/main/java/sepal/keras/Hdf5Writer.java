package sepal.keras;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import sepal.check.Problem;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Writes HDF5 files in the physical form that h5py gives Keras' files: superblock 0, groups as
 * B-trees of names, arrays in one piece, texts in global heaps.
 *
 * <p>The data come first and the structure last, so that one pass from front to end writes a file
 * of any size with a small buffer.
 *
 * @see "HDF5 File Format Specification, version 3.0"
 */
final class Hdf5Writer {
  private static final int SUPERBLOCK = 96;
  private static final long NOWHERE = -1;
  private static final int BLOCK = 1 << 16;

  /** How many names fit into a leaf of a group, and leaves or nodes into a node: h5py's values. */
  private static final int LEAF = 8;

  private static final int NODE = 32;

  private static final int NODE_BYTES = 24 + 8 * (2 * NODE + 1);
  private static final int SMALLEST_HEAP = 4096;
  private static final int LONGEST_MESSAGE = 65528;

  private final List<Tensor> data = new ArrayList<>();
  private final Map<Hdf5Tree, List<Long>> dataAddresses = new IdentityHashMap<>();
  private final Hdf5Metadata metadata;
  private final Place rootPlace;

  private long heap;
  private int heapSize;
  private int heapUsed;
  private int heapObjects;

  /** Where an object's header is; for groups also their B-tree and the heap of their names. */
  private record Place(long header, long tree, long names) {}

  /** A leaf or node of a B-tree, and where the last name below it is. */
  private record Branch(long address, long lastName) {}

  private record Message(int type, ByteBuffer body) {
    int length() {
      return Hdf5Metadata.padded(body.capacity());
    }
  }

  /**
   * @throws UnsupportedOperationException for arrays of other elements than numbers of 4 or 8 bytes
   */
  Hdf5Writer(Hdf5Tree root) {
    this.metadata = new Hdf5Metadata(placeData(root, SUPERBLOCK));
    this.rootPlace = group(root);
  }

  /** The length of the file. */
  long size() {
    return metadata.end();
  }

  /** Writes the whole file; the same bytes each time. */
  void writeTo(OutputStream out) throws IOException {
    out.write(superblock());
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : data) {
      int step = BLOCK / bytesOf(tensor.dtype());
      for (int at = 0; at < tensor.size(); at += step) {
        block.clear();
        encode(tensor, at, Math.min(step, tensor.size() - at), block);
        out.write(block.array(), 0, block.position());
      }
      out.write(new byte[(int) (-dataSize(tensor) & 7)]);
    }
    metadata.writeTo(out);
  }

  private byte[] superblock() {
    ByteBuffer block = ByteBuffer.allocate(SUPERBLOCK).order(ByteOrder.LITTLE_ENDIAN);
    block.putLong(0x0a1a_0a0d_4644_4889L); // \x89HDF\r\n\x1a\n
    block.putInt(0).put((byte) 0).put((byte) 8).put((byte) 8).put((byte) 0);
    block.putShort((short) (LEAF / 2)).putShort((short) (NODE / 2)).putInt(0);
    block.putLong(0).putLong(NOWHERE).putLong(size()).putLong(NOWHERE);
    entry(block, 0, rootPlace);
    return block.array();
  }

  // ---- data

  private long placeData(Hdf5Tree group, long at) {
    long next = at;
    List<Long> addresses = new ArrayList<>();
    for (Tensor tensor : group.arrays().values()) {
      long size = dataSize(tensor);
      addresses.add(size == 0 ? NOWHERE : next);
      data.add(tensor);
      next += size + 7 & ~7L;
    }
    dataAddresses.put(group, addresses);
    for (Hdf5Tree child : group.groups().values()) {
      next = placeData(child, next);
    }
    return next;
  }

  private static long dataSize(Tensor tensor) {
    return (long) tensor.size() * bytesOf(tensor.dtype());
  }

  static int bytesOf(DType dtype) {
    return switch (dtype) {
      case FLOAT32, INT32 -> 4;
      case FLOAT64, INT64 -> 8;
      default ->
          throw Problem.in("HDF5", "arrays of " + dtype + " are not written").asUnsupported();
    };
  }

  /** Puts {@code count} elements at the end of a little-endian block. */
  static void encode(Tensor tensor, int from, int count, ByteBuffer block) {
    Object array = tensor.array();
    int bytes = count * bytesOf(tensor.dtype());
    if (array instanceof float[] floats) {
      block.asFloatBuffer().put(floats, from, count);
    } else if (array instanceof double[] doubles) {
      block.asDoubleBuffer().put(doubles, from, count);
    } else if (array instanceof int[] ints) {
      block.asIntBuffer().put(ints, from, count);
    } else {
      block.asLongBuffer().put((long[]) array, from, count);
    }
    block.position(block.position() + bytes);
  }

  // ---- groups

  private Place group(Hdf5Tree group) {
    List<Place> children = new ArrayList<>();
    List<String> names = group.names();
    int array = 0;
    for (String name : names) {
      Hdf5Tree child = group.groups().get(name);
      children.add(
          child != null
              ? group(child)
              : array(
                  Objects.requireNonNull(group.arrays().get(name)),
                  Objects.requireNonNull(dataAddresses.get(group)).get(array++)));
    }
    List<Long> offsets = new ArrayList<>();
    long heapOfNames = names(names, offsets);
    long tree = tree(leaves(children, offsets));
    List<Message> messages = new ArrayList<>();
    messages.add(new Message(Hdf5Header.SYMBOL_TABLE, body(16).putLong(tree).putLong(heapOfNames)));
    group.attributes().forEach((name, texts) -> messages.add(attribute(name, texts)));
    return new Place(header(messages), tree, heapOfNames);
  }

  /** A local heap: all names, after an empty one, each ended by zero and padded. */
  private long names(List<String> names, List<Long> offsets) {
    int size = 8;
    for (String name : names) {
      offsets.add((long) size);
      size += Hdf5Metadata.padded(utf8(name).length + 1);
    }
    long start = metadata.allocate(size);
    for (int i = 0; i < names.size(); i++) {
      metadata.at(start + offsets.get(i)).put(utf8(names.get(i)));
    }
    long heapOfNames = metadata.allocate(32);
    long noFreeSpace = 1;
    signature("HEAP", heapOfNames).putInt(0).putLong(size).putLong(noFreeSpace).putLong(start);
    return heapOfNames;
  }

  private List<Branch> leaves(List<Place> children, List<Long> offsets) {
    List<Branch> leaves = new ArrayList<>();
    for (int from = 0; from < children.size(); from += LEAF) {
      int to = Math.min(from + LEAF, children.size());
      long leaf = metadata.allocate(8 + 40 * LEAF);
      ByteBuffer bytes = signature("SNOD", leaf).putShort((short) 1).putShort((short) (to - from));
      for (int i = from; i < to; i++) {
        entry(bytes, offsets.get(i), children.get(i));
      }
      leaves.add(new Branch(leaf, offsets.get(to - 1)));
    }
    return leaves;
  }

  private static void entry(ByteBuffer bytes, long name, Place place) {
    boolean isGroup = place.tree() != 0;
    bytes.putLong(name).putLong(place.header()).putInt(isGroup ? 1 : 0).putInt(0);
    bytes.putLong(place.tree()).putLong(place.names());
  }

  /** A B-tree over leaves; a node's key is the last name to its left, so that the first is "". */
  private long tree(List<Branch> leaves) {
    List<Branch> below = leaves;
    for (int level = 0; ; level++) {
      int nodes = Math.max(1, (below.size() + NODE - 1) / NODE);
      long first = metadata.allocate(nodes * NODE_BYTES);
      List<Branch> made = new ArrayList<>();
      long key = 0;
      for (int n = 0; n < nodes; n++) {
        long address = first + (long) n * NODE_BYTES;
        List<Branch> children = below.subList(n * NODE, Math.min((n + 1) * NODE, below.size()));
        ByteBuffer bytes = signature("TREE", address).put((byte) 0).put((byte) level);
        bytes.putShort((short) children.size());
        bytes.putLong(n == 0 ? NOWHERE : address - NODE_BYTES);
        bytes.putLong(n == nodes - 1 ? NOWHERE : address + NODE_BYTES);
        bytes.putLong(key);
        for (Branch child : children) {
          key = child.lastName();
          bytes.putLong(child.address()).putLong(key);
        }
        made.add(new Branch(address, key));
      }
      if (nodes == 1) {
        return first;
      }
      below = made;
    }
  }

  // ---- arrays

  private Place array(Tensor tensor, long address) {
    ByteBuffer layout = body(18).put((byte) 3).put((byte) 1);
    layout.putLong(address).putLong(dataSize(tensor));
    List<Message> messages =
        List.of(
            new Message(Hdf5Header.DATASPACE, space(tensor.shape())),
            new Message(Hdf5Header.DATATYPE, type(tensor.dtype())),
            new Message(
                Hdf5Header.FILL_VALUE,
                body(8).put((byte) 2).put((byte) 2).put((byte) 2).put((byte) 1)),
            new Message(Hdf5Header.LAYOUT, layout));
    return new Place(header(messages), 0, 0);
  }

  private static ByteBuffer space(Shape shape) {
    ByteBuffer bytes = body(8 + 8 * shape.rank()).put((byte) 1).put((byte) shape.rank());
    bytes.position(8);
    for (int axis = 0; axis < shape.rank(); axis++) {
      bytes.putLong(shape.get(axis));
    }
    return bytes;
  }

  private static ByteBuffer type(DType dtype) {
    int size = bytesOf(dtype);
    if (!dtype.isFloating()) {
      ByteBuffer bytes = body(12).put((byte) 0x10).put((byte) 0x08).putShort((short) 0);
      return bytes.putInt(size).putShort((short) 0).putShort((short) (8 * size));
    }
    int fraction = size == 4 ? 23 : 52;
    int exponent = size == 4 ? 8 : 11;
    ByteBuffer bytes = body(20).put((byte) 0x11).put((byte) 0x20);
    bytes.put((byte) (8 * size - 1)).put((byte) 0); // the place of the sign
    bytes.putInt(size).putShort((short) 0).putShort((short) (8 * size));
    bytes.put((byte) fraction).put((byte) exponent).put((byte) 0).put((byte) fraction);
    return bytes.putInt((1 << exponent - 1) - 1);
  }

  // ---- attributes

  private Message attribute(String name, Hdf5Tree.Texts texts) {
    List<String> values = texts.values();
    // An empty list has no type of its own: numpy takes float64.
    ByteBuffer type = values.isEmpty() ? type(DType.FLOAT64) : textType(texts.utf8());
    ByteBuffer space = space(texts.scalar() ? Shape.of() : Shape.of(values.size()));
    ByteBuffer nameBytes = ByteBuffer.wrap(utf8(name + "\0"));
    List<ByteBuffer> parts = List.of(nameBytes, type, space);
    int size = 8 + 16 * values.size();
    ByteBuffer sizes = body(8).putShort((short) 1);
    for (ByteBuffer part : parts) {
      sizes.putShort((short) part.capacity());
      size += Hdf5Metadata.padded(part.capacity());
    }
    ByteBuffer bytes = body(size).put(sizes.rewind());
    for (ByteBuffer part : parts) {
      bytes.put(part.rewind()).position(Hdf5Metadata.padded(bytes.position()));
    }
    values.forEach(value -> reference(value, bytes));
    return new Message(Hdf5Header.ATTRIBUTE, bytes);
  }

  /** A sequence of bytes that is a text, ended by its length. */
  private static ByteBuffer textType(boolean utf8) {
    ByteBuffer bytes = body(20).put((byte) 0x19).put((byte) 1).put((byte) (utf8 ? 1 : 0));
    bytes.put((byte) 0).putInt(16);
    return bytes.put((byte) 0x10).put(new byte[3]).putInt(1).putInt(8 << 16);
  }

  /** Puts a text into the global heap, and its place there into an attribute. */
  private void reference(String text, ByteBuffer attribute) {
    byte[] bytes = utf8(text);
    if (bytes.length == 0) {
      attribute.putInt(0).putLong(0).putInt(0);
      return;
    }
    int size = 16 + Hdf5Metadata.padded(bytes.length);
    if (heapUsed + size > heapSize) {
      heapSize = Math.max(SMALLEST_HEAP, 16 + size);
      heap = metadata.allocate(heapSize);
      heapUsed = 16;
      heapObjects = 0;
      signature("GCOL", heap).putInt(1).putLong(heapSize);
    }
    heapObjects++;
    ByteBuffer object = metadata.at(heap + heapUsed);
    object.putShort((short) heapObjects).putShort((short) 0).putInt(0).putLong(bytes.length);
    object.put(bytes);
    heapUsed += size;
    int free = heapSize - heapUsed;
    if (free >= 16) {
      metadata.at(heap + heapUsed).putLong(0).putLong(free);
    }
    attribute.putInt(bytes.length).putLong(heap).putInt(heapObjects);
  }

  // ---- common parts

  private long header(List<Message> messages) {
    int size = 0;
    for (Message message : messages) {
      if (message.length() > LONGEST_MESSAGE) {
        throw new IllegalStateException("an HDF5 message of " + message.length() + " bytes");
      }
      size += 8 + message.length();
    }
    long header = metadata.allocate(16 + size);
    ByteBuffer bytes = metadata.at(header);
    bytes.putShort((short) 1).putShort((short) messages.size()).putInt(1).putInt(size).putInt(0);
    for (Message message : messages) {
      bytes.putShort((short) message.type()).putShort((short) message.length()).putInt(0);
      int end = bytes.position() + message.length();
      bytes.put(message.body().rewind()).position(end);
    }
    return header;
  }

  private ByteBuffer signature(String text, long address) {
    return metadata.at(address).put(utf8(text));
  }

  private static ByteBuffer body(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
