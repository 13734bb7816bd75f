package sepal.models;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import sepal.check.Problem;
import sepal.layers.Input;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Node;

/**
 * The calls between a model's inputs and its outputs, in an order in which they can be made.
 *
 * @see "Keras 3.16, keras.src.ops.function.map_graph"
 */
final class Graph {
  private final Map<Node, Integer> depths; // calls up to the farthest output, at least
  private final List<Layer> layers;
  private final List<Step> steps = new ArrayList<>();
  private final int[] inputSlots;
  private final int[] outputSlots;
  private final int slots;

  /** One call: where its inputs are, where its outputs go, and what nobody needs after it. */
  private record Step(Layer layer, int[] inputs, int[] outputs, int[] last) {}

  /** A visit of a node in the depth-first search, at the input that is next. */
  private static final class Visit {
    final Node node;
    int next;

    Visit(Node node) {
      this.node = node;
    }
  }

  Graph(String where, List<KerasTensor> inputs, List<KerasTensor> outputs) {
    Map<Layer, Integer> order = new HashMap<>();
    List<Node> nodes = fromInputsToOutputs(Set.of(), outputs, order);
    checkConnected(where, nodes, inputs);
    Map<Layer, Integer> layerDepths = new LinkedHashMap<>();
    this.depths = depths(nodes, layerDepths);
    for (KerasTensor input : inputs) {
      Layer layer = input.node().layer();
      if (!layerDepths.containsKey(layer)) {
        layerDepths.put(layer, 0);
        depths.put(input.node(), 0);
      }
    }
    this.layers = inOrder(layerDepths, order);
    checkNames(where);

    Map<KerasTensor, Integer> slotOf = new HashMap<>();
    this.inputSlots = slots(slotOf, inputs);
    for (Node node : nodes) {
      slots(slotOf, node.outputs());
    }
    this.slots = slotOf.size();
    this.outputSlots = slots(slotOf, outputs);
    addSteps(nodes, slotOf);
  }

  /** Those far from the outputs first; ties in the order of the first visit. */
  private static List<Layer> inOrder(Map<Layer, Integer> depths, Map<Layer, Integer> visits) {
    List<Rank> ranks = new ArrayList<>();
    for (Map.Entry<Layer, Integer> entry : depths.entrySet()) {
      Layer layer = entry.getKey();
      ranks.add(new Rank(layer, entry.getValue(), visits.getOrDefault(layer, -1)));
    }
    Collections.sort(ranks);
    List<Layer> layers = new ArrayList<>();
    for (Rank rank : ranks) {
      layers.add(rank.layer);
    }
    return List.copyOf(layers);
  }

  private record Rank(Layer layer, int depth, int visit) implements Comparable<Rank> {
    @Override
    public int compareTo(Rank other) {
      int farther = Integer.compare(other.depth, depth);
      return farther != 0 ? farther : Integer.compare(visit, other.visit);
    }
  }

  private static int slot(Map<KerasTensor, Integer> slotOf, KerasTensor tensor) {
    Integer known = slotOf.putIfAbsent(tensor, slotOf.size());
    return known == null ? slotOf.size() - 1 : known;
  }

  /** Loops, not streams: those would link functions while a process starts. */
  private static int[] slots(Map<KerasTensor, Integer> slotOf, List<KerasTensor> tensors) {
    int[] slots = new int[tensors.size()];
    for (int i = 0; i < slots.length; i++) {
      slots[i] = slot(slotOf, tensors.get(i));
    }
    return slots;
  }

  /**
   * The nodes that {@code outputs} need, each after those it needs itself, without recursion:
   * graphs may be deep.
   *
   * @param cut tensors not to go beyond
   * @param order gets the layers with their places in the order of the first visit
   */
  private static List<Node> fromInputsToOutputs(
      Set<KerasTensor> cut, List<KerasTensor> outputs, Map<Layer, Integer> order) {
    List<Node> sorted = new ArrayList<>();
    Set<Node> seen = new HashSet<>();
    Deque<Visit> open = new ArrayDeque<>();
    for (KerasTensor output : outputs) {
      visit(output, cut, seen, open, order);
      while (!open.isEmpty()) {
        Visit visit = open.peek();
        if (visit.next < visit.node.inputs().size()) {
          visit(visit.node.inputs().get(visit.next++), cut, seen, open, order);
        } else {
          sorted.add(open.pop().node);
        }
      }
    }
    return sorted;
  }

  private static void visit(
      KerasTensor tensor,
      Set<KerasTensor> cut,
      Set<Node> seen,
      Deque<Visit> open,
      Map<Layer, Integer> order) {
    Node node = tensor.node();
    if (!cut.contains(tensor) && seen.add(node)) {
      order.putIfAbsent(node.layer(), order.size());
      open.push(new Visit(node));
    }
  }

  private static void checkConnected(String where, List<Node> nodes, List<KerasTensor> inputs) {
    Set<KerasTensor> given = new HashSet<>(inputs);
    if (given.size() < inputs.size()) {
      throw Problem.in(where, "an input is listed twice")
          .got(inputs)
          .expected("each input once")
          .asInvalidArgument();
    }
    for (Node node : nodes) {
      if (node.inputs().isEmpty() && !given.contains(node.outputs().get(0))) {
        throw Problem.in(where, "the graph is disconnected")
            .got("inputs " + inputs + "; the outputs also need " + node.outputs().get(0))
            .expected("every input that the outputs depend on")
            .fix("add " + node.outputs().get(0) + " to the inputs")
            .asInvalidArgument();
      }
    }
  }

  /** Keras' depths: 0 at the outputs, and for all calls of a layer at least that of its first. */
  private static Map<Node, Integer> depths(List<Node> nodes, Map<Layer, Integer> layerDepths) {
    Map<Node, Integer> depths = new LinkedHashMap<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      int depth = Math.max(depths.getOrDefault(node, 0), layerDepths.getOrDefault(node.layer(), 0));
      layerDepths.put(node.layer(), depth);
      depths.put(node, depth);
      for (KerasTensor input : node.inputs()) {
        depths.put(input.node(), Math.max(depths.getOrDefault(input.node(), 0), depth + 1));
      }
    }
    return depths;
  }

  private void checkNames(String where) {
    Set<String> names = new HashSet<>();
    for (Layer layer : layers) {
      if (!names.add(layer.name())) {
        throw Problem.in(where, "two layers have the same name")
            .got("\"" + layer.name() + "\" twice")
            .expected("a name of its own for each layer")
            .fix("give one of them another name: o -> o.name(\"" + layer.name() + "_2\")")
            .asInvalidArgument();
      }
    }
  }

  private void addSteps(List<Node> nodes, Map<KerasTensor, Integer> slotOf) {
    int[] lastUse = new int[slots];
    for (int i = 0; i < nodes.size(); i++) {
      for (KerasTensor tensor : nodes.get(i).inputs()) {
        lastUse[slot(slotOf, tensor)] = i;
      }
    }
    for (int slot : outputSlots) {
      lastUse[slot] = nodes.size();
    }
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      if (!node.inputs().isEmpty()) {
        int[] in = slots(slotOf, node.inputs());
        int[] out = slots(slotOf, node.outputs());
        int[] last = new int[in.length];
        int count = 0;
        for (int slot : in) {
          if (lastUse[slot] == i) {
            last[count++] = slot;
            lastUse[slot] = -1; // once, though a layer may take a tensor twice
          }
        }
        steps.add(new Step(node.layer(), in, out, Arrays.copyOf(last, count)));
      }
    }
  }

  /**
   * A model that starts in the middle of a graph: its inputs and outputs, with calls of its own.
   */
  record Cut(List<KerasTensor> inputs, List<KerasTensor> outputs) {}

  /**
   * Puts new inputs in the place of {@code inputs} that layers have made, and calls the layers
   * between them and {@code outputs} again.
   */
  static Cut cut(List<KerasTensor> inputs, List<KerasTensor> outputs) {
    if (startFromNothing(inputs)) {
      return new Cut(inputs, outputs);
    }
    Map<KerasTensor, KerasTensor> copies = new HashMap<>();
    for (KerasTensor input : inputs) {
      KerasTensor start =
          input.node().inputs().isEmpty()
              ? input
              : Input.of(
                  o -> o.batchShape(input.shape().toArray()).dtype(input.dtype().toString()));
      copies.put(input, start);
    }
    for (Node node : fromInputsToOutputs(Set.copyOf(inputs), outputs, new HashMap<>())) {
      List<KerasTensor> made = node.outputs();
      if (!node.inputs().isEmpty()) {
        made =
            node.layer()
                .applyAll(node.inputs().stream().map(copies::get).toArray(KerasTensor[]::new));
      }
      for (int i = 0; i < made.size(); i++) {
        copies.putIfAbsent(node.outputs().get(i), made.get(i));
      }
    }
    return new Cut(
        inputs.stream().map(copies::get).toList(), outputs.stream().map(copies::get).toList());
  }

  private static boolean startFromNothing(List<KerasTensor> inputs) {
    for (KerasTensor input : inputs) {
      if (!input.node().inputs().isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** All layers, those far from the outputs first; ties in the order of a search from there. */
  List<Layer> layers() {
    return layers;
  }

  boolean contains(Node node) {
    return depths.containsKey(node);
  }

  /** Every call in the graph, with the number of calls between it and the farthest output. */
  Map<Node, Integer> depths() {
    return depths;
  }

  /**
   * Goes through the graph with tensors, or with anything else that stands for them. What no later
   * call needs is let go at once.
   *
   * @param call gives a layer's outputs for its inputs
   */
  @SuppressWarnings("unchecked")
  <T> List<T> walk(List<T> inputs, BiFunction<Layer, List<T>, List<T>> call) {
    Object[] values = new Object[slots];
    for (int i = 0; i < inputSlots.length; i++) {
      values[inputSlots[i]] = inputs.get(i);
    }
    for (Step step : steps) {
      List<T> made = call.apply(step.layer, (List<T>) pick(values, step.inputs));
      for (int slot : step.last) {
        values[slot] = null;
      }
      for (int i = 0; i < step.outputs.length; i++) {
        values[step.outputs[i]] = made.get(i);
      }
    }
    return (List<T>) pick(values, outputSlots);
  }

  private static List<Object> pick(Object[] values, int[] slots) {
    List<Object> picked = new ArrayList<>(slots.length);
    for (int slot : slots) {
      picked.add(values[slot]);
    }
    return picked;
  }
}
