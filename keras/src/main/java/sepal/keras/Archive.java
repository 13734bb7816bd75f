package sepal.keras;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import sepal.check.InvalidArgument;
import sepal.check.Problem;

/**
 * The files of a {@code .keras} archive, or of one that was unpacked to a directory. Nothing is
 * ever written to disk, and only files of known names are read.
 */
abstract class Archive implements Closeable {
  static final String METADATA = "metadata.json";
  static final String CONFIG = "config.json";
  static final String WEIGHTS = "model.weights.h5";

  private final String where;

  private Archive(String where) {
    this.where = where;
  }

  static Archive open(Path path, LoadOptions options) throws IOException {
    return Files.isDirectory(path) ? new Unpacked(path) : Zip.open(path, options);
  }

  /** All bytes of a file, or null if there is none of this name. */
  abstract byte @Nullable [] find(String name, long limit) throws IOException;

  abstract boolean has(String name) throws IOException;

  abstract List<String> names() throws IOException;

  /** Files that are never read, for example of assets. */
  List<String> others() throws IOException {
    List<String> others = new ArrayList<>(names());
    others.removeAll(List.of(METADATA, CONFIG, WEIGHTS));
    return others;
  }

  /**
   * The bytes of a file that must be there.
   *
   * @throws IllegalArgumentException if it is not, or is too large
   */
  byte[] get(String name, long limit) throws IOException {
    byte[] bytes = find(name, limit);
    if (bytes != null) {
      return bytes;
    }
    Problem missing = Problem.in(where, "not a whole .keras archive").got("no " + name + " in it");
    if (name.equals(WEIGHTS) && (has("model.weights.npz") || has("model.weights.json"))) {
      throw missing
          .fix("save the model with Keras' defaults: one file of HDF5 weights")
          .asInvalidArgument();
    }
    throw missing.expected(METADATA + ", " + CONFIG + " and " + WEIGHTS).asInvalidArgument();
  }

  /**
   * The bytes of a file that must be there, without a copy of them in memory where they are not
   * compressed; to be verified, and closed before the archive.
   *
   * @throws IllegalArgumentException if it is not there, or is too large
   */
  abstract ByteSource source(String name, long limit) throws IOException;

  InvalidArgument refused(String what, Object got) {
    return Problem.in(where, what).got(got).asInvalidArgument();
  }

  InvalidArgument tooLarge(String name, long size, long limit) {
    return Problem.in(where, name + " is too large")
        .got(size + " bytes")
        .expected("at most " + limit + " bytes")
        .fix("raise the limit in LoadOptions, if you trust the file")
        .asInvalidArgument();
  }

  /** Exactly what a stream claims to hold. */
  byte[] read(InputStream in, String name, long claimed, long limit) throws IOException {
    if (claimed < 0 || claimed > limit || claimed > Integer.MAX_VALUE - 8) {
      throw tooLarge(name, claimed, limit);
    }
    if (claimed / Float.BYTES > ModelReader.roomForWeights()) {
      throw ModelReader.noMemory(where).got(claimed + " bytes in " + name).asInvalidArgument();
    }
    byte[] bytes = in.readNBytes((int) claimed);
    if (bytes.length < claimed || in.read() >= 0) {
      throw refused(name + " is not as long as the archive says", claimed + " bytes claimed");
    }
    return bytes;
  }

  private static final class Zip extends Archive {
    private final ZipFile zip;

    private Zip(String where, ZipFile zip) {
      super(where);
      this.zip = zip;
    }

    static Zip open(Path path, LoadOptions options) throws IOException {
      ZipFile file;
      try {
        file = new ZipFile(path.toFile());
      } catch (ZipException | IllegalArgumentException e) {
        throw Problem.in(path.toString(), "not a sound zip archive")
            .got(e.getMessage())
            .asInvalidArgument(e);
      }
      Zip zip = new Zip(path.toString(), file);
      try {
        zip.judge(Files.size(path), options);
      } catch (IOException | RuntimeException e) {
        file.close();
        throw e;
      }
      return zip;
    }

    /** Looks at the table of contents before anything is unpacked. */
    private void judge(long size, LoadOptions options) {
      if (zip.size() > options.entries()) {
        throw refused("too many files in the archive", zip.size());
      }
      Set<String> names = new HashSet<>();
      long total = 0;
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        ZipEntry entry = e.nextElement();
        String name = entry.getName();
        if (climbs(name)) {
          throw refused("a name that leads out of the archive is refused", "\"" + name + "\"");
        }
        if (!names.add(name)) {
          throw refused("two files of one name in the archive", "\"" + name + "\" twice");
        }
        total += Math.max(0, entry.getSize());
        if (entry.getSize() < 0 || total < 0 || total / options.expansion() > size) {
          throw refused(
              "the archive would unpack to more than "
                  + options.expansion()
                  + " times its size, and is refused",
              total + " bytes from " + size);
        }
      }
    }

    private static boolean climbs(String name) {
      return name.startsWith("/")
          || name.contains("\\")
          || name.contains(":")
          || name.indexOf('\0') >= 0
          || List.of(name.split("/")).contains("..");
    }

    @Override
    byte @Nullable [] find(String name, long limit) throws IOException {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null) {
        return null;
      }
      try (InputStream in = zip.getInputStream(entry)) {
        byte[] bytes = read(in, name, entry.getSize(), limit);
        CRC32 crc = new CRC32();
        crc.update(bytes);
        if (crc.getValue() != entry.getCrc()) {
          throw refused(
              name + " in the archive is damaged", "a content that does not fit its checksum");
        }
        return bytes;
      } catch (ZipException | EOFException | IllegalArgumentException e) {
        if (e instanceof InvalidArgument judged) {
          throw judged;
        }
        throw refused(name + " in the archive is damaged", String.valueOf(e.getMessage()));
      }
    }

    @Override
    ByteSource source(String name, long limit) throws IOException {
      ZipEntry entry = zip.getEntry(name);
      if (entry == null
          || entry.getMethod() != ZipEntry.STORED
          || entry.getSize() != entry.getCompressedSize()) {
        return ByteSource.of(get(name, limit));
      }
      if (entry.getSize() > limit) {
        throw tooLarge(name, entry.getSize(), limit);
      }
      return new Stored(entry);
    }

    /** An entry that is not compressed: read where it lies, its checksum made on the way. */
    private final class Stored implements ByteSource {
      private static final int AHEAD = 1 << 14;

      private final ZipEntry entry;
      private final CRC32 crc = new CRC32();
      private byte[] block = new byte[1 << 13];
      private byte[] ahead = new byte[0];
      private long aheadAt;
      private @Nullable InputStream stream;
      private long checked; // how many bytes have gone through the stream and the checksum

      Stored(ZipEntry entry) {
        this.entry = entry;
      }

      @Override
      public long size() {
        return entry.getSize();
      }

      /** Reads ahead where it is little: what describes arrays comes in many small pieces. */
      @Override
      public ByteBuffer read(long offset, int length) throws IOException {
        ByteSource.checkRange(offset, length, size());
        if (length > AHEAD) {
          return ByteBuffer.wrap(bytes(offset, length));
        }
        if (offset < aheadAt || offset + length > aheadAt + ahead.length) {
          ahead = bytes(offset, (int) Math.min(AHEAD, size() - offset));
          aheadAt = offset;
        }
        return ByteBuffer.wrap(ahead, (int) (offset - aheadAt), length).slice();
      }

      private byte[] bytes(long offset, int length) throws IOException {
        try (InputStream in = zip.getInputStream(entry)) {
          in.skipNBytes(offset); // a mere addition, for what is not compressed
          byte[] bytes = in.readNBytes(length);
          if (bytes.length < length) {
            throw tooShort();
          }
          return bytes;
        } catch (ZipException e) {
          throw damaged(e);
        }
      }

      @Override
      public ByteBuffer stream(long offset, int length) throws IOException {
        ByteSource.checkRange(offset, length, size());
        if (offset < checked) {
          return read(offset, length);
        }
        if (block.length < length) {
          block = new byte[length];
        }
        while (checked < offset) {
          next((int) Math.min(block.length, offset - checked));
        }
        next(length);
        return ByteBuffer.wrap(block, 0, length);
      }

      private void next(int length) throws IOException {
        InputStream in = stream;
        if (in == null) {
          in = zip.getInputStream(entry);
          in.skipNBytes(checked);
          stream = in;
        }
        try {
          if (in.readNBytes(block, 0, length) < length) {
            throw tooShort();
          }
        } catch (ZipException e) {
          throw damaged(e);
        }
        crc.update(block, 0, length);
        checked += length;
      }

      @Override
      public void verify() throws IOException {
        while (checked < size()) {
          next((int) Math.min(block.length, size() - checked));
        }
        if (crc.getValue() != entry.getCrc()) {
          throw refused(
              entry.getName() + " in the archive is damaged",
              "a content that does not fit its checksum");
        }
      }

      private InvalidArgument damaged(ZipException e) {
        return refused(
            entry.getName() + " in the archive is damaged", String.valueOf(e.getMessage()));
      }

      private EOFException tooShort() {
        return new EOFException(entry.getName() + " became shorter while it was read");
      }

      @Override
      public void close() throws IOException {
        if (stream != null) {
          stream.close();
          stream = null; // verify may open another one
        }
      }
    }

    @Override
    boolean has(String name) {
      return zip.getEntry(name) != null;
    }

    @Override
    List<String> names() {
      List<String> names = new ArrayList<>();
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        names.add(e.nextElement().getName());
      }
      return names;
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }

  private static final class Unpacked extends Archive {
    private final Path directory;

    Unpacked(Path directory) {
      super(directory.toString());
      this.directory = directory;
    }

    @Override
    byte @Nullable [] find(String name, long limit) throws IOException {
      Path file = directory.resolve(name);
      if (Files.isSymbolicLink(file)) {
        throw refused("a symbolic link is refused", name);
      }
      if (!has(name)) {
        return null;
      }
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        return read(in, name, Files.size(file), limit);
      }
    }

    @Override
    ByteSource source(String name, long limit) throws IOException {
      Path file = directory.resolve(name);
      if (!has(name)) {
        return ByteSource.of(get(name, limit)); // says what is wrong with it
      }
      if (Files.size(file) > limit) {
        throw tooLarge(name, Files.size(file), limit);
      }
      return ByteSource.open(file);
    }

    @Override
    List<String> names() throws IOException {
      try (Stream<Path> files = Files.list(directory)) {
        return files.map(file -> file.getFileName().toString()).sorted().toList();
      }
    }

    @Override
    boolean has(String name) {
      return Files.isRegularFile(directory.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public void close() {}
  }
}
