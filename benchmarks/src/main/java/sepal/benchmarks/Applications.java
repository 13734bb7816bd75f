package sepal.benchmarks;

import java.util.List;
import java.util.Random;
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
import sepal.tensor.Tensor;

/** Whole models with random weights, the same in every process. */
public final class Applications {
  /** The models that {@link #of} makes. */
  public static final List<String> NAMES =
      List.of("MNV1", "mini_xception", "xception_96", "xception_299");

  private Applications() {}

  /**
   * A model with random weights and statistics, decided by its name.
   *
   * @param name one of {@link #NAMES}
   */
  public static Model of(String name) {
    Model model =
        switch (name) {
          case "MNV1" -> mobileNet(name);
          case "mini_xception" -> miniXception(name);
          case "xception_96" -> xception(name, 96);
          case "xception_299" -> xception(name, 299);
          default -> throw new IllegalArgumentException("no model " + name);
        };
    Random random = new Random(name.hashCode());
    model.weights().forEach(weight -> weight.assign(values(weight, random)));
    return model;
  }

  /** Such that values neither vanish nor explode on their way through the layers. */
  private static Tensor values(Weight weight, Random random) {
    double low = -0.1;
    double high = 0.1;
    if (weight.name().endsWith("kernel")) {
      boolean depthwise = weight.name().startsWith("depthwise");
      double fanIn = (double) weight.shape().size() / weight.shape().get(depthwise ? -2 : -1);
      high = Math.sqrt((depthwise ? 3 : 6) / fanIn);
      low = -high;
    } else if (weight.name().equals("gamma")) {
      low = 0.5;
      high = 1.5;
    } else if (weight.name().equals("moving_variance")) {
      low = 1;
      high = 3;
    }
    float[] values = new float[weight.shape().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + random.nextDouble() * (high - low));
    }
    return Tensor.wrap(values, weight.shape());
  }

  // ---- MobileNet

  /**
   * The layers of MobileNet v1 without its head; bias and ReLU after the pointwise step only.
   *
   * @see "Howard et al. 2017, MobileNets, table 1"
   */
  private static Model mobileNet(String name) {
    KerasTensor image = Input.of(224, 224, 3);
    KerasTensor x =
        new Conv2D(32, 3, o -> o.strides(2).padding("same").activation("relu")).apply(image);
    x = mobileNetBlock(x, 64, 1);
    x = mobileNetBlock(x, 128, 2);
    x = mobileNetBlock(x, 128, 1);
    x = mobileNetBlock(x, 256, 2);
    x = mobileNetBlock(x, 256, 1);
    x = mobileNetBlock(x, 512, 2);
    for (int i = 0; i < 5; i++) {
      x = mobileNetBlock(x, 512, 1);
    }
    x = mobileNetBlock(x, 1024, 2);
    x = mobileNetBlock(x, 1024, 1);
    return new Functional(image, x, name);
  }

  private static KerasTensor mobileNetBlock(KerasTensor x, int filters, int strides) {
    return new SeparableConv2D(
            filters, 3, o -> o.strides(strides).padding("same").activation("relu"))
        .apply(x);
  }

  // ---- Xception

  /**
   * A small Xception for faces of 64 x 64 pixels, seven classes.
   *
   * @see "Arriaga et al. 2017, Real-time Convolutional Neural Networks for Emotion and Gender
   *     Classification"
   */
  private static Model miniXception(String name) {
    KerasTensor image = Input.of(64, 64, 1);
    KerasTensor x = relu(conv(image, 8, 3, 1, "valid"));
    x = relu(conv(x, 8, 3, 1, "valid"));
    for (int filters : new int[] {16, 32, 64, 128}) {
      x = halve(x, separable(relu(separable(x, filters)), filters), filters);
    }
    x = new Conv2D(7, 3, o -> o.padding("same")).apply(x);
    x = new GlobalAveragePooling2D().apply(x);
    return new Functional(image, new Activation("softmax").apply(x), name);
  }

  /**
   * Xception with 1000 classes.
   *
   * @see "Keras 3.16, keras.applications.Xception"
   */
  private static Model xception(String name, int size) {
    KerasTensor image = Input.of(size, size, 3);
    KerasTensor x = relu(conv(image, 32, 3, 2, "valid"));
    x = relu(conv(x, 64, 3, 1, "valid"));
    x = halve(x, separable(relu(separable(x, 128)), 128), 128);
    for (int filters : new int[] {256, 728}) {
      x = halve(x, separable(relu(separable(relu(x), filters)), filters), filters);
    }
    for (int block = 0; block < 8; block++) {
      KerasTensor y = x;
      for (int i = 0; i < 3; i++) {
        y = separable(relu(y), 728);
      }
      x = new Add().apply(y, x);
    }
    x = halve(x, separable(relu(separable(relu(x), 728)), 1024), 1024);
    x = relu(separable(x, 1536));
    x = relu(separable(x, 2048));
    x = new GlobalAveragePooling2D().apply(x);
    x = new Dense(1000, o -> o.activation("softmax")).apply(x);
    return new Functional(image, x, name);
  }

  /** The largest of {@code y} under a window, and {@code x} beside it. */
  private static KerasTensor halve(KerasTensor x, KerasTensor y, int filters) {
    KerasTensor largest = new MaxPooling2D(3, o -> o.strides(2).padding("same")).apply(y);
    return new Add().apply(largest, conv(x, filters, 1, 2, "same"));
  }

  private static KerasTensor conv(
      KerasTensor x, int filters, int size, int strides, String padding) {
    return new BatchNormalization()
        .apply(
            new Conv2D(filters, size, o -> o.strides(strides).padding(padding).useBias(false))
                .apply(x));
  }

  private static KerasTensor separable(KerasTensor x, int filters) {
    return new BatchNormalization()
        .apply(new SeparableConv2D(filters, 3, o -> o.padding("same").useBias(false)).apply(x));
  }

  private static KerasTensor relu(KerasTensor x) {
    return new Activation("relu").apply(x);
  }
}
