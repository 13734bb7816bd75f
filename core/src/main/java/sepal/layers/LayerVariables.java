package sepal.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.config.Configurable;
import sepal.constraints.Constraint;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.regularizers.Regularizer;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/** The part of {@link Layer} that keeps the weights. */
abstract class LayerVariables implements Configurable, InboundNodes {
  final WeightList weights = new WeightList(this);
  private final List<Layer> inside = new CopyOnWriteArrayList<>();
  private final ReadWriteLock use = new ReentrantReadWriteLock();
  private volatile boolean trainable;

  LayerVariables(boolean trainable) {
    this.trainable = trainable;
  }

  /** The name, unique within a model. */
  public abstract String name();

  /** What the paths of the weights start with. */
  String weightScope() {
    return name();
  }

  /** The type of the weights. */
  public abstract DType dtype();

  /** Whether the weights exist. */
  public abstract boolean isBuilt();

  /** Whether training may change the weights. */
  public final boolean isTrainable() {
    return trainable;
  }

  /** Freezes (false) or thaws the weights of this layer and of the layers inside it. */
  public void setTrainable(boolean trainable) {
    this.trainable = trainable;
    layersInside().forEach(layer -> layer.setTrainable(trainable));
  }

  /**
   * A new weight.
   *
   * @param initializer null for glorot_uniform
   */
  protected final Weight addWeight(
      String weightName,
      Shape shape,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      @Nullable Constraint constraint,
      boolean weightTrainable) {
    return weights.create(
        weightName, shape, dtype(), initializer, regularizer, constraint, weightTrainable);
  }

  /** A new trainable weight that starts as glorot_uniform. */
  protected final Weight addWeight(String weightName, Shape shape) {
    return addWeight(weightName, shape, null, null, null, true);
  }

  /**
   * A new trainable weight.
   *
   * @param initializer a Keras name such as {@code ones}
   */
  protected final Weight addWeight(String weightName, Shape shape, String initializer) {
    Initializer first = Initializers.get(toString(), initializer);
    return addWeight(weightName, shape, first, null, null, true);
  }

  /** {@link #addVariable} under its other name, with the arguments in the order of 2017. */
  public final Weight addWeight(
      String weightName,
      Shape shape,
      @Nullable DType dtype,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      boolean weightTrainable,
      @Nullable Constraint constraint) {
    return addVariable(
        weightName, shape, dtype, initializer, regularizer, weightTrainable, constraint);
  }

  /**
   * A new weight, or the one of this name that exists.
   *
   * @param dtype null for {@link #dtype}
   * @param initializer null for glorot_uniform
   * @throws IllegalArgumentException if there is one of this name with another shape
   * @throws IllegalStateException if it is new, and the layer is built
   */
  public final Weight addVariable(
      String weightName,
      Shape shape,
      @Nullable DType dtype,
      @Nullable Initializer initializer,
      @Nullable Regularizer regularizer,
      boolean weightTrainable,
      @Nullable Constraint constraint) {
    synchronized (weights) {
      Weight known = weights.find(weightName);
      if (known == null) {
        return weights.create(
            weightName,
            shape,
            dtype == null ? dtype() : dtype,
            initializer,
            regularizer,
            constraint,
            weightTrainable);
      }
      if (!known.shape().equals(shape)) {
        throw Problem.in(toString(), "weight " + weightName + " exists with another shape")
            .got(shape)
            .expected(known.shape().toString())
            .asInvalidArgument();
      }
      return known;
    }
  }

  /**
   * Takes a layer in, for layers that are made of others: its weights and losses count as of this
   * one, and it is frozen with it.
   *
   * @return the layer
   */
  protected final <L extends Layer> L addLayer(L layer) {
    inside.add(layer);
    return layer;
  }

  /** The layers that this one is made of. */
  protected List<Layer> layersInside() {
    return inside;
  }

  /**
   * Where the random numbers of training come from, in this layer and the layers inside it: with
   * the weights all that decides what comes next.
   */
  public List<SeedGenerator> seedGenerators() {
    return layersInside().stream().flatMap(l -> l.seedGenerators().stream()).distinct().toList();
  }

  /** All weights in the order they were made, then those of layers inside. */
  public List<Weight> weights() {
    List<Weight> all = new ArrayList<>(weights.list());
    for (Layer layer : layersInside()) {
      all.addAll(layer.weights());
    }
    return List.copyOf(all);
  }

  /** What training changes: nothing while the layer is frozen. */
  public List<Weight> trainableWeights() {
    if (!trainable) {
      return List.of();
    }
    List<Weight> all = new ArrayList<>(weights.list());
    all.removeIf(weight -> !weight.isTrainable());
    layersInside().forEach(layer -> all.addAll(layer.trainableWeights()));
    return List.copyOf(all);
  }

  /** What training leaves alone: everything while the layer is frozen. */
  public List<Weight> nonTrainableWeights() {
    Set<Weight> changing = Set.copyOf(trainableWeights());
    return weights().stream().filter(weight -> !changing.contains(weight)).toList();
  }

  /** The same as {@link #weights}: seeds of random numbers are no variables here. */
  public final List<Weight> variables() {
    return weights();
  }

  /** The same as {@link #trainableWeights}. */
  public final List<Weight> trainableVariables() {
    return trainableWeights();
  }

  /** The same as {@link #nonTrainableWeights}. */
  public final List<Weight> nonTrainableVariables() {
    return nonTrainableWeights();
  }

  /**
   * All weights by their paths within this layer: {@code kernel} for its own, {@code conv/kernel}
   * for that of a layer inside it, {@code encoder/conv/kernel} for that of a model inside it. A
   * weight that is reached in several ways is listed under each.
   */
  public final Map<String, Weight> weightsByPath() {
    Map<String, Weight> paths = new LinkedHashMap<>();
    weights.list().forEach(weight -> paths.putIfAbsent(weight.name(), weight));
    for (Layer layer : layersInside()) {
      layer
          .weightsByPath()
          .forEach((path, weight) -> paths.putIfAbsent(layer.name() + "/" + path, weight));
    }
    return Collections.unmodifiableMap(paths);
  }

  /**
   * The weight of a path in {@link #weightsByPath}; the name of this layer may come before it, as
   * in the paths that Keras gives.
   *
   * <pre>{@code
   * model.getWeight("conv/kernel").assign(values);
   * }</pre>
   *
   * @throws IllegalArgumentException if there is none, as before the layer is built
   */
  public final Weight getWeight(String path) {
    Map<String, Weight> paths = weightsByPath();
    Weight weight = paths.get(path);
    if (weight == null && path.startsWith(name() + "/")) {
      weight = paths.get(path.substring(name().length() + 1));
    }
    if (weight == null) {
      throw Problem.in(toString(), "no weight of this path")
          .got("\"" + path + "\"" + Check.didYouMean(path, paths.keySet()))
          .expected(
              paths.isEmpty()
                  ? "nothing: there are no weights" + (isBuilt() ? "" : " before build(inputShape)")
                  : Check.oneOf(paths.keySet()))
          .asInvalidArgument();
    }
    return weight;
  }

  /** The values of {@link #weights()}. */
  public final List<Tensor> getWeights() {
    return weights().stream().map(Weight::value).toList();
  }

  /**
   * Replaces all weights, or none if one does not fit.
   *
   * @param values in the order of {@link #weights()}
   * @throws IllegalArgumentException if the number or a shape is wrong
   */
  public final void setWeights(List<Tensor> values) {
    changing(
        () -> {
          WeightList.assign(this, weights(), values);
          return values;
        });
  }

  /**
   * Does something that needs weights which do not change meanwhile: it waits for {@link
   * #changing}, but not for others that read.
   */
  public final <T> T reading(Supplier<T> action) {
    return holding(use.readLock(), action);
  }

  /**
   * Changes weights while nobody reads or changes them; it waits until that is so. Never call it
   * from within {@link #reading}.
   */
  public final <T> T changing(Supplier<T> action) {
    return holding(use.writeLock(), action);
  }

  private static <T> T holding(Lock lock, Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The number of scalars in all weights.
   *
   * @throws IllegalStateException if the layer is not built
   */
  public long countParams() {
    if (!isBuilt()) {
      throw Problem.in(toString(), "the layer has no weights to count before it is built")
          .fix("call build(inputShape) first")
          .asIllegalState();
    }
    return weights().stream().mapToLong(w -> w.shape().size()).sum();
  }
}
