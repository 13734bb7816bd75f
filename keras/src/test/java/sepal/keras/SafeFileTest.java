package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeFileTest {
  private static final SafeFile.Check ANYTHING = file -> {};

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void write_an_old_file() throws IOException {
    file = directory.resolve("model.keras");
    Files.writeString(file, "old");
  }

  private static SafeFile.Content text(String text) {
    return out -> out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void assertOldFileAlone() throws IOException {
    assertThat(names()).containsExactly("model.keras");
    assertThat(file).hasContent("old");
  }

  @Test
  void the_steps_are_write_force_verify_replace_force_the_directory() throws IOException {
    List<String> steps = new ArrayList<>();
    Disk disk =
        new Disk() {
          @Override
          public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            steps.add("write " + bytes.remaining());
            Disk.super.write(channel, bytes);
          }

          @Override
          public void force(FileChannel channel) throws IOException {
            steps.add("force");
            Disk.super.force(channel);
          }

          @Override
          public void replace(Path from, Path to) throws IOException {
            steps.add("replace " + to.getFileName());
            Disk.super.replace(from, to);
          }

          @Override
          public void forceDirectory(Path path) {
            steps.add("force directory");
          }
        };

    SafeFile.replace(
        file,
        disk,
        text("new"),
        written -> {
          assertThat(written).hasContent("new");
          assertThat(written.getParent().toRealPath()).isEqualTo(directory.toRealPath());
          assertThat(file).hasContent("old");
          steps.add("verify");
        });

    assertThat(steps)
        .containsExactly("write 3", "force", "verify", "replace model.keras", "force directory");
    assertThat(file).hasContent("new");
    assertThat(names()).containsExactly("model.keras");
  }

  @Test
  void a_full_disk_leaves_the_old_file_and_says_so() throws IOException {
    Disk full =
        new Disk() {
          @Override
          public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            channel.write(bytes.slice(bytes.position(), 1));
            throw new IOException("No space left on device");
          }
        };

    assertThatIOException()
        .isThrownBy(() -> SafeFile.replace(file, full, text("new"), ANYTHING))
        .withMessage(
            file
                + """
                : not saved
                  got:      No space left on device
                  expected: a directory that can be written to, and room for the file
                  fix:      save somewhere else; what was there before is as it was""");
    assertOldFileAlone();
  }

  @Test
  void a_disk_that_lies_about_the_content_is_caught() throws IOException {
    Disk forgetful =
        new Disk() {
          @Override
          public void write(FileChannel channel, ByteBuffer bytes) throws IOException {
            Disk.super.write(channel, ByteBuffer.allocate(bytes.remaining()));
          }
        };

    assertThatIOException()
        .isThrownBy(
            () ->
                SafeFile.replace(
                    file,
                    forgetful,
                    text("new"),
                    written -> {
                      if (!Files.readString(written).equals("new")) {
                        throw new IOException("it is another text");
                      }
                    }))
        .withMessageContaining("what was written could not be read back: it is another text");
    assertOldFileAlone();
  }

  @Test
  void a_failure_at_any_other_step_leaves_the_old_file() throws IOException {
    List<Disk> disks =
        List.of(
            new Disk() {
              @Override
              public void force(FileChannel channel) throws IOException {
                throw new IOException("broken");
              }
            },
            new Disk() {
              @Override
              public void replace(Path from, Path to) throws IOException {
                throw new IOException("broken");
              }
            });
    for (Disk disk : disks) {
      assertThatIOException()
          .isThrownBy(() -> SafeFile.replace(file, disk, text("new"), ANYTHING))
          .withMessageContaining("got:      broken");
      assertOldFileAlone();
    }
    SafeFile.Content failing =
        out -> {
          throw new OutOfMemoryError("thrown by the test");
        };
    assertThatThrownBy(() -> SafeFile.replace(file, Disk.REAL, failing, ANYTHING))
        .isInstanceOf(OutOfMemoryError.class);
    assertOldFileAlone();
  }

  @Test
  void a_directory_that_is_missing_or_a_file_is_named() throws IOException {
    assertThatIOException()
        .isThrownBy(
            () ->
                SafeFile.replace(
                    directory.resolve("missing/model.keras"), Disk.REAL, text("new"), ANYTHING))
        .withMessageContaining("model.keras: not saved")
        .withMessageContaining("NoSuchFile: ");
    assertThatIOException()
        .isThrownBy(
            () -> SafeFile.replace(file.resolve("model.keras"), Disk.REAL, text("new"), ANYTHING))
        .withMessageContaining("not saved");
    assertThatIOException()
        .isThrownBy(() -> SafeFile.replace(directory, Disk.REAL, text("new"), ANYTHING))
        .withMessageContaining("there is a directory of this name");
    assertOldFileAlone();
  }

  @Test
  void a_link_stays_a_link_and_permissions_stay() throws IOException {
    if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      System.err.println("SKIPPED: this file system knows neither links nor permissions");
      return;
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createSymbolicLink(directory.resolve("link.keras"), file);

    SafeFile.replace(link, Disk.REAL, text("new"), ANYTHING);

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void what_a_dead_process_left_is_removed_after_an_hour() throws IOException {
    Path fresh = Files.createFile(directory.resolve(".model.keras.1.saving"));
    Path old = Files.createFile(directory.resolve(".model.keras.2.saving"));
    Path other = Files.createFile(directory.resolve(".other.keras.3.saving"));
    FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(other, longAgo);

    SafeFile.replace(file, Disk.REAL, text("new"), ANYTHING);

    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    assertThat(other).exists();
    assertThat(file).hasContent("new");
  }
}
