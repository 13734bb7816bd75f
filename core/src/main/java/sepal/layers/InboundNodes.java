package sepal.layers;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.shape.Shape;

/**
 * What a layer remembers of its symbolic calls, in the terms of TensorFlow 1.4: node {@code i} is
 * call {@code i}. Calls on data leave no nodes.
 *
 * @see "TensorFlow 1.4, tf.layers.Layer.get_input_at and its siblings"
 */
public interface InboundNodes {

  /** The symbolic calls so far, the first one at 0. */
  List<Node> inboundNodes();

  /**
   * The only input of a call.
   *
   * @param nodeIndex 0 for the first symbolic call
   * @throws IllegalStateException if there was no symbolic call, or this one had several inputs
   * @throws IllegalArgumentException if there was no call of this index
   */
  default KerasTensor getInputAt(int nodeIndex) {
    return only("inputs", "getInputsAt(" + nodeIndex + ")", getInputsAt(nodeIndex));
  }

  /**
   * The only output of a call.
   *
   * @param nodeIndex 0 for the first symbolic call
   * @throws IllegalStateException if there was no symbolic call, or this one had several outputs
   * @throws IllegalArgumentException if there was no call of this index
   */
  default KerasTensor getOutputAt(int nodeIndex) {
    return only("outputs", "getOutputsAt(" + nodeIndex + ")", getOutputsAt(nodeIndex));
  }

  /**
   * All inputs of a call; those of an input layer are its outputs.
   *
   * @param nodeIndex 0 for the first symbolic call
   * @throws IllegalStateException if there was no symbolic call
   * @throws IllegalArgumentException if there was no call of this index
   */
  default List<KerasTensor> getInputsAt(int nodeIndex) {
    Node node = nodeAt("inputs", nodeIndex);
    return node.inputs().isEmpty() ? node.outputs() : node.inputs();
  }

  /**
   * All outputs of a call.
   *
   * @param nodeIndex 0 for the first symbolic call
   * @throws IllegalStateException if there was no symbolic call
   * @throws IllegalArgumentException if there was no call of this index
   */
  default List<KerasTensor> getOutputsAt(int nodeIndex) {
    return nodeAt("outputs", nodeIndex).outputs();
  }

  /** The shape of {@link #getInputAt}, with the same exceptions. */
  default Shape getInputShapeAt(int nodeIndex) {
    return getInputAt(nodeIndex).shape();
  }

  /** The shape of {@link #getOutputAt}, with the same exceptions. */
  default Shape getOutputShapeAt(int nodeIndex) {
    return getOutputAt(nodeIndex).shape();
  }

  /** The mask of {@link #getInputAt}, or null if it has none; with the same exceptions. */
  default @Nullable KerasTensor getInputMaskAt(int nodeIndex) {
    return getInputAt(nodeIndex).mask();
  }

  /** The mask of {@link #getOutputAt}, or null if it has none; with the same exceptions. */
  default @Nullable KerasTensor getOutputMaskAt(int nodeIndex) {
    return getOutputAt(nodeIndex).mask();
  }

  /** {@link #getInputAt} of the first call, however many there were. */
  default KerasTensor input() {
    return getInputAt(0);
  }

  /** {@link #getOutputAt} of the first call, however many there were. */
  default KerasTensor output() {
    return getOutputAt(0);
  }

  /** {@link #getInputMaskAt} of the first call, however many there were. */
  default @Nullable KerasTensor inputMask() {
    return getInputMaskAt(0);
  }

  /** {@link #getOutputMaskAt} of the first call, however many there were. */
  default @Nullable KerasTensor outputMask() {
    return getOutputMaskAt(0);
  }

  /**
   * The shape that all inputs of all symbolic calls have.
   *
   * @throws IllegalStateException if there was no symbolic call, or they differ
   */
  default Shape inputShape() {
    return common("input", node -> getInputsAt(node.index()));
  }

  /**
   * The shape that all outputs of all symbolic calls have.
   *
   * @throws IllegalStateException if there was no symbolic call, or they differ
   */
  default Shape outputShape() {
    return common("output", Node::outputs);
  }

  /**
   * The graph that the layer was first called in: that call and all calls it depends on, each after
   * those it needs itself; empty before any symbolic call.
   */
  default List<Node> graph() {
    List<Node> calls = inboundNodes();
    Set<Node> sorted = new LinkedHashSet<>();
    Set<Node> opened = new HashSet<>();
    Deque<Node> open = new ArrayDeque<>(calls.isEmpty() ? List.of() : calls.subList(0, 1));
    while (!open.isEmpty()) {
      Node node = open.peek();
      if (opened.add(node)) {
        node.inputs().stream()
            .map(KerasTensor::node)
            .filter(before -> !opened.contains(before))
            .forEach(open::push);
      } else {
        sorted.add(open.pop());
      }
    }
    return List.copyOf(sorted);
  }

  private Node nodeAt(String what, int index) {
    List<Node> nodes = inboundNodes();
    if (nodes.isEmpty()) {
      throw Problem.in(toString(), "the layer has no " + what + " before it is called")
          .fix("call it on a symbolic tensor, layer.apply(Input.of(...)); data leave no nodes")
          .asIllegalState();
    }
    if (index < 0 || index >= nodes.size()) {
      throw Problem.in(toString(), "no symbolic call of this index")
          .got(index)
          .expected(nodes.size() == 1 ? "0" : "0 to " + (nodes.size() - 1))
          .asInvalidArgument();
    }
    return nodes.get(index);
  }

  private KerasTensor only(String what, String instead, List<KerasTensor> tensors) {
    if (tensors.size() != 1) {
      throw Problem.in(toString(), "the call has several " + what)
          .got(tensors.size())
          .fix("call " + instead)
          .asIllegalState();
    }
    return tensors.get(0);
  }

  private Shape common(String what, Function<Node, List<KerasTensor>> tensors) {
    nodeAt(what + " shape", 0);
    List<Shape> shapes =
        inboundNodes().stream()
            .flatMap(node -> tensors.apply(node).stream())
            .map(KerasTensor::shape)
            .distinct()
            .toList();
    if (shapes.size() != 1) {
      String at = what.equals("input") ? "getInputShapeAt" : "getOutputShapeAt";
      throw Problem.in(toString(), "the layer has several " + what + " shapes")
          .got(shapes)
          .fix("call " + at + "(nodeIndex)")
          .asIllegalState();
    }
    return shapes.get(0);
  }
}
