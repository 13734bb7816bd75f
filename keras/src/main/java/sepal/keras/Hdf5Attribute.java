package sepal.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A named value of a group or a dataset; only strings are read. */
record Hdf5Attribute(Hdf5File file, String name, Hdf5Type type, Hdf5Space space, Hdf5Cursor data) {
  private static final int LONGEST_TEXT = 32 << 20;

  /** Reads an attribute message. */
  static Hdf5Attribute read(Hdf5File file, Hdf5Cursor body) {
    int version = body.version("attribute", 1, 3);
    int flags = body.u8();
    if (version > 1 && (flags & 3) != 0) {
      throw file.unsupported("an attribute with a shared type");
    }
    int nameSize = body.u16();
    int typeSize = body.u16();
    int spaceSize = body.u16();
    body.skip(version == 3 ? 1 : 0);
    String name = part(body, nameSize, version).text();
    Hdf5Type type = Hdf5Type.read(file, part(body, typeSize, version));
    Hdf5Space space = Hdf5Space.read(file, part(body, spaceSize, version));
    long bytes = Math.multiplyExact(space.elements(), (long) type.size());
    return new Hdf5Attribute(file, name, type, space, body.take(bytes));
  }

  private static Hdf5Cursor part(Hdf5Cursor body, int size, int version) {
    Hdf5Cursor part = body.take(size);
    if (version == 1) {
      body.align8();
    }
    return part;
  }

  /** All strings; none for what holds no element, whatever its type. */
  List<String> strings() throws IOException {
    List<String> strings = new ArrayList<>();
    Hdf5Cursor cursor = new Hdf5Cursor(file, data.rest());
    for (long i = 0; i < space.elements(); i++) {
      strings.add(string(cursor));
    }
    return strings;
  }

  private String string(Hdf5Cursor cursor) throws IOException {
    switch (type.kind()) {
      case STRING:
        String text = cursor.take(type.size()).text();
        return type.spacePadded() ? text.stripTrailing() : text;
      case VARIABLE_STRING:
        long length = cursor.u32();
        long address = cursor.u64();
        long index = cursor.u32();
        if (length > LONGEST_TEXT) {
          throw file.damaged("a text of " + length + " bytes in attribute " + name);
        }
        return length == 0 ? "" : file.heapObject(address, index, length).text();
      default:
        throw file.damaged("attribute " + name + " of " + type + " where text must be");
    }
  }

  /** The only string. */
  String string() throws IOException {
    List<String> strings = strings();
    if (strings.size() != 1) {
      throw file.damaged("attribute " + name + " with " + strings.size() + " texts, not one");
    }
    return strings.get(0);
  }
}
