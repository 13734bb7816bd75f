package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;

class PictureTest {
  @TempDir Path folder;

  @Test
  void gray_samples_are_taken_as_they_are_stored() throws IOException {
    BufferedImage image = new BufferedImage(256, 1, BufferedImage.TYPE_BYTE_GRAY);
    for (int x = 0; x < 256; x++) {
      image.getRaster().setSample(x, 0, 0, x);
    }
    Picture gray = Picture.read(save(image), 1);
    Picture colour = Picture.read(save(image), 3);
    for (int x = 0; x < 256; x++) {
      assertThat(gray.values()[x]).isEqualTo(x);
      assertThat(colour.values()[3 * x + 2]).isEqualTo(x);
    }
  }

  @Test
  void sixteen_bits_are_scaled_to_255() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(0, 0, 0, 65535);
    image.getRaster().setSample(1, 0, 0, 257 * 100);
    assertThat(Picture.read(save(image), 1).values()).containsExactly(255, 100);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_RGB,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR
      })
  void colours_come_as_red_green_blue_and_transparency_is_dropped(int type) throws IOException {
    BufferedImage image = new BufferedImage(2, 1, type);
    image.setRGB(0, 0, 0xff0a141e);
    image.setRGB(1, 0, 0x800a141e);
    Picture picture = Picture.read(save(image), 3);
    assertThat(picture.values()).containsExactly(10, 20, 30, 10, 20, 30);
  }

  @Test
  void palettes_are_resolved() throws IOException {
    byte[] red = {0, 10};
    byte[] green = {0, 20};
    byte[] blue = {0, 30};
    BufferedImage image =
        new BufferedImage(
            2, 1, BufferedImage.TYPE_BYTE_INDEXED, new IndexColorModel(8, 2, red, green, blue));
    image.getRaster().setSample(1, 0, 0, 1);
    assertThat(Picture.read(save(image), 3).values()).containsExactly(0, 0, 0, 10, 20, 30);
  }

  @Test
  void jpeg_is_read_in_gray_and_in_colour() throws IOException {
    for (int type : new int[] {BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_INT_RGB}) {
      BufferedImage image = new BufferedImage(16, 8, type);
      for (int i = 0; i < 128 * image.getRaster().getNumBands(); i++) {
        int band = i / 128;
        image.getRaster().setSample(i % 16, i % 128 / 16, band, 50 + 50 * band);
      }
      Path file = folder.resolve("p.jpg");
      assertThat(ImageIO.write(image, "jpg", file.toFile())).isTrue();
      Picture colour = Picture.read(file, 3);
      boolean gray = type == BufferedImage.TYPE_BYTE_GRAY;
      assertThat(colour.width()).isEqualTo(16);
      for (int c = 0; c < 3; c++) {
        assertThat(colour.values()[c]).isCloseTo(gray ? 50 : 50 + 50 * c, within(3f));
      }
      assertThat(Picture.read(file, 1).values()[5]).isCloseTo(gray ? 50 : 91, within(3f));
    }
  }

  @Test
  void gray_of_a_colour_is_itu_r_601_rounded_as_pillow_does() throws IOException {
    BufferedImage image = new BufferedImage(4, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 0xff0000);
    image.setRGB(1, 0, 0x00ff00);
    image.setRGB(2, 0, 0x0000ff);
    image.setRGB(3, 0, 0xffffff);
    assertThat(Picture.read(save(image), 1).values()).containsExactly(76, 150, 29, 255);
  }

  @Test
  void resizing_takes_pixels_as_squares_and_does_not_smooth() {
    Picture row = new Picture(1, 4, 1, new float[] {0, 10, 20, 60});
    assertThat(row.resize(1, 2).values()).containsExactly(5, 40);
    assertThat(row.resize(1, 4)).isSameAs(row);
    Picture two = new Picture(1, 2, 1, new float[] {0, 100});
    assertThat(two.resize(1, 4).values()).containsExactly(0, 25, 75, 100);
    assertThat(two.resize(3, 4).values())
        .containsExactly(0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100);
    // From 9 to 3, a smoothing filter would mix in all; this one takes the middle pixel.
    Picture nine = new Picture(9, 1, 1, new float[] {9, 1, 9, 9, 2, 9, 9, 3, 9});
    assertThat(nine.resize(3, 1).values()).containsExactly(1, 2, 3);
  }

  @Test
  void channels_are_resized_apart_and_laid_out_as_asked() {
    Picture picture = new Picture(1, 2, 3, new float[] {0, 10, 20, 100, 110, 120});
    assertThat(picture.resize(1, 1).values()).containsExactly(50, 60, 70);
    assertThat(picture.layout(false)).isSameAs(picture.values());
    assertThat(picture.layout(true)).containsExactly(0, 100, 10, 110, 20, 120);
  }

  @Test
  void a_picture_that_claims_too_many_pixels_is_refused_before_memory_is_asked()
      throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(header);
    out.write("IHDR".getBytes(StandardCharsets.US_ASCII));
    out.writeInt(1 << 20);
    out.writeInt(1 << 20);
    out.write(new byte[] {8, 2, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(header.toByteArray());
    DataOutputStream chunk = new DataOutputStream(bytes);
    chunk.writeInt(13);
    header.writeTo(chunk);
    chunk.writeInt((int) crc.getValue());
    chunk.write(new byte[200]);
    Path file = folder.resolve("big.png");
    Files.write(file, bytes.toByteArray());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Picture.read(file, 3))
        .withMessageContaining("it is too large\n  got:      1048576 x 1048576 pixels");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
  void damaged_pictures_are_refused_clearly_or_read(String format) throws IOException {
    BufferedImage image = new BufferedImage(19, 13, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 19 * 13; i++) {
      image.setRGB(i % 19, i / 19, i * 77777);
    }
    Path file = folder.resolve("p");
    ImageIO.write(image, format, file.toFile());
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(5);
    int refused = 0;
    for (int i = 0; i < 150; i++) {
      byte[] bytes = Arrays.copyOf(whole, i % 3 == 0 ? random.nextInt(whole.length) : whole.length);
      for (int k = 0; k < 4 && bytes.length > 0; k++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file, bytes);
      try {
        Picture.read(file, 3);
      } catch (InvalidArgument e) {
        refused++;
        assertThat(e).hasMessageStartingWith("picture " + file + ": ");
      }
    }
    assertThat(refused).as("seed 5").isGreaterThan(10);
  }

  private Path save(BufferedImage image) throws IOException {
    Path file = folder.resolve("p.png");
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();
    return file;
  }
}
