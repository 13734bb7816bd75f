package examples;

import java.util.Map;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.SeparableConv2D;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** TensorFlow 2.9: tf.keras.layers.SeparableConv2D, its aliases, Raises and convolution_op. */
public final class TensorFlow29 {
  private TensorFlow29() {}

  public static void main(String[] args) {
    // The aliases: both names stand for one class.
    Map<String, Object> config = Map.of("filters", 4, "kernel_size", 3);
    for (String name : new String[] {"SeparableConv2D", "SeparableConvolution2D"}) {
      Layer layer = Layers.fromConfig("example", name, config);
      System.out.println(name + ": " + layer.getClass().getSimpleName());
    }

    // Strides that differ, which TensorFlow's own kernel does not compute.
    SeparableConv2D uneven = new SeparableConv2D(4, 3, o -> o.strides(2, 1));
    System.out.println("strides (2, 1): " + uneven.apply(Tensor.zeros(1, 9, 9, 3)).shape());

    // "same" keeps height and width with strides of 1.
    SeparableConv2D same = new SeparableConv2D(4, 3, o -> o.padding("same"));
    System.out.println("same: " + same.apply(Tensor.zeros(1, 9, 9, 3)).shape());

    // The result has rank 4.
    System.out.println("rank: " + same.apply(Tensor.zeros(1, 9, 9, 3)).shape().rank());

    // Raises.
    try {
      new SeparableConv2D(4, 3, o -> o.padding("causal"));
    } catch (IllegalArgumentException e) {
      System.out.println(e.getMessage());
    }

    // convolution_op: a plain convolution with any kernel, by the settings of this layer.
    Tensor images = Tensor.full(DType.FLOAT32, Shape.of(1, 5, 5, 3), 1);
    Tensor kernel = Tensor.full(DType.FLOAT32, Shape.of(3, 3, 3, 2), 1);
    Tensor y = same.convolutionOp(images, kernel);
    System.out.println("convolution_op: " + y.shape() + ", in the middle " + y.get(24));
  }
}
