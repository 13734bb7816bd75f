package sepal.models;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.kernels.Kernels;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * One step of a {@link Plan}, for inputs of any size: a layer, or several that are computed as one.
 * Values have numbers, as in {@link Blueprint}.
 */
abstract class Stage {
  final Layer layer;
  final int[] inputs;
  final int[] outputs;

  Stage(Layer layer, int[] inputs, int[] outputs) {
    this.layer = layer;
    this.inputs = inputs.clone();
    this.outputs = outputs.clone();
  }

  /** Takes over what {@code next} does with the only output, of {@code rank} axes, if it can. */
  boolean absorb(Layer next, int rank) {
    return false;
  }

  /** Whether each sample of the outputs depends on no other sample of the inputs. */
  boolean isSamplewise() {
    return true;
  }

  /** Whether the output is the input in another shape, so that nothing is to be done. */
  boolean isRename() {
    return false;
  }

  /** Those inputs whose place the output may take. */
  int[] replaceable() {
    return new int[0];
  }

  List<Shape> outputShapes(List<Shape> shapes) {
    return layer.computeOutputShapes(shapes);
  }

  /** Everything that {@link #prepare} reads. */
  List<Weight> weights() {
    return List.of();
  }

  /**
   * What the weights come to for these kernels: folded and packed.
   *
   * @throws Unplannable if they had better be used one after the other
   */
  @Nullable Object prepare(Kernels kernels, Values values) {
    return null;
  }

  /** Multiply-adds, roughly. */
  long work(List<Shape> from, List<Shape> to) {
    return to.get(0).size();
  }

  /**
   * Settles everything that depends on sizes.
   *
   * @throws IllegalArgumentException if the shapes do not suit the layer
   */
  abstract Run bind(List<Shape> from, List<Shape> to, Place[] in, Place[] out);

  /** A stage for inputs of certain sizes. */
  interface Run {
    /**
     * @param prepared what {@link Stage#prepare} returned
     */
    void run(Frame frame, @Nullable Object prepared);
  }

  /** The values of a stage's weights at one moment. */
  record Values(List<Weight> weights, Tensor[] tensors) {

    @Nullable Tensor find(Layer layer, String name) {
      for (int i = 0; i < tensors.length; i++) {
        Weight weight = weights.get(i);
        if (weight.name().equals(name) && layer.weights().contains(weight)) {
          return tensors[i];
        }
      }
      return null;
    }

    Tensor get(Layer layer, String name) {
      Tensor found = find(layer, name);
      if (found == null) {
        throw new Unplannable(layer + " has no weight " + name);
      }
      return found;
    }
  }

  /** What one pass through a program works on. */
  record Frame(
      Kernels kernels, float[] arena, List<Tensor> inputs, float[][] outputs, int firstSample) {}

  enum Home {
    ARENA,
    INPUT,
    OUTPUT
  }

  /**
   * Where a value lies: in the arena of the pass, or among the inputs or outputs of the model.
   *
   * @param index which input or output
   * @param offset in the arena; elsewhere the size of a sample
   */
  record Place(Home home, int index, int offset) {

    float[] array(Frame frame) {
      return switch (home) {
        case ARENA -> frame.arena;
        case INPUT -> frame.inputs.get(index).floats();
        case OUTPUT -> frame.outputs[index];
      };
    }

    int at(Frame frame) {
      return home == Home.ARENA ? offset : frame.firstSample * offset;
    }
  }

  /** Tells that a model, or these sizes or weights of it, must go layer by layer. */
  static final class Unplannable extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unplannable(String why) {
      super(why, null, false, false);
    }
  }
}
