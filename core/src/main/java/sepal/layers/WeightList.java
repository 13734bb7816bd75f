package sepal.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** The weights of one layer itself, in the order they were made. */
final class WeightList {
  private final LayerVariables layer;
  private final List<Weight> weights = new ArrayList<>();

  WeightList(LayerVariables layer) {
    this.layer = layer;
  }

  List<Weight> list() {
    return List.copyOf(weights);
  }

  /** Forgets all weights but the first {@code count}. */
  void truncate(int count) {
    weights.subList(count, weights.size()).clear();
  }

  @Nullable Weight find(String name) {
    return weights.stream().filter(weight -> weight.name().equals(name)).findFirst().orElse(null);
  }

  Weight create(
      String name,
      Shape shape,
      DType dtype,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      @Nullable Constraint constraint,
      boolean trainable) {
    if (layer.isBuilt()) {
      throw Problem.in(layer.toString(), "a built layer cannot get more weights")
          .got("weight \"" + name + "\"")
          .fix("add weights in createWeights")
          .asIllegalState();
    }
    if (!shape.isFullyKnown()) {
      throw Problem.in(layer.toString(), "the shape of a weight must be known")
          .got(name + " " + shape)
          .expected("a size on every axis")
          .asInvalidArgument();
    }
    Tensor value = BlankWeights.create(layer.toString(), name, dtype, shape);
    if (value == null) {
      value = first(initializer, dtype).apply(shape, dtype);
    }
    if (!value.shape().equals(shape)) {
      throw Problem.in(layer.toString(), "the initializer of " + name + " gave a wrong shape")
          .got(value.shape())
          .expected(shape.toString())
          .asInvalidArgument();
    }
    Weight weight =
        new Weight(
            layer.weightScope(), name, value.cast(dtype), trainable, regularizer, constraint);
    weights.add(weight);
    return weight;
  }

  /** Keras' default: glorot_uniform, or zeros where numbers are whole. */
  private Initializer first(@Nullable Initializer initializer, DType dtype) {
    if (initializer != null) {
      return initializer;
    }
    String name = dtype.isFloating() ? "glorot_uniform" : "zeros";
    return Objects.requireNonNull(Initializers.get(layer.toString(), name));
  }

  /** Replaces the values of {@code targets}, or none if one does not fit. */
  static void assign(LayerVariables layer, List<Weight> targets, List<Tensor> values) {
    if (values.size() != targets.size()) {
      boolean unbuilt = targets.isEmpty() && !layer.isBuilt();
      throw Problem.in(layer.toString(), "wrong number of weights")
          .got(values.size())
          .expected(targets.size() + (unbuilt ? "   (not built yet)" : ""))
          .fix(
              unbuilt
                  ? "call build(inputShape) first"
                  : "give one tensor for each of " + targets.stream().map(Weight::name).toList())
          .asInvalidArgument();
    }
    for (int i = 0; i < values.size(); i++) {
      if (!values.get(i).shape().equals(targets.get(i).shape())) {
        throw Problem.in(layer.toString(), "wrong shape of weight " + targets.get(i).name())
            .got(values.get(i).shape())
            .expected(targets.get(i).shape().toString())
            .asInvalidArgument();
      }
    }
    for (int i = 0; i < values.size(); i++) {
      targets.get(i).assign(values.get(i));
    }
  }
}
