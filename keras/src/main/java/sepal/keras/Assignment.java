package sepal.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/** Which array of a file goes to which weight. All are judged and read before the first changes. */
final class Assignment {
  private final String where;
  private final LoadOptions options;
  private final List<Weight> weights = new ArrayList<>();
  private final List<Hdf5Dataset> sources = new ArrayList<>();
  private final List<Rearrangement> rearrangements = new ArrayList<>();

  /** How an array of an old file becomes one of today: its shape, and its values. */
  record Rearrangement(UnaryOperator<Shape> shape, UnaryOperator<Tensor> values) {
    static final Rearrangement NONE =
        new Rearrangement(UnaryOperator.identity(), UnaryOperator.identity());
  }

  Assignment(String where, LoadOptions options) {
    this.where = where;
    this.options = options;
  }

  /**
   * Adds the weights of a layer.
   *
   * @param whole whether one wrong shape spoils the layer
   * @throws IllegalArgumentException if their number or a shape is wrong, and must not be
   */
  void add(
      Layer layer,
      List<Weight> targets,
      List<Hdf5Dataset> arrays,
      List<Rearrangement> changes,
      boolean whole) {
    if (targets.size() != arrays.size()) {
      options.mismatch(
          Problem.in(where, "wrong number of weights for " + layer)
              .got(arrays.size() + " arrays " + arrays.stream().map(Hdf5Object::path).toList())
              .expected(targets.size() + " for " + targets.stream().map(Weight::name).toList())
              .fix("load the file into the model that it was saved from"));
      return;
    }
    List<Integer> fitting = new ArrayList<>();
    for (int i = 0; i < targets.size(); i++) {
      Shape found = changes.get(i).shape().apply(arrays.get(i).shape());
      Shape wanted = targets.get(i).shape();
      if (found.equals(wanted)) {
        fitting.add(i);
        continue;
      }
      options.mismatch(
          Problem.in(where, "wrong shape for " + targets.get(i).name() + " of " + layer)
              .got(found + "   (" + arrays.get(i).path() + ")")
              .expected(wanted.toString())
              .fix("load the file into the model that it was saved from"));
    }
    if (whole && fitting.size() < targets.size()) {
      return;
    }
    for (int i : fitting) {
      weights.add(targets.get(i));
      sources.add(arrays.get(i));
      rearrangements.add(changes.get(i));
    }
  }

  /**
   * Sets one weight after the other, of a model with blank weights that nobody else knows yet: its
   * own zeros are overwritten, so that nothing is there twice. The file is read from front to end.
   * If this fails, the model is spoilt.
   */
  void fill(Model model) throws IOException {
    Set<Weight> given = Collections.newSetFromMap(new IdentityHashMap<>());
    given.addAll(weights);
    boolean whole = given.containsAll(model.weights());
    Set<Object> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      order.add(i);
    }
    order.sort((a, b) -> Long.compare(sources.get(a).address(), sources.get(b).address()));
    for (int i : order) {
      Weight weight = weights.get(i);
      Hdf5Dataset source = sources.get(i);
      Object zeros = weight.value().array(); // perhaps those of other weights too
      if (whole
          && rearrangements.get(i) == Rearrangement.NONE
          && source.dtype() == weight.dtype()
          && taken.add(zeros)) {
        source.readInto(zeros);
      } else {
        weight.assign(rearrangements.get(i).values().apply(source.read()));
      }
    }
  }

  /** Reads all arrays, then sets all weights. */
  void run() throws IOException {
    List<Tensor> values = new ArrayList<>();
    for (int i = 0; i < sources.size(); i++) {
      Tensor value = rearrangements.get(i).values().apply(sources.get(i).read());
      values.add(value.cast(weights.get(i).dtype()));
    }
    for (int i = 0; i < values.size(); i++) {
      weights.get(i).assign(values.get(i));
    }
  }
}
