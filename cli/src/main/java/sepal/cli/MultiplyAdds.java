package sepal.cli;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import sepal.layers.ConvLSTMConfig;
import sepal.layers.ConvTransposeConfig;
import sepal.layers.DepthwiseConvConfig;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Node;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.shape.Shape;

/**
 * Counts the multiply-adds of a model's convolutions and dense layers on one sample; the little
 * that other layers compute does not count, as is usual.
 */
final class MultiplyAdds {
  private MultiplyAdds() {}

  static long of(Model model) {
    Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Node> open = new ArrayDeque<>();
    model.outputs().forEach(output -> open.add(output.node()));
    long count = 0;
    while (!open.isEmpty()) {
      Node node = open.remove();
      if (seen.add(node)) {
        count += of(node);
        node.inputs().stream().map(KerasTensor::node).forEach(open::add);
      }
    }
    return count;
  }

  private static long of(Node node) {
    Layer layer = node.layer();
    if (layer instanceof Model inner) {
      return of(inner);
    }
    long factors = 0;
    int channels = 1;
    for (Weight weight : layer.weights()) {
      if (weight.name().endsWith("kernel")) {
        Shape shape = weight.shape();
        factors += shape.size();
        channels = shape.get(-1);
        if (layer.config() instanceof DepthwiseConvConfig) {
          channels *= shape.get(-2);
        }
      }
    }
    if (factors == 0) {
      return 0;
    }
    Shape input = node.inputs().get(0).shape().with(0, 1);
    Shape output = node.outputs().get(0).shape().with(0, 1);
    if (layer.config() instanceof ConvTransposeConfig) {
      return factors * (input.size() / channels); // the kernel is put on every place of the input
    }
    if (layer.config() instanceof ConvLSTMConfig lstm) {
      int steps = lstm.returnSequences() ? 1 : Math.max(1, input.get(1));
      return factors * steps * (output.size() / lstm.filters());
    }
    return factors * (output.size() / channels); // the last kernel of a layer gives its output
  }
}
