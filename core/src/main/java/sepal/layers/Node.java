package sepal.layers;

import java.util.ArrayList;
import java.util.List;
import sepal.shape.Shape;
import sepal.tensor.DType;

/** One symbolic call of a layer: an edge of the graph that a functional model is made of. */
public final class Node {
  private final Layer layer;
  private final int index;
  private final List<KerasTensor> inputs;
  private final List<KerasTensor> outputs;

  Node(Layer layer, int index, List<KerasTensor> inputs, List<Shape> outputs, List<DType> dtypes) {
    this.layer = layer;
    this.index = index;
    this.inputs = List.copyOf(inputs);
    List<KerasTensor> made = new ArrayList<>(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      made.add(new KerasTensor(outputs.get(i), dtypes.get(i), this, i));
    }
    this.outputs = List.copyOf(made);
  }

  /** The layer that was called. */
  public Layer layer() {
    return layer;
  }

  /** How many symbolic calls of the layer came before. */
  public int index() {
    return index;
  }

  /** What it was called on; nothing for an input layer. */
  public List<KerasTensor> inputs() {
    return inputs;
  }

  /** What it gave. */
  public List<KerasTensor> outputs() {
    return outputs;
  }
}
