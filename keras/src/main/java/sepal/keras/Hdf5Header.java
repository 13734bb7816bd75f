package sepal.keras;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The header of an HDF5 object: a list of messages, in one piece or several. */
final class Hdf5Header {
  static final int DATASPACE = 0x01;
  static final int LINK_INFO = 0x02;
  static final int DATATYPE = 0x03;
  static final int FILL_VALUE = 0x05;
  static final int LINK = 0x06;
  static final int EXTERNAL_FILES = 0x07;
  static final int LAYOUT = 0x08;
  static final int GROUP_INFO = 0x0a;
  static final int FILTERS = 0x0b;
  static final int ATTRIBUTE = 0x0c;
  static final int CONTINUATION = 0x10;
  static final int SYMBOL_TABLE = 0x11;
  static final int ATTRIBUTE_INFO = 0x15;

  private static final int SHARED = 0x02;

  private record Message(int type, boolean shared, Hdf5Cursor body) {}

  private record Piece(long address, long length) {}

  private final Hdf5File file;
  private final List<Message> messages = new ArrayList<>();
  private final Deque<Piece> pieces = new ArrayDeque<>();

  private Hdf5Header(Hdf5File file) {
    this.file = file;
  }

  static Hdf5Header read(Hdf5File file, long address) throws IOException {
    Hdf5Header header = new Hdf5Header(file);
    int first = file.metadata(address, 1).u8();
    if (first == 1) {
      header.readVersion1(address);
    } else {
      header.readVersion2(address);
    }
    return header;
  }

  boolean has(int type) {
    boolean has = false;
    for (Message message : messages) {
      has |= message.type() == type;
    }
    return has;
  }

  /** The body of the only message of a type, or null. */
  @Nullable Hdf5Cursor only(int type) {
    List<Hdf5Cursor> found = all(type);
    if (found.size() > 1) {
      throw file.damaged("message " + type + " of an object twice");
    }
    return found.isEmpty() ? null : found.get(0);
  }

  /** The bodies of all messages of a type. */
  List<Hdf5Cursor> all(int type) {
    List<Hdf5Cursor> found = new ArrayList<>();
    for (Message message : messages) {
      if (message.type() == type) {
        if (message.shared()) {
          throw file.unsupported("a shared object message");
        }
        found.add(message.body());
      }
    }
    return found;
  }

  private void readVersion1(long address) throws IOException {
    Hdf5Cursor prefix = file.metadata(address, 16).skip(2);
    int count = prefix.u16();
    prefix.skip(4);
    pieces.add(new Piece(address + 16, prefix.u32()));
    for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      Hdf5Cursor cursor = file.metadata(piece.address(), piece.length());
      while (cursor.remaining() >= 8 && messages.size() < count) {
        int type = cursor.u16();
        int size = cursor.u16();
        int flags = cursor.u8();
        add(type, flags, cursor.skip(3).take(size));
      }
    }
  }

  private void readVersion2(long address) throws IOException {
    file.metadata(address, 4).signature("OHDR");
    Hdf5Cursor prefix = file.metadata(address + 4, 2);
    prefix.version("object header", 2, 2);
    int flags = prefix.u8();
    int skipped = ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
    int sizeBytes = 1 << (flags & 3);
    long sizeAt = address + 6 + skipped;
    long size = file.metadata(sizeAt, sizeBytes).unsigned(sizeBytes);
    readMessages2(file.metadata(sizeAt + sizeBytes, size), flags);
    for (Piece piece = pieces.poll(); piece != null; piece = pieces.poll()) {
      Hdf5Cursor cursor = file.metadata(piece.address(), piece.length());
      cursor.signature("OCHK");
      readMessages2(cursor.take(cursor.remaining() - 4), flags);
    }
  }

  private void readMessages2(Hdf5Cursor cursor, int headerFlags) {
    int prefix = (headerFlags & 0x04) != 0 ? 6 : 4;
    while (cursor.remaining() >= prefix) {
      int type = cursor.u8();
      int size = cursor.u16();
      int flags = cursor.u8();
      add(type, flags, cursor.skip(prefix - 4).take(size));
    }
  }

  private void add(int type, int flags, Hdf5Cursor body) {
    boolean shared = (flags & SHARED) != 0;
    if (type == CONTINUATION) {
      pieces.add(new Piece(body.u64(), body.length()));
    }
    messages.add(new Message(type, shared, body));
  }
}
