package sepal.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.Parallel;
import sepal.layers.Layer;
import sepal.layers.Layers;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * What every layer keeps, whatever it computes: its configuration builds an equal layer, shapes are
 * predicted as they come out, weights can be taken out and put in, freezing works, and the output
 * depends on nothing but inputs and weights: not on the kernels, the number of threads, or other
 * calls at the same time.
 *
 * <p>For a layer of your own, register its class with {@link Layers#register} first.
 */
public final class LayerContract {
  private static final long SEED = 20;

  private final Layer layer;
  private final List<Shape> shapes;
  private final List<Tensor> inputs;

  private LayerContract(Layer layer, List<Shape> shapes) {
    this.layer = layer;
    this.shapes = shapes;
    Random random = new Random(SEED);
    this.inputs = shapes.stream().map(shape -> random(random, shape)).toList();
  }

  /**
   * Checks a layer that has not been built.
   *
   * @param inputs the shapes of inputs that suit it, fully known
   * @throws AssertionError naming the layer and the clause that it breaks
   */
  public static void check(Layer layer, Shape... inputs) {
    LayerContract contract = new LayerContract(layer, List.of(inputs));
    contract.configurationIsPlainAndBuildsAnEqualLayer();
    contract.shapesArePredicted();
    contract.weightsHaveNamesAndPlaces();
    contract.aCopyWithTheSameWeightsComputesTheSame();
    contract.wrongInputsAndWeightsAreRefused();
    contract.freezingHoldsBackAllWeights();
    contract.callsLeaveNoTrace();
    contract.kernelsAgree();
  }

  private void configurationIsPlainAndBuildsAnEqualLayer() {
    Map<String, @Nullable Object> config = layer.getConfig();
    plain("configuration", config);
    require(layer.name().equals(config.get("name")), "the configuration holds the name");
    Layer copy = copy();
    same("the configuration of a copy", copy.getConfig(), config);
    same("the arguments of a copy", copy(copy).config(), copy.config());
    require(copy.getClass() == layer.getClass(), "a copy is of the same class");
  }

  private void plain(String path, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, item) -> plain(path + "." + key, item));
    } else if (value instanceof List<?> list) {
      list.forEach(item -> plain(path + "[]", item));
    } else {
      require(
          value == null
              || value instanceof String
              || value instanceof Boolean
              || value instanceof Number,
          path + " is something that JSON can hold");
    }
  }

  private void shapesArePredicted() {
    List<Shape> before = layer.computeOutputShapes(shapes);
    require(layer.weights().isEmpty() && !layer.isBuilt(), "predicting shapes builds nothing");
    List<Shape> actual = shapesOf(layer.applyAll(inputs, false));
    require(layer.isBuilt(), "a call builds the layer");
    same("the shape predicted before building", before, actual);
    same("the shape predicted after building", layer.computeOutputShapes(shapes), actual);

    List<Shape> anyBatch = shapes.stream().map(shape -> shape.with(0, Shape.UNKNOWN)).toList();
    List<Shape> expected = actual.stream().map(shape -> shape.with(0, Shape.UNKNOWN)).toList();
    same("the shape predicted for any batch", layer.computeOutputShapes(anyBatch), expected);
    for (int axis = 1; axis < shapes.get(0).rank(); axis++) {
      unknownAxis(axis, actual);
    }
  }

  /** A layer may refuse to guess, but not guess wrong. */
  private void unknownAxis(int axis, List<Shape> actual) {
    List<Shape> unknown = new ArrayList<>();
    for (Shape shape : shapes) {
      unknown.add(axis < shape.rank() ? shape.with(axis, Shape.UNKNOWN) : shape);
    }
    List<Shape> predicted;
    try {
      predicted = layer.computeOutputShapes(unknown);
    } catch (IllegalArgumentException | IllegalStateException refused) {
      return;
    }
    for (int i = 0; i < actual.size(); i++) {
      require(
          predicted.size() == actual.size() && predicted.get(i).isCompatibleWith(actual.get(i)),
          "the shape " + predicted + " predicted for " + unknown + " allows for " + actual);
    }
  }

  private void weightsHaveNamesAndPlaces() {
    List<Weight> weights = layer.weights();
    List<String> paths = weights.stream().map(Weight::path).toList();
    require(new HashSet<>(paths).size() == paths.size(), "no two weights have one path: " + paths);
    long size = 0;
    for (Weight weight : weights) {
      require(weight.path().endsWith("/" + weight.name()), weight + " has its name in its path");
      require(weight.dtype() == layer.dtype() || !weight.isTrainable(), weight + " has the dtype");
      size += weight.shape().size();
    }
    same("the number of parameters", layer.countParams(), size);
  }

  private void aCopyWithTheSameWeightsComputesTheSame() {
    Layer copy = copy();
    copy.build(shapes.toArray(Shape[]::new));
    same("the weights of a copy", describe(copy.weights()), describe(layer.weights()));
    Random random = new Random(SEED + 1);
    // Positive, since some weights are variances.
    List<Tensor> values =
        layer.weights().stream().map(w -> positive(random, w.shape()).cast(w.dtype())).toList();
    layer.setWeights(values);
    copy.setWeights(values);
    sameBits("the weights put in", layer.getWeights(), values);
    sameBits("the output of a copy", copy.applyAll(inputs, false), output());
  }

  private static List<String> describe(List<Weight> weights) {
    return weights.stream()
        .map(weight -> weight + (weight.isTrainable() ? " trainable" : ""))
        .toList();
  }

  private void wrongInputsAndWeightsAreRefused() {
    refused("more weights than it has", () -> layer.setWeights(more(layer.getWeights())));
    refused("no input", () -> layer.applyAll(List.of(), false));
  }

  private static List<Tensor> more(List<Tensor> tensors) {
    List<Tensor> more = new ArrayList<>(tensors);
    more.add(Tensor.zeros(1));
    return more;
  }

  private void refused(String what, Runnable action) {
    try {
      action.run();
    } catch (IllegalArgumentException expected) {
      String message = String.valueOf(expected.getMessage());
      require(message.contains(layer.name()), "the refusal of " + what + " names the layer");
      return;
    }
    require(false, what + " is refused");
  }

  private void freezingHoldsBackAllWeights() {
    List<Weight> trainable = layer.trainableWeights();
    List<Weight> nonTrainable = layer.nonTrainableWeights();
    layer.setTrainable(false);
    same("the trainable weights of a frozen layer", layer.trainableWeights(), List.of());
    same("the other weights of a frozen layer", layer.nonTrainableWeights(), layer.weights());
    same(
        "\"trainable\" of a frozen layer",
        layer.getConfig().getOrDefault("trainable", false), // Keras leaves it out of some
        false);
    layer.setTrainable(true);
    same("the trainable weights of a thawed layer", layer.trainableWeights(), trainable);
    same("the other weights of a thawed layer", layer.nonTrainableWeights(), nonTrainable);
    same(
        "the number of weights of both kinds",
        trainable.size() + nonTrainable.size(),
        layer.weights().size());
  }

  private void callsLeaveNoTrace() {
    List<Tensor> weights = layer.getWeights();
    List<float[]> before = inputs.stream().map(Tensor::toFloatArray).toList();
    List<Tensor> output = output();
    sameBits("a second output", output(), output);
    int threads = Parallel.threads();
    try {
      for (int count = 1; count <= 3; count++) {
        Parallel.setThreads(count);
        sameBits("the output on " + count + " threads", output(), output);
      }
    } finally {
      Parallel.setThreads(threads);
    }
    List<CompletableFuture<List<Tensor>>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(CompletableFuture.supplyAsync(this::output));
    }
    for (CompletableFuture<List<Tensor>> call : calls) {
      sameBits("the output of one of several calls at once", call.join(), output);
    }
    sameBits("the weights after predicting", layer.getWeights(), weights);
    for (int i = 0; i < inputs.size(); i++) {
      require(
          Arrays.equals(inputs.get(i).toFloatArray(), before.get(i)), "calls leave inputs alone");
    }
  }

  private void kernelsAgree() {
    if (KernelChoice.vector().isEmpty()) {
      return;
    }
    List<Tensor> vector = with(KernelChoice.vector().get(), this::output);
    List<Tensor> scalar = with(KernelChoice.scalar(), this::output);
    Difference difference = new Difference(false);
    for (int i = 0; i < scalar.size(); i++) {
      String mismatch = difference.add("output " + i, vector.get(i), scalar.get(i));
      require(mismatch == null, "vector and scalar kernels agree: " + mismatch);
    }
    GoldenResult result = difference.result(layer.toString(), "kernels");
    require(result.passed(), "vector and scalar kernels agree: " + result.message());
  }

  private static <T> T with(Kernels kernels, Supplier<T> action) {
    Kernels usual = KernelChoice.kernels();
    KernelChoice.use(kernels);
    try {
      return action.get();
    } finally {
      KernelChoice.use(usual);
    }
  }

  private List<Tensor> output() {
    return layer.applyAll(inputs, false);
  }

  private Layer copy() {
    return copy(layer);
  }

  private static Layer copy(Layer layer) {
    return Layers.fromConfig("a copy of " + layer, layer.className(), layer.getConfig());
  }

  private static List<Shape> shapesOf(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::shape).toList();
  }

  private static Tensor random(Random random, Shape shape) {
    float[] data = new float[shape.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = 2 * random.nextFloat() - 1;
    }
    return Tensor.wrap(data, shape);
  }

  private static Tensor positive(Random random, Shape shape) {
    float[] data = new float[shape.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = 0.1f + random.nextFloat();
    }
    return Tensor.wrap(data, shape);
  }

  private void sameBits(String what, List<Tensor> actual, List<Tensor> expected) {
    same("the shapes of " + what, shapesOf(actual), shapesOf(expected));
    for (int i = 0; i < actual.size(); i++) {
      require(
          Arrays.equals(actual.get(i).toDoubleArray(), expected.get(i).toDoubleArray()),
          what + " is the same bit for bit");
    }
  }

  private void same(String what, @Nullable Object actual, @Nullable Object expected) {
    if (!Objects.equals(actual, expected)) {
      throw broken(what + " is " + actual + ", expected " + expected);
    }
  }

  private void require(boolean kept, String clause) {
    if (!kept) {
      throw broken("not so: " + clause);
    }
  }

  private AssertionError broken(String what) {
    return new AssertionError(layer + " on " + shapes + " (seed " + SEED + "): " + what);
  }
}
