package sepal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sepal.check.Problem;
import sepal.keras.Npy;
import sepal.layers.Layer;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Makes the tensor for one input of a model from files.
 *
 * @param name the name of the input
 * @param shape the shape that the model expects, batch first, unknown where it does not mind
 * @param channelsFirst whether the channels of a picture come before its rows
 */
record ModelInput(String name, Shape shape, boolean channelsFirst) {
  private static final byte[] NPY = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  static List<ModelInput> of(Model model) {
    List<ModelInput> inputs = new ArrayList<>();
    for (int i = 0; i < model.inputs().size(); i++) {
      Shape shape = model.inputs().get(i).shape();
      inputs.add(new ModelInput(model.inputNames().get(i), shape, channelsFirst(model, shape)));
    }
    return inputs;
  }

  /** Told by the place of an axis of 1 or 3; where that says nothing, by the layers. */
  private static boolean channelsFirst(Model model, Shape shape) {
    if (shape.rank() != 4) {
      return false;
    }
    boolean first = shape.get(1) == 1 || shape.get(1) == 3;
    boolean last = shape.get(3) == 1 || shape.get(3) == 3;
    if (first != last) {
      return first;
    }
    return model.layers().stream()
        .map(Layer::getConfig)
        .filter(config -> config.get("data_format") != null)
        .findFirst()
        .filter(config -> "channels_first".equals(config.get("data_format")))
        .isPresent();
  }

  /** One tensor of all samples of all files, in their order. */
  Tensor read(List<Path> files, Preprocess preprocess) throws IOException {
    List<Tensor> parts = new ArrayList<>();
    for (Path file : files) {
      Tensor part = preprocess.apply(read(file), channelAxis());
      if (!parts.isEmpty() && !sameSample(part.shape(), parts.get(0).shape())) {
        throw Problem.in("input \"" + name + "\"", "the files differ in size")
            .got(part.shape() + " in " + file)
            .expected(parts.get(0).shape() + ", the shape of the first")
            .asInvalidArgument();
      }
      parts.add(part);
    }
    if (parts.stream().anyMatch(part -> part.dtype() != parts.get(0).dtype())) {
      parts.replaceAll(part -> part.cast(DType.FLOAT32));
    }
    return parts.size() == 1 ? parts.get(0) : Tensor.concatRows(parts);
  }

  private static boolean sameSample(Shape a, Shape b) {
    return a.rank() == b.rank() && a.rank() > 0 && a.with(0, 0).equals(b.with(0, 0));
  }

  private int channelAxis() {
    return channelsFirst ? 1 : 3;
  }

  private Tensor read(Path file) throws IOException {
    return isNpy(file) ? withBatch(Npy.read(file)) : picture(file);
  }

  private static boolean isNpy(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(NPY.length), NPY) || file.toString().endsWith(".npy");
    }
  }

  /** A single sample gets a batch axis; a last axis of 1 may be missing, as in Keras. */
  private Tensor withBatch(Tensor array) {
    Shape given = array.shape();
    Shape sample = shape.slice(1, shape.rank());
    if (given.rank() == sample.rank() && given.isCompatibleWith(sample)) {
      return array.reshape(Shape.of(1).concat(given.toArray()));
    }
    boolean oneChannel = sample.rank() > 0 && sample.get(-1) == 1;
    if (oneChannel && given.isCompatibleWith(sample.slice(0, sample.rank() - 1))) {
      return array.reshape(Shape.of(1).concat(given.toArray()).concat(1));
    }
    return array;
  }

  private Tensor picture(Path file) throws IOException {
    int channels = shape.rank() == 4 ? shape.get(channelAxis()) : shape.rank() == 3 ? 1 : 0;
    if (channels == Shape.UNKNOWN) {
      channels = 3;
    }
    if (channels != 1 && channels != 3) {
      throw Problem.in("input \"" + name + "\"", "the model takes no pictures")
          .got(file)
          .expected("a .npy array of shape " + shape)
          .asInvalidArgument();
    }
    int rows = shape.get(shape.rank() == 4 && channelsFirst ? 2 : 1);
    int columns = shape.get(shape.rank() == 4 && channelsFirst ? 3 : 2);
    Picture picture = Picture.read(file, channels);
    picture =
        picture.resize(
            rows == Shape.UNKNOWN ? picture.height() : rows,
            columns == Shape.UNKNOWN ? picture.width() : columns);
    int height = picture.height();
    int width = picture.width();
    Shape batch =
        shape.rank() == 3
            ? Shape.of(1, height, width)
            : channelsFirst
                ? Shape.of(1, channels, height, width)
                : Shape.of(1, height, width, channels);
    return Tensor.wrap(picture.layout(channelsFirst), batch);
  }
}
