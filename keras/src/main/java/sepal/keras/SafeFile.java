package sepal.keras;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import sepal.check.Problem;

/**
 * Replaces a file as a whole, or not at all: the new content is written beside it, forced to the
 * disk, read back, and only then renamed. Whoever dies on the way leaves the old file.
 */
final class SafeFile {
  private static final String SUFFIX = ".saving";
  private static final int BLOCK = 1 << 16;

  /** After this time without a change nobody is writing any more. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  interface Check {
    /**
     * @throws IOException if the file is not what it must be
     */
    void verify(Path file) throws IOException;
  }

  private SafeFile() {}

  /**
   * @throws IOException if the file could not be replaced; it is as it was then
   */
  static void replace(Path file, Disk disk, Content content, Check check) throws IOException {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      if (Files.isDirectory(target)) {
        throw new IOException("there is a directory of this name");
      }
      removeAbandoned(target);
      Path beside = target.resolveSibling(prefix(target) + UUID.randomUUID() + SUFFIX);
      try {
        write(beside, disk, content);
        keepPermissions(target, beside);
        verify(beside, check);
        disk.replace(beside, target);
      } finally {
        Files.deleteIfExists(beside);
      }
      disk.forceDirectory(target.resolveSibling("."));
    } catch (IOException e) {
      throw new IOException(
          Problem.in(file.toString(), "not saved")
              .got(reason(e))
              .expected("a directory that can be written to, and room for the file")
              .fix("save somewhere else; what was there before is as it was")
              .message(),
          e);
    }
  }

  private static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    String kind = e.getClass().getSimpleName().replaceAll("Exception$", "");
    return e instanceof FileSystemException ? kind + ": " + message : message;
  }

  private static String prefix(Path target) {
    return "." + target.getFileName() + ".";
  }

  private static void write(Path beside, Disk disk, Content content) throws IOException {
    try (FileChannel file =
        FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream direct =
          new OutputStream() {
            @Override
            public void write(int b) throws IOException {
              write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              disk.write(file, ByteBuffer.wrap(bytes, from, length));
            }
          };
      OutputStream out = new BufferedOutputStream(direct, BLOCK);
      content.writeTo(out);
      out.flush();
      disk.force(file);
    }
  }

  private static void verify(Path beside, Check check) throws IOException {
    try {
      check.verify(beside);
    } catch (IOException | RuntimeException e) {
      throw new IOException("what was written could not be read back: " + e.getMessage(), e);
    }
  }

  private static void keepPermissions(Path target, Path beside) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(target, PosixFileAttributeView.class);
    if (view != null && Files.exists(target)) {
      Files.setPosixFilePermissions(beside, view.readAttributes().permissions());
    }
  }

  /** What a killed process left beside this file. */
  private static void removeAbandoned(Path target) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(
            target.resolveSibling("."),
            path -> {
              String name = path.getFileName().toString();
              return name.startsWith(prefix(target)) && name.endsWith(SUFFIX);
            })) {
      for (Path path : files) {
        if (Files.getLastModifiedTime(path).compareTo(limit) < 0) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
