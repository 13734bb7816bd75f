package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import sepal.layers.Activation;
import sepal.layers.Add;
import sepal.layers.BatchNormalization;
import sepal.layers.Conv2D;
import sepal.layers.Dense;
import sepal.layers.GlobalAveragePooling2D;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.MaxPooling2D;
import sepal.layers.SeparableConv2D;
import sepal.layers.Weight;
import sepal.models.Functional;
import sepal.models.Model;
import sepal.models.Sequential;

/**
 * A program that saves and loads large models with random weights: {@code save KIND MEGABYTES
 * FILE}, {@code load FILE}. The kind is {@code xception}, {@code dense} for many layers, or {@code
 * one} for a single one.
 */
final class BigModels {
  private static final int UNITS = 2000;

  private BigModels() {}

  public static void main(String[] args) throws IOException {
    long start = System.nanoTime();
    if (args[0].equals("save")) {
      Model model = make(args[1], Integer.parseInt(args[2]));
      Path file = Path.of(args[3]);
      start = System.nanoTime();
      Keras.saveModel(model, file);
      print("saved", file, start);
      return;
    }
    Path file = Path.of(args[1]);
    Model model = Keras.loadModel(file);
    print("loaded", file, start);
    for (Weight weight : model.weights()) {
      if (weight.name().endsWith("kernel") && weight.value().floats()[7] == 0) {
        throw new IllegalStateException(weight + " is blank");
      }
    }
    start = System.nanoTime();
    read(file);
    print("read as bytes", file, start);
  }

  private static void print(String what, Path file, long start) throws IOException {
    double seconds = (System.nanoTime() - start) / 1e9;
    double megabytes = Files.size(file) / 1e6;
    System.out.printf(
        "%s %s: %.0f MB in %.2f s, %.0f MB/s%n",
        what, file.getFileName(), megabytes, seconds, megabytes / seconds);
  }

  /** What the disk, or the system's memory of it, gives at most. */
  private static void read(Path file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer.clear()) >= 0) {}
    }
  }

  private static Model make(String kind, int megabytes) {
    return switch (kind) {
      case "xception" -> xception();
      case "one" -> new Sequential("one", new Dense(250 * megabytes / 4, o -> o.inputShape(4000)));
      default -> dense(megabytes);
    };
  }

  /** Layers of 16 MB. */
  private static Model dense(int megabytes) {
    Sequential model = new Sequential("big");
    model.add(new Dense(UNITS, o -> o.inputShape(UNITS)));
    for (int i = 1; i < megabytes / 16; i++) {
      model.add(new Dense(UNITS));
    }
    return model;
  }

  /** Xception with 10 classes: 84 MB. */
  private static Model xception() {
    KerasTensor input = Input.of(o -> o.shape(96, 96, 3));
    KerasTensor x = normalized(new Conv2D(32, 3, o -> o.strides(2).useBias(false)).apply(input));
    x = normalized(new Conv2D(64, 3, o -> o.useBias(false)).apply(relu(x)));
    for (int filters : new int[] {128, 256, 728}) {
      x = smaller(x, filters, filters);
    }
    for (int block = 0; block < 8; block++) {
      KerasTensor y = x;
      for (int i = 0; i < 3; i++) {
        y = separable(relu(y), 728);
      }
      x = new Add().apply(x, y);
    }
    x = smaller(x, 728, 1024);
    x = relu(separable(relu(separable(x, 1536)), 2048));
    x = new GlobalAveragePooling2D().apply(x);
    return new Functional(input, new Dense(10, o -> o.activation("softmax")).apply(x), "xception");
  }

  private static KerasTensor smaller(KerasTensor x, int first, int second) {
    KerasTensor beside =
        normalized(
            new Conv2D(second, 1, o -> o.strides(2).padding("same").useBias(false)).apply(x));
    KerasTensor y = separable(relu(separable(relu(x), first)), second);
    y = new MaxPooling2D(3, o -> o.strides(2).padding("same")).apply(y);
    return new Add().apply(y, beside);
  }

  private static KerasTensor separable(KerasTensor x, int filters) {
    return normalized(
        new SeparableConv2D(filters, 3, o -> o.padding("same").useBias(false)).apply(x));
  }

  private static KerasTensor normalized(KerasTensor x) {
    return new BatchNormalization().apply(x);
  }

  private static KerasTensor relu(KerasTensor x) {
    return new Activation("relu").apply(x);
  }
}
