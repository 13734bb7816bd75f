package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What saving asks of the file system; tests let each of these steps fail. */
interface Disk {
  /** The file system itself. */
  Disk REAL = new Disk() {};

  default void write(FileChannel file, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Returns when the file has arrived on the disk. */
  default void force(FileChannel file) throws IOException {
    file.force(true);
  }

  default void replace(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Returns when a new name has arrived on the disk, where the file system can tell. */
  default void forceDirectory(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows opens no directories. The file is in its place; only the last guarantee is missing.
    }
  }
}
