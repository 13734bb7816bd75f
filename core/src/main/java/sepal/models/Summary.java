package sepal.models;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import sepal.check.Problem;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Node;
import sepal.layers.Weight;
import sepal.models.TextTable.Align;
import sepal.shape.Shape;
import sepal.tensor.DType;

/**
 * The table of a model's layers.
 *
 * @see "Keras 3.16, keras.src.utils.summary_utils"
 */
final class Summary {
  private static final String[] UNITS = {"B", "KB", "MB", "GB", "TB", "PB"};

  private final Model model;
  private final SummaryOptions options;
  private final boolean stack; // without a column of connections

  Summary(Model model, SummaryOptions options) {
    this.model = model;
    this.options = options;
    this.stack = !(model instanceof Functional functional) || isStack(functional);
  }

  @Override
  public String toString() {
    TextTable table = table();
    for (Layer layer : shown()) {
      addRows(table, layer, 0);
    }
    return "Model: \"" + model.name() + "\"\n" + table.finish() + totals();
  }

  /** Whether each call follows the one before, and no layer is called twice. */
  private static boolean isStack(Functional model) {
    Map<Integer, List<Node>> byDepth = new TreeMap<>();
    model
        .calls()
        .depths()
        .forEach((node, depth) -> byDepth.computeIfAbsent(depth, d -> new ArrayList<>()).add(node));
    boolean line =
        byDepth.values().stream()
            .allMatch(nodes -> nodes.size() == 1 && nodes.get(0).inputs().size() <= 1);
    return line
        && model.layers().stream()
            .allMatch(
                layer ->
                    layer.inboundNodes().stream().filter(model.calls()::contains).count() <= 1);
  }

  // ---- the table

  private TextTable table() {
    List<String> header = new ArrayList<>(List.of("Layer (type)", "Output Shape", "Param #"));
    List<Align> alignment = new ArrayList<>(List.of(Align.LEFT, Align.LEFT, Align.RIGHT));
    double[] ends = stack ? new double[] {0.45, 0.80, 1.0} : new double[] {0.3, 0.56, 0.74, 1.0};
    int wide = stack ? 88 : 108;
    if (!stack) {
      header.add("Connected to");
      alignment.add(Align.LEFT);
    }
    if (options.positions != null) {
      if (options.positions.length != header.size()) {
        throw Problem.in("summary", "one position is needed for each column")
            .got(options.positions.length + " positions")
            .expected(header.size() + "   (" + String.join(", ", header) + ")")
            .asInvalidArgument();
      }
      ends = options.positions.clone();
    }
    if (options.showTrainable) {
      wide += 12;
      ends = java.util.Arrays.copyOf(ends, ends.length + 1);
      for (int i = 0; i < ends.length - 1; i++) {
        ends[i] *= 0.90;
      }
      ends[ends.length - 1] = 1.0;
      header.add("Trainable");
      alignment.add(Align.CENTER);
    }
    int length = options.lengthUpTo(wide);
    return new TextTable(length, widths(length, ends), alignment, header);
  }

  private static int[] widths(int lineLength, double[] ends) {
    int[] widths = new int[ends.length];
    int from = 0;
    for (int i = 0; i < ends.length; i++) {
      widths[i] = (int) (ends[i] * lineLength) - from;
      from += widths[i];
      if (widths[i] < 4) {
        throw Problem.in("summary", "a column is too narrow")
            .got("column " + (i + 1) + " of " + ends.length + " gets " + widths[i] + " characters")
            .expected("4 or more")
            .fix("make lineLength greater, or move the positions")
            .asInvalidArgument();
      }
    }
    return widths;
  }

  /** The layers in the range that was asked for. */
  private List<Layer> shown() {
    List<Layer> layers = model.layers();
    if (options.firstLayer == null || options.lastLayer == null) {
      return layers;
    }
    List<Integer> first = matching(layers, options.firstLayer);
    List<Integer> last = matching(layers, options.lastLayer);
    int low = first.get(0);
    int high = last.get(last.size() - 1);
    return low <= high
        ? layers.subList(low, high + 1)
        : layers.subList(last.get(0), first.get(first.size() - 1) + 1);
  }

  private List<Integer> matching(List<Layer> layers, String pattern) {
    List<Integer> indices = new ArrayList<>();
    try {
      Pattern wanted = Pattern.compile(pattern);
      for (int i = 0; i < layers.size(); i++) {
        if (wanted.matcher(layers.get(i).name()).lookingAt()) {
          indices.add(i);
        }
      }
    } catch (PatternSyntaxException e) {
      throw Problem.in(model.toString(), "layerRange is not a name or a regular expression")
          .got("\"" + pattern + "\"")
          .asInvalidArgument(e);
    }
    if (indices.isEmpty()) {
      throw Problem.in(model.toString(), "layerRange fits no layer")
          .got("\"" + pattern + "\"")
          .expected(
              "the beginning of one of "
                  + layers.stream().map(Layer::name).collect(Collectors.joining(", ")))
          .asInvalidArgument();
    }
    return indices;
  }

  private void addRows(TextTable table, Layer layer, int level) {
    String prefix = level == 0 ? "" : "   ".repeat(level) + "└ ";
    List<String> row = new ArrayList<>();
    row.add(prefix + layer.name() + " (" + layer.className() + ")");
    row.add(outputShape(layer));
    row.add(params(layer));
    if (!stack) {
      row.add(connections(layer));
    }
    if (options.showTrainable) {
      row.add(layer.weights().isEmpty() ? "-" : layer.isTrainable() ? "Y" : "N");
    }
    table.addRow(row);
    if (options.expandNested && layer instanceof Model inner) {
      inner.layers().forEach(nested -> addRows(table, nested, level + 1));
    }
  }

  /** The shape at the last call, or what a model that was never called gives. */
  private static String outputShape(Layer layer) {
    List<Node> calls = layer.inboundNodes();
    if (!calls.isEmpty()) {
      List<KerasTensor> outputs = calls.get(calls.size() - 1).outputs();
      String shapes = shapes(outputs);
      return outputs.size() == 1 ? shapes : "[" + shapes + "]";
    }
    if (layer instanceof Model built && built.isBuilt()) {
      String shapes = shapes(built.outputs());
      return built.outputs().size() == 1 ? shapes : "(" + shapes + ")";
    }
    return "?";
  }

  private static String shapes(List<KerasTensor> tensors) {
    return tensors.stream().map(t -> shape(t.shape())).collect(Collectors.joining(", "));
  }

  private static String shape(Shape shape) {
    return shape.toList().stream()
        .map(size -> size == null ? "None" : size.toString())
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String params(Layer layer) {
    if (!layer.isBuilt()) {
      return ConfigWriter.isBuiltWhenMade(layer) ? "0" : "0 (unbuilt)";
    }
    return String.format(Locale.ROOT, "%,d", layer.countParams());
  }

  private String connections(Layer layer) {
    String tensors =
        layer.inboundNodes().stream()
            .filter(node -> model instanceof Functional graph && graph.calls().contains(node))
            .flatMap(node -> node.inputs().stream())
            .map(KerasTensor::toString)
            .collect(Collectors.joining(", "));
    return tensors.isEmpty() ? "-" : tensors;
  }

  // ---- the totals

  private String totals() {
    List<Sizes> trainable = sizes(model.trainableWeights());
    List<Sizes> frozen = sizes(model.nonTrainableWeights());
    List<Sizes> optimizer = optimizer();
    List<Sizes> all = new ArrayList<>(trainable);
    all.addAll(frozen);
    all.addAll(optimizer);
    return total("Total", all)
        + total("Trainable", trainable)
        + total("Non-trainable", frozen)
        + (optimizer.isEmpty() ? "" : total("Optimizer", optimizer));
  }

  /** How many elements of which type an array has. */
  private record Sizes(long elements, DType dtype) {
    long bytes() {
      return elements * bytesOf(dtype);
    }
  }

  private static List<Sizes> sizes(List<Weight> weights) {
    return weights.stream().map(w -> new Sizes(w.shape().size(), w.dtype())).toList();
  }

  /** The variables of an optimizer that has been used, here or before the model was saved. */
  private List<Sizes> optimizer() {
    if (!model.isCompiled() || !model.trainer().optimizer().isBuilt()) {
      return List.of();
    }
    return model.trainer().optimizer().variables().stream()
        .map(variable -> new Sizes(variable.size(), variable.dtype()))
        .toList();
  }

  private static String total(String what, List<Sizes> arrays) {
    long count = arrays.stream().mapToLong(Sizes::elements).sum();
    long bytes = arrays.stream().mapToLong(Sizes::bytes).sum();
    return String.format(Locale.ROOT, " %s params: %,d (%s)\n", what, count, readable(bytes));
  }

  private static int bytesOf(DType dtype) {
    return switch (dtype) {
      case FLOAT64, INT64 -> 8;
      case FLOAT32, INT32 -> 4;
      case UINT8, BOOL -> 1;
    };
  }

  /** Two decimals, rounded as Python does it: from the exact value, halves to even. */
  private static String readable(long bytes) {
    BigDecimal amount = BigDecimal.valueOf(bytes);
    BigDecimal scale = BigDecimal.valueOf(1024);
    int unit = 0;
    while (amount.compareTo(scale) >= 0 && unit < UNITS.length - 1) {
      amount = amount.divide(scale);
      unit++;
    }
    return amount.setScale(2, RoundingMode.HALF_EVEN).toPlainString() + " " + UNITS[unit];
  }
}
