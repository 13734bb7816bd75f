package examples;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.initializers.Ones;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.LossScope;
import sepal.layers.SeparableConv2D;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** TensorFlow 1.4: tf.keras.layers.SeparableConv2D with every property and method of Layer. */
public final class TensorFlow14 {
  private TensorFlow14() {}

  public static void main(String[] args) {
    SeparableConv2D layer =
        new SeparableConv2D(
            2, 3, o -> o.name("sep").activityRegularizer("l2").depthwiseRegularizer("l2"));

    // Before the first call.
    refused("input", layer::input);
    refused("output_shape", layer::outputShape);
    refused("scope_name", layer::scopeName);
    refused("count_params", layer::countParams);
    refused("get_output_at", () -> layer.getOutputAt(0));

    // Called twice, on inputs of two sizes.
    KerasTensor a = Input.of(o -> o.shape(8, 8, 3).name("a"));
    KerasTensor b = Input.of(o -> o.shape(6, 6, 3).name("b"));
    layer.apply(a);
    layer.apply(b);

    System.out.println("activity_regularizer: " + layer.activityRegularizer());
    System.out.println("dtype: " + layer.dtype());
    System.out.println("graph: " + layer.graph().size() + " calls");
    System.out.println("input: " + layer.input());
    System.out.println("input_mask: " + layer.inputMask());
    refused("input_shape", layer::inputShape);
    System.out.println("name: " + layer.name());
    System.out.println("non_trainable_variables: " + layer.nonTrainableVariables());
    System.out.println("non_trainable_weights: " + layer.nonTrainableWeights());
    System.out.println("output: " + layer.output());
    System.out.println("output_mask: " + layer.outputMask());
    refused("output_shape", layer::outputShape);
    System.out.println("scope_name: " + layer.scopeName());
    System.out.println("trainable_variables: " + layer.trainableVariables());
    System.out.println("trainable_weights: " + layer.trainableWeights().size());
    System.out.println("updates: " + layer.updates());
    System.out.println("variables: " + layer.variables().size());
    System.out.println("weights: " + layer.weights().size());

    // __call__, apply, and the losses that depend on the input of a call.
    Tensor x = Tensor.zeros(1, 5, 5, 3);
    Tensor other = Tensor.zeros(1, 4, 4, 3);
    try (LossScope scope = new LossScope()) {
      System.out.println("apply: " + layer.apply(x, true).shape());
      layer.apply(other, true);
      layer.addLoss(Tensor.scalar(7), x);
      System.out.println("losses: " + layer.losses().size());
      System.out.println("get_losses_for(x): " + layer.getLossesFor(x));
      System.out.println("get_losses_for(other): " + layer.getLossesFor(other));
      System.out.println("get_losses_for(None): " + layer.getLossesFor().size());
      System.out.println("collected: " + scope.penalties().size());
    }

    // add_update and get_updates_for.
    layer.addUpdate(() -> System.out.println("an update runs"), a);
    System.out.println("get_updates_for(a): " + layer.getUpdatesFor(a).size());
    System.out.println("get_updates_for(None): " + layer.getUpdatesFor().size());
    layer.apply(x, true);

    // add_variable and add_weight: a new one, then the same one again.
    Layer fresh = new SeparableConv2D(2, 3, o -> o.name("fresh"));
    Object made = fresh.addVariable("scale", Shape.of(2), null, new Ones(), null, true, null);
    Object again = fresh.addWeight("scale", Shape.of(2), null, null, null, true, null);
    System.out.println("add_variable: " + made + ", again the same " + (made == again));

    // build, compute_mask, count_params.
    fresh.build(Shape.of(-1, 8, 8, 3));
    System.out.println("compute_mask: " + layer.computeMask(x, null));
    System.out.println("count_params: " + layer.countParams());

    // __deepcopy__, from_config, get_config.
    Layer copy = layer.copy();
    Map<String, @Nullable Object> config = layer.getConfig();
    SeparableConv2D rebuilt = SeparableConv2D.fromConfig(config);
    System.out.println("copy: " + copy + " with weights " + copy.isBuilt());
    System.out.println("from_config: " + rebuilt + " with weights " + rebuilt.isBuilt());
    System.out.println("get_config: filters " + config.get("filters"));

    // Nodes.
    System.out.println("get_input_at(1): " + layer.getInputAt(1));
    System.out.println("get_input_mask_at(1): " + layer.getInputMaskAt(1));
    System.out.println("get_input_shape_at(1): " + layer.getInputShapeAt(1));
    System.out.println("get_output_at(1): " + layer.getOutputAt(1));
    System.out.println("get_output_mask_at(1): " + layer.getOutputMaskAt(1));
    System.out.println("get_output_shape_at(1): " + layer.getOutputShapeAt(1));
    refused("get_input_at", () -> layer.getInputAt(2));

    // get_weights and set_weights.
    List<Tensor> weights = layer.getWeights();
    layer.setWeights(weights);
    System.out.println("get_weights: " + weights.size());
    refused("set_weights", () -> layer.setWeights(weights.subList(0, 1)));
  }

  private static void refused(String what, Runnable mistake) {
    try {
      mistake.run();
    } catch (IllegalArgumentException | IllegalStateException e) {
      String kind = e instanceof IllegalStateException ? "IllegalState" : "IllegalArgument";
      String message = String.valueOf(e.getMessage());
      System.out.println(what + ": " + kind + ", " + message.lines().findFirst().orElse(""));
    }
  }
}
