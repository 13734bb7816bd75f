package examples;

import sepal.layers.SeparableConv2D;
import sepal.tensor.Tensor;

/** tf.keras.layers.SeparableConv2D without a date: what it returns and what it refuses. */
public final class TfKeras {
  private TfKeras() {}

  public static void main(String[] args) {
    // Input shape and output shape, with both data formats.
    SeparableConv2D last = new SeparableConv2D(6, 3, o -> o.strides(2));
    SeparableConv2D first = new SeparableConv2D(6, 3, o -> o.dataFormat("channels_first"));
    System.out.println("channels last: " + last.apply(Tensor.zeros(2, 9, 7, 3)).shape());
    System.out.println("channels first: " + first.apply(Tensor.zeros(2, 3, 9, 7)).shape());

    // The result is activation(separableconv2d(inputs, kernel) + bias).
    Tensor x = Tensor.of(new float[] {-3, 1, 2, 5}, 1, 2, 2, 1);
    SeparableConv2D layer =
        new SeparableConv2D(
            1,
            1,
            o ->
                o.activation("relu")
                    .depthwiseInitializer("ones")
                    .pointwiseInitializer("ones")
                    .biasInitializer("ones"));
    System.out.println("relu(x + 1): " + layer.apply(x));
    System.out.println("rank: " + layer.apply(x).shape().rank());

    // ValueError if padding is "causal"; ValueError when both strides > 1 and dilation_rate > 1.
    refused(() -> new SeparableConv2D(6, 3, o -> o.padding("causal")));
    refused(() -> new SeparableConv2D(6, 3, o -> o.strides(2).dilationRate(2)));
  }

  private static void refused(Runnable mistake) {
    try {
      mistake.run();
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }
  }
}
