package sepal.keras;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.layers.Layer;
import sepal.layers.Weight;
import sepal.models.Model;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * Weights as legacy {@code .h5} files have them: a group for each layer, with the names of its
 * arrays in an attribute. These names are followed, never guessed.
 *
 * @see "Keras 3.16, keras.src.legacy.saving.legacy_h5_format"
 */
final class LegacyWeights {
  private static final Set<String> FLIPPED_BY_THEANO =
      Set.of("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose", "ConvLSTM2D");

  private final String where;
  private final int keras;
  private final boolean theano;
  private final Map<String, List<Hdf5Dataset>> layers = new LinkedHashMap<>();
  private final Map<String, Integer> multipliers = new LinkedHashMap<>();

  private LegacyWeights(String where, int keras, boolean theano) {
    this.where = where;
    this.keras = keras;
    this.theano = theano;
  }

  /** The group of the weights of a full model, else the root; null if there are none in it. */
  static @Nullable Hdf5Group find(Hdf5Group root) {
    Hdf5Group weights = root.group("model_weights");
    Hdf5Group group = weights == null ? root : weights;
    return group.attribute("layer_names") != null || group.attribute("layer_names0") != null
        ? group
        : null;
  }

  /**
   * @param keras the major version that wrote the file, if the group does not say
   * @throws IllegalArgumentException if a named array is missing
   */
  static LegacyWeights read(String where, Hdf5Group group, int keras) throws IOException {
    Hdf5Attribute version = group.attribute("keras_version");
    Hdf5Attribute backend = group.attribute("backend");
    LegacyWeights weights =
        new LegacyWeights(
            where,
            version == null ? keras : KerasVersion.major(version.string()),
            backend != null && backend.string().equals("theano"));
    for (String layer : names(group, "layer_names")) {
      Hdf5Group child = group.group(layer);
      if (child == null) {
        throw weights.missing("group " + layer);
      }
      List<Hdf5Dataset> arrays = new ArrayList<>();
      for (String name : names(child, "weight_names")) {
        Hdf5Dataset array = child.dataset(name);
        if (array == null) {
          throw weights.missing("array " + child.path() + "/" + name);
        }
        arrays.add(array);
      }
      weights.layers.put(layer, arrays);
    }
    return weights;
  }

  private RuntimeException missing(String what) {
    return Problem.in(where, "the weights are not complete")
        .got("no " + what + ", which the file promises")
        .asInvalidArgument();
  }

  /** A list of names, which is cut into several attributes when it is long. */
  static List<String> names(Hdf5Group group, String attribute) throws IOException {
    Hdf5Attribute whole = group.attribute(attribute);
    if (whole != null) {
      return whole.strings();
    }
    List<String> names = new ArrayList<>();
    Hdf5Attribute part = group.attribute(attribute + 0);
    for (int i = 1; part != null; i++) {
      names.addAll(part.strings());
      part = group.attribute(attribute + i);
    }
    return names;
  }

  /** Whether arrays may be put into another order after they were read. */
  boolean rearranges() {
    return theano || keras == 1;
  }

  /** The last axis of the depthwise kernel of a layer, which may be inside another; or null. */
  @Nullable Integer depthMultiplier(String layer) {
    if (multipliers.isEmpty()) {
      for (Map.Entry<String, List<Hdf5Dataset>> entry : layers.entrySet()) {
        for (Hdf5Dataset array : entry.getValue()) {
          String[] names = array.path().split("/");
          if (names[names.length - 1].contains("depthwise_kernel") && array.shape().rank() > 0) {
            // Inside a model the layer is named by the path only, and elsewhere by the group.
            multipliers.put(names[names.length - 2], array.shape().get(-1));
            multipliers.put(entry.getKey(), array.shape().get(-1));
          }
        }
      }
    }
    return multipliers.get(layer);
  }

  /**
   * Finds the array of every weight.
   *
   * @param sameModel whether the model comes from the same file; else the layers with weights
   *     follow each other as in the file, or are found by name
   * @throws IllegalArgumentException if the numbers of layers or weights, or a shape, differ
   */
  Assignment match(Model model, boolean sameModel, LoadOptions options) {
    Assignment assignment = new Assignment(where, options);
    List<Layer> targets = model.layers().stream().filter(l -> !l.weights().isEmpty()).toList();
    List<String> names =
        layers.entrySet().stream()
            .filter(layer -> !layer.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    List<String> wanted = targets.stream().map(Layer::name).toList();
    if (!sameModel && options.byName()) {
      List<Layer> common = targets.stream().filter(l -> layers.containsKey(l.name())).toList();
      if (common.isEmpty() && !targets.isEmpty()) {
        throw Problem.in(where, "no layer of the model has a name that is in the file")
            .got(wanted.stream().limit(10).collect(Collectors.joining(", ")))
            .expected("among " + names.stream().limit(10).collect(Collectors.joining(", ")))
            .fix("leave byName out if the layers follow each other as in the file")
            .asInvalidArgument();
      }
      common.forEach(layer -> add(layer, layer.name(), assignment));
      return assignment;
    }
    if (names.size() != wanted.size()) {
      Set<String> there = new LinkedHashSet<>(names);
      Set<String> here = new LinkedHashSet<>(wanted);
      there.removeAll(Set.copyOf(wanted));
      here.removeAll(Set.copyOf(names));
      throw Problem.in(where, "wrong number of layers with weights")
          .got(names.size() + differing(there))
          .expected(wanted.size() + differing(here))
          .fix(
              "load the file into the model that it was saved from, or by name: options -> options.byName(true)")
          .asInvalidArgument();
    }
    boolean sameNames = sameModel && new HashSet<>(names).equals(new HashSet<>(wanted));
    for (int i = 0; i < targets.size(); i++) {
      Layer layer = targets.get(i);
      add(layer, sameNames ? layer.name() : names.get(i), assignment);
    }
    return assignment;
  }

  private void add(Layer layer, String name, Assignment assignment) {
    List<Weight> weights = new ArrayList<>(layer.trainableWeights());
    weights.addAll(layer.nonTrainableWeights());
    assignment.add(
        layer,
        weights,
        layers.getOrDefault(name, List.of()),
        rearrangements(layer, weights),
        false);
  }

  private static String differing(Set<String> names) {
    return names.isEmpty()
        ? ""
        : names.stream().limit(10).collect(Collectors.joining(", ", "   (among them ", ")"));
  }

  private List<Assignment.Rearrangement> rearrangements(Layer layer, List<Weight> weights) {
    int[] axes = keras == 1 ? axesOfKeras1(layer) : null;
    Assignment.Rearrangement transposed =
        axes == null
            ? Assignment.Rearrangement.NONE
            : new Assignment.Rearrangement(
                shape -> permuted(shape, axes), tensor -> permuted(tensor, axes));
    boolean flipped = theano && FLIPPED_BY_THEANO.contains(layer.className());
    return IntStream.range(0, weights.size())
        .mapToObj(
            i -> {
              Shape wanted = weights.get(i).shape();
              boolean kernel = wanted.rank() > 2;
              Assignment.Rearrangement change = kernel ? transposed : Assignment.Rearrangement.NONE;
              if (kernel && keras == 1 && layer.className().equals("Conv1D")) {
                change =
                    new Assignment.Rearrangement(
                        shape -> alongOneAxis(shape, wanted),
                        tensor -> alongOneAxis(tensor, wanted));
              }
              return flipped && kernel ? flipped(change) : change;
            })
        .collect(Collectors.collectingAndThen(Collectors.toList(), Collections::unmodifiableList));
  }

  /**
   * Keras 1 kept kernels along one axis as those of images: (k, 1, c, filters), and before its
   * version 1.1 (filters, c, k, 1).
   *
   * @param wanted (k, c, filters)
   */
  private static Shape alongOneAxis(Shape shape, Shape wanted) {
    Shape first = Shape.of(wanted.get(0), 1, wanted.get(1), wanted.get(2));
    return shape.equals(first) || permuted(shape, 2, 3, 1, 0).equals(first) ? wanted : shape;
  }

  private static Tensor alongOneAxis(Tensor tensor, Shape wanted) {
    Shape first = Shape.of(wanted.get(0), 1, wanted.get(1), wanted.get(2));
    boolean later = tensor.shape().equals(first) || tensor.shape().equals(wanted);
    return (later ? tensor : permuted(tensor, 2, 3, 1, 0)).reshape(wanted);
  }

  private static Assignment.Rearrangement flipped(Assignment.Rearrangement change) {
    return new Assignment.Rearrangement(
        change.shape(), tensor -> flipped(change.values().apply(tensor)));
  }

  /** Where the axes of a kernel were in Keras 1; null if they were where they are now. */
  private static int @Nullable [] axesOfKeras1(Layer layer) {
    boolean first = "channels_first".equals(layer.getConfig().get("data_format"));
    return switch (layer.className()) {
      case "Conv2D", "SeparableConv2D", "DepthwiseConv2D" -> first ? new int[] {2, 3, 1, 0} : null;
      case "Conv3D" -> first ? new int[] {2, 3, 4, 1, 0} : null;
      case "Conv2DTranspose" -> first ? new int[] {2, 3, 0, 1} : new int[] {0, 1, 3, 2};
      default -> null;
    };
  }

  private static Shape permuted(Shape shape, int... axes) {
    if (shape.rank() != axes.length) {
      return shape;
    }
    return Shape.of(IntStream.of(axes).map(shape::get).toArray());
  }

  private static Tensor permuted(Tensor tensor, int... axes) {
    Shape from = tensor.shape();
    if (from.rank() != axes.length) {
      return tensor;
    }
    Shape to = permuted(from, axes);
    float[] values = tensor.toFloatArray();
    float[] result = new float[values.length];
    int[] at = new int[axes.length];
    for (int i = 0; i < result.length; i++) {
      int rest = i;
      for (int axis = axes.length - 1; axis >= 0; axis--) {
        at[axes[axis]] = rest % to.get(axis);
        rest /= to.get(axis);
      }
      int source = 0;
      for (int axis = 0; axis < axes.length; axis++) {
        source = source * from.get(axis) + at[axis];
      }
      result[i] = values[source];
    }
    return Tensor.wrap(result, to);
  }

  /** All axes but the last two turned round: Theano convolved where others correlate. */
  private static Tensor flipped(Tensor kernel) {
    Shape shape = kernel.shape();
    int inner = shape.get(-1) * shape.get(-2);
    float[] values = kernel.toFloatArray();
    float[] result = new float[values.length];
    int positions = inner == 0 ? 0 : values.length / inner;
    for (int i = 0; i < positions; i++) {
      System.arraycopy(values, i * inner, result, (positions - 1 - i) * inner, inner);
    }
    return Tensor.wrap(result, shape);
  }
}
