package sepal.keras;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The links of a group to its children, in the old form (a B-tree of names) or the new one. */
final class Hdf5Links {
  private final Hdf5File file;
  private final String path;
  private final Hdf5Header header;
  private final Map<String, Long> links = new LinkedHashMap<>();

  Hdf5Links(Hdf5File file, String path, Hdf5Header header) {
    this.file = file;
    this.path = path;
    this.header = header;
  }

  /** Names and addresses of the children. */
  Map<String, Long> read() throws IOException {
    Hdf5Cursor table = header.only(Hdf5Header.SYMBOL_TABLE);
    if (table != null) {
      long tree = table.u64();
      readTree(tree, heapData(table.u64()), null);
      return links;
    }
    Hdf5Cursor info = header.only(Hdf5Header.LINK_INFO);
    if (info == null && !header.has(Hdf5Header.GROUP_INFO) && !header.has(Hdf5Header.LINK)) {
      throw file.damaged("an object that is neither group nor dataset, at " + path);
    }
    if (info != null) {
      info.skip(1);
      info.skip((info.u8() & 1) != 0 ? 8 : 0);
      if (info.u64() != Hdf5Cursor.UNDEFINED) {
        throw file.unsupported("a group in a fractal heap, at " + path);
      }
    }
    for (Hdf5Cursor link : header.all(Hdf5Header.LINK)) {
      readLink(link);
    }
    return links;
  }

  private void add(String name, long address) {
    if (name.isEmpty() || name.contains("/") || name.equals(".") || name.equals("..")) {
      throw file.damaged("a link named \"" + name + "\", at " + path);
    }
    if (links.put(name, address) != null) {
      throw file.damaged("the name \"" + name + "\" twice, at " + path);
    }
  }

  private Hdf5Cursor heapData(long address) throws IOException {
    Hdf5Cursor heap = file.metadata(address, 32);
    heap.signature("HEAP");
    heap.version("local heap", 0, 0);
    heap.skip(3);
    long size = heap.length();
    heap.skip(8);
    return file.metadata(heap.u64(), size);
  }

  /** Walks a node; {@code expected} is its level, which must fall by one from node to node. */
  private void readTree(long address, Hdf5Cursor names, @Nullable Integer expected)
      throws IOException {
    Hdf5Cursor node = file.metadata(address, 24);
    node.signature("TREE");
    int type = node.u8();
    int level = node.u8();
    int entries = node.u16();
    if (type != 0 || expected != null && level != expected || level > 16) {
      throw file.damaged("a B-tree that does not hold together, at " + path);
    }
    Hdf5Cursor children = file.metadata(address + 24, 16L * entries);
    for (int i = 0; i < entries; i++) {
      long child = children.skip(8).u64();
      if (level > 0) {
        readTree(child, names, level - 1);
      } else {
        readSymbols(child, names);
      }
    }
  }

  private void readSymbols(long address, Hdf5Cursor names) throws IOException {
    Hdf5Cursor start = file.metadata(address, 8);
    start.signature("SNOD");
    start.version("symbol table", 1, 1);
    int count = start.skip(1).u16();
    Hdf5Cursor entries = file.metadata(address + 8, 40L * count);
    for (int i = 0; i < count; i++) {
      long nameAt = entries.length();
      long object = entries.u64();
      long cache = entries.u32();
      entries.skip(20);
      String name = names.textAt(nameAt);
      if (cache == 2) {
        throw file.refused("the soft link " + path + "/" + name);
      }
      add(name, object);
    }
  }

  private void readLink(Hdf5Cursor link) {
    link.version("link", 1, 1);
    int flags = link.u8();
    int type = (flags & 0x08) != 0 ? link.u8() : 0;
    link.skip(((flags & 0x04) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
    String name = link.take(link.unsigned(1 << (flags & 3))).text();
    if (type != 0) {
      String kind = type == 1 ? "soft" : type == 64 ? "external" : "unknown";
      throw file.refused("the " + kind + " link " + path + "/" + name);
    }
    add(name, link.u64());
  }
}
