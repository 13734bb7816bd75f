package examples;

import java.util.List;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.SeparableConv2D;
import sepal.models.Compose;
import sepal.models.Sequential;
import sepal.shape.DataFormat;
import sepal.shape.Padding;
import sepal.tensor.Tensor;

/** Keras for R: {@code layer_separable_conv_2d(object, filters, kernel_size, ...)}. */
public final class KerasForR {
  private KerasForR() {}

  public static void main(String[] args) {
    // The usage with every argument at its default; those that are NULL in R are left out.
    SeparableConv2D layer =
        Compose.separableConv2d(
            32,
            3,
            o ->
                o.strides(1, 1)
                    .padding("valid")
                    .dilationRate(1)
                    .depthMultiplier(1)
                    .useBias(true)
                    .depthwiseInitializer("glorot_uniform")
                    .pointwiseInitializer("glorot_uniform")
                    .biasInitializer("zeros"));
    System.out.println("no object: the layer " + layer.className());

    // object: a sequential model, which is returned itself.
    Sequential model = new Sequential();
    Sequential returned = Compose.separableConv2d(model, 32, 3, o -> o.inputShape(64, 64, 3));
    System.out.println("a model: itself " + (returned == model) + ", " + model.outputShape());

    // object: a tensor, symbolic or not.
    KerasTensor symbolic = Compose.separableConv2d(Input.of(64, 64, 3), 32, 3, o -> {});
    Tensor output = Compose.separableConv2d(Tensor.zeros(2, 64, 64, 3), 32, 3, o -> {});
    System.out.println("a tensor: " + symbolic.shape() + " and " + output.shape());

    // kernel_size, strides and dilation_rate: one integer, or one for height and one for width.
    SeparableConv2D wide =
        Compose.separableConv2d(8, 3, o -> o.strides(2, 1).padding(Padding.SAME));
    System.out.println("strides 2 and 1: " + wide.apply(Tensor.zeros(1, 9, 9, 3)).shape());

    // data_format.
    SeparableConv2D first =
        Compose.separableConv2d(8, 3, o -> o.dataFormat(DataFormat.CHANNELS_FIRST));
    System.out.println("channels first: " + first.apply(Tensor.zeros(1, 3, 9, 9)).shape());

    // depth_multiplier: the depthwise step gives 3 * 4 channels.
    SeparableConv2D deep = Compose.separableConv2d(8, 3, o -> o.depthMultiplier(4));
    deep.apply(Tensor.zeros(1, 9, 9, 3));
    System.out.println("pointwise kernel: " + deep.weights().get(1).shape());

    // batch_input_shape with an unknown batch, batch_size, dtype, name, trainable.
    Sequential open =
        Compose.separableConv2d(
            new Sequential(), 8, 3, o -> o.batchInputShape(-1, 10, 32, 3).name("sep"));
    Sequential fixed =
        Compose.separableConv2d(
            new Sequential(),
            8,
            3,
            o -> o.inputShape(10, 32, 3).batchSize(5).dtype("float64").trainable(false));
    System.out.println("batches: " + open.inputShape() + " and " + fixed.inputShape());
    System.out.println("frozen: " + fixed.trainableWeights() + ", " + fixed.output().dtype());

    // weights.
    Tensor one = Tensor.of(new float[] {1}, 1, 1, 1, 1);
    Tensor bias = Tensor.of(new float[] {5}, 1);
    Tensor y = Compose.separableConv2d(one, 1, 1, o -> o.weights(List.of(one, one, bias)));
    System.out.println("given weights: " + y.get(0));
  }
}
