package sepal.cli;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import sepal.check.InvalidArgument;
import sepal.check.Problem;

/**
 * A picture as numbers from 0 to 255, {@code (height, width, channels)} row by row. Transparency is
 * dropped and the orientation that a camera noted is ignored, as {@code keras.utils.load_img} does.
 */
record Picture(int height, int width, int channels, float[] values) {
  private static final long MOST_PIXELS = 50_000_000;

  /** Progressive pictures have about ten; each takes 40 ns for a pixel. */
  private static final int MOST_SCANS = 100;

  private static final long MOST_WORK = 100_000_000;

  /** What the decoders and the numbers take, at most. */
  private static final int BYTES_PER_PIXEL = 24;

  /**
   * Reads a file of any format that the Java runtime knows: PNG, JPEG, GIF, BMP.
   *
   * @param channels 1 for gray, 3 for red, green, blue
   * @throws IllegalArgumentException if it is not such a file
   */
  static Picture read(Path file, int channels) throws IOException {
    if (Files.isDirectory(file)) {
      throw notAPicture(file).got("a folder").asInvalidArgument();
    }
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) { // makes no copy of it
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw notAPicture(file).expected("PNG or JPEG, or a .npy array").asInvalidArgument();
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        long room = Runtime.getRuntime().maxMemory() / 2 / BYTES_PER_PIXEL;
        if (pixels > Math.min(MOST_PIXELS, room)) {
          Problem tooLarge =
              Problem.in("picture " + file, "it is too large")
                  .got(reader.getWidth(0) + " x " + reader.getHeight(0) + " pixels")
                  .expected("at most " + Math.min(MOST_PIXELS, room) + " pixels");
          throw (pixels > MOST_PIXELS ? tooLarge : tooLarge.fix("start Java with a larger -Xmx"))
              .asInvalidArgument();
        }
        checkScans(file, pixels);
        return of(reader.read(0), channels);
      } catch (InvalidArgument e) {
        throw e;
      } catch (IOException | RuntimeException e) { // the decoders throw either on bad data
        throw notAPicture(file).got(Failure.firstLine(e)).asInvalidArgument(e);
      } finally {
        reader.dispose();
      }
    }
  }

  /** A progressive JPEG goes over all pixels in each scan, and a scan can be of a few bytes. */
  private static void checkScans(Path file, long pixels) throws IOException {
    long scans = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      if (in.read() != 0xff || in.read() != 0xd8) {
        return;
      }
      int before = 0;
      for (int next = in.read(); next >= 0; next = in.read()) {
        scans += before == 0xff && next == 0xda ? 1 : 0;
        before = next;
      }
    }
    if (scans > MOST_SCANS || scans * pixels > MOST_WORK) {
      throw Problem.in("picture " + file, "it would take too long to decode")
          .got(scans + " scans of " + pixels + " pixels")
          .expected("at most " + MOST_SCANS + " scans, and " + MOST_WORK + " pixels in all scans")
          .fix("save it without progressive scans")
          .asInvalidArgument();
    }
  }

  private static Problem notAPicture(Path file) {
    return Problem.in("picture " + file, "it cannot be read");
  }

  /**
   * The samples as they are stored. {@link BufferedImage#getRGB} would convert between colour
   * spaces, which brightens gray pictures.
   */
  static Picture of(BufferedImage image, int channels) {
    int height = image.getHeight();
    int width = image.getWidth();
    float[] values = new float[Math.multiplyExact(height * width, channels)];
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    boolean indexed = model instanceof IndexColorModel;
    boolean gray = !indexed && model.getNumColorComponents() == 1;
    float scale = indexed ? 1 : 255f / ((1 << model.getComponentSize(0)) - 1);
    int[] pixel = new int[Math.max(4, raster.getNumBands())];
    float[] rgb = new float[3];
    int at = 0;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (indexed) {
          int argb = model.getRGB(raster.getSample(x, y, 0));
          rgb[0] = argb >> 16 & 0xff;
          rgb[1] = argb >> 8 & 0xff;
          rgb[2] = argb & 0xff;
        } else {
          raster.getPixel(x, y, pixel);
          for (int c = 0; c < 3; c++) {
            rgb[c] = pixel[gray ? 0 : c] * scale;
          }
        }
        if (channels == 1) {
          values[at++] = gray ? rgb[0] : luma(rgb);
        } else {
          values[at++] = rgb[0];
          values[at++] = rgb[1];
          values[at++] = rgb[2];
        }
      }
    }
    return new Picture(height, width, channels, values);
  }

  /** ITU-R 601, rounded to a whole number as Pillow's mode L. */
  private static float luma(float[] rgb) {
    return (Math.round(rgb[0]) * 19595
            + Math.round(rgb[1]) * 38470
            + Math.round(rgb[2]) * 7471
            + 0x8000)
        >> 16;
  }

  /**
   * Bilinear, pixels being squares with their values at their centres, and no smoothing before: the
   * numbers of {@code tf.image.resize}.
   */
  Picture resize(int newHeight, int newWidth) {
    if (newHeight == height && newWidth == width) {
      return this;
    }
    float[] resized = new float[newHeight * newWidth * channels];
    for (int y = 0; y < newHeight; y++) {
      Between row = Between.of(y, newHeight, height);
      for (int x = 0; x < newWidth; x++) {
        Between column = Between.of(x, newWidth, width);
        for (int c = 0; c < channels; c++) {
          float top = column.mix(at(row.low, column.low, c), at(row.low, column.high, c));
          float bottom = column.mix(at(row.high, column.low, c), at(row.high, column.high, c));
          resized[(y * newWidth + x) * channels + c] = row.mix(top, bottom);
        }
      }
    }
    return new Picture(newHeight, newWidth, channels, resized);
  }

  private float at(int y, int x, int channel) {
    return values[(y * width + x) * channels + channel];
  }

  /** A place between two neighbouring pixels of one axis. */
  private record Between(int low, int high, float part) {
    static Between of(int index, int newSize, int oldSize) {
      float place = (index + 0.5f) * ((float) oldSize / newSize) - 0.5f;
      float floor = (float) Math.floor(place);
      return new Between(
          Math.max((int) floor, 0), Math.min((int) Math.ceil(place), oldSize - 1), place - floor);
    }

    float mix(float a, float b) {
      return a + (b - a) * part;
    }
  }

  /** The values as {@code (channels, height, width)} or {@code (height, width, channels)}. */
  float[] layout(boolean channelsFirst) {
    if (!channelsFirst || channels == 1) {
      return values;
    }
    float[] planes = new float[values.length];
    int plane = height * width;
    for (int i = 0; i < values.length; i++) {
      planes[i % channels * plane + i / channels] = values[i];
    }
    return planes;
  }
}
