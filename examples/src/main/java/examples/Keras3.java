package examples;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import sepal.layers.SeparableConv2D;
import sepal.regularizers.L2;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Keras 3: keras.layers.SeparableConv2D, with the example of its page made right. */
public final class Keras3 {
  private Keras3() {}

  public static void main(String[] args) {
    // The arguments.
    SeparableConv2D layer =
        new SeparableConv2D(
            4,
            3,
            o ->
                o.strides(1)
                    .padding("same")
                    .dataFormat("channels_last")
                    .dilationRate(2)
                    .depthMultiplier(2)
                    .activation("relu")
                    .useBias(true)
                    .depthwiseInitializer(null) // glorot_uniform
                    .pointwiseInitializer("he_normal")
                    .biasInitializer("zeros")
                    .depthwiseRegularizer("l2")
                    .pointwiseRegularizer(new L2(0.001))
                    .biasRegularizer(null)
                    .activityRegularizer(null)
                    .depthwiseConstraint("max_norm")
                    .pointwiseConstraint("non_neg")
                    .biasConstraint(null));
    Shape input = Shape.of(4, 10, 10, 12);
    System.out.println("same padding: " + layer.computeOutputShape(input));

    // The example of the page asks for (4, 4, 4, 4), which takes 4 filters, a 3 x 3 window and
    // strides of 2. As it stands there, its fourth argument would be the padding.
    Random random = new Random(0);
    float[] data = new float[input.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.nextFloat();
    }
    Tensor x = Tensor.wrap(data, input);
    Tensor y = new SeparableConv2D(4, 3, o -> o.strides(2).activation("relu")).apply(x);
    System.out.println(y.shape());

    // What a layer of Keras 3 tells about itself.
    System.out.println("before: built " + layer.isBuilt() + ", path " + layer.path());
    layer.build(input);
    System.out.println("policy: " + layer.dtypePolicy());
    System.out.println("axis of the channels: " + Objects.requireNonNull(layer.inputSpec()).axis());
    System.out.println("spec: " + layer.computeOutputSpec(input));
    System.out.println("parameters: " + layer.countParams());
    System.out.println("penalties: " + layer.losses().size());
    System.out.println(
        "stateless: "
            + layer.statelessCall(layer.getWeights(), List.of(), x, false).output().shape());
  }
}
