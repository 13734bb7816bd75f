package sepal.keras;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/** Bytes that can be read from any place: a file, or what was inside an archive. */
interface ByteSource extends Closeable {
  long size() throws IOException;

  /**
   * Exactly {@code length} bytes from {@code offset} on.
   *
   * @throws EOFException if there are fewer; no memory is asked for then
   */
  ByteBuffer read(long offset, int length) throws IOException;

  /**
   * The same for large data: in a buffer that the next call fills again, and fastest from front to
   * end.
   */
  default ByteBuffer stream(long offset, int length) throws IOException {
    return read(offset, length);
  }

  /**
   * Whether all that was read is what its writer wrote; to be asked before it is used.
   *
   * @throws IllegalArgumentException if it has a checksum that does not fit
   */
  default void verify() throws IOException {}

  /** How many bytes of memory it takes. */
  default long memory() {
    return 0;
  }

  static ByteSource of(byte[] bytes) {
    return new ByteSource() {
      @Override
      public long memory() {
        return bytes.length;
      }

      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public ByteBuffer read(long offset, int length) throws IOException {
        checkRange(offset, length, bytes.length);
        return ByteBuffer.wrap(bytes, (int) offset, length).slice().asReadOnlyBuffer();
      }

      @Override
      public void close() {}
    };
  }

  static ByteSource open(Path file) throws IOException {
    SeekableByteChannel channel = Files.newByteChannel(file);
    return new ByteSource() {
      private ByteBuffer direct = ByteBuffer.allocateDirect(0); // saves a copy

      @Override
      public long size() throws IOException {
        return channel.size();
      }

      @Override
      public ByteBuffer read(long offset, int length) throws IOException {
        checkRange(offset, length, channel.size());
        return fill(ByteBuffer.allocate(length), offset);
      }

      @Override
      public ByteBuffer stream(long offset, int length) throws IOException {
        checkRange(offset, length, channel.size());
        if (direct.capacity() < length) {
          direct = ByteBuffer.allocateDirect(length);
        }
        return fill(direct.clear().limit(length), offset);
      }

      private ByteBuffer fill(ByteBuffer buffer, long offset) throws IOException {
        channel.position(offset);
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new EOFException(file + " became shorter while it was read");
          }
        }
        return buffer.flip();
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  static void checkRange(long offset, int length, long size) throws EOFException {
    if (offset < 0 || length < 0 || offset > size - length) {
      throw new EOFException(length + " bytes at " + offset + " of " + size);
    }
  }
}
