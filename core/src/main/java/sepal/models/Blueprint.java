package sepal.models;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sepal.layers.KerasTensor;
import sepal.layers.Layer;
import sepal.layers.Node;
import sepal.shape.Shape;
import sepal.tensor.DType;

/**
 * The stages of a plan in order. Values are numbered: the inputs of the model first, then what the
 * layers make.
 *
 * @param stages each after those it needs
 * @param values how many values there are
 * @param outputs the values that the model gives
 * @param nested the models inside that were opened, and the graphs they had
 */
record Blueprint(List<Stage> stages, int values, int[] outputs, List<Nested> nested) {

  record Nested(Model model, Functional graph) {}

  /**
   * @throws Stage.Unplannable if the model is not of float32 throughout
   */
  static Blueprint of(Functional model) {
    return new Builder().build(model);
  }

  boolean isCurrent() {
    for (Nested inner : nested) {
      if (!inner.model.isBuilt() || inner.model.graph("outputs") != inner.graph) {
        return false;
      }
    }
    return true;
  }

  boolean isSamplewise() {
    for (Stage stage : stages) {
      if (!stage.isSamplewise()) {
        return false;
      }
    }
    return true;
  }

  private static final class Builder {
    private record Call(Layer layer, int[] inputs, int[] outputs) {}

    private final List<Shape> shapes = new ArrayList<>(); // of the values, as far as known
    private final List<Call> calls = new ArrayList<>();
    private final List<Nested> nested = new ArrayList<>();
    private final List<Stage> stages = new ArrayList<>();
    private final Map<Integer, Stage> makers = new HashMap<>();

    Blueprint build(Functional model) {
      List<Integer> inputs = new ArrayList<>();
      for (KerasTensor input : model.inputs()) {
        inputs.add(addValue(input.shape()));
      }
      int[] outputs = toArray(walk(model, inputs));
      int[] uses = new int[shapes.size()];
      for (Call call : calls) {
        count(call.inputs, uses);
      }
      count(outputs, uses);
      for (Call call : calls) {
        addStage(call, uses);
      }
      return new Blueprint(List.copyOf(stages), shapes.size(), outputs, List.copyOf(nested));
    }

    private static void count(int[] values, int[] uses) {
      for (int value : values) {
        uses[value]++;
      }
    }

    private int addValue(Shape shape) {
      shapes.add(shape);
      return shapes.size() - 1;
    }

    private List<Integer> walk(Functional model, List<Integer> inputs) {
      for (Node node : model.calls().depths().keySet()) {
        for (KerasTensor tensor : node.outputs()) {
          if (tensor.dtype() != DType.FLOAT32) {
            throw new Stage.Unplannable(tensor + " is of type " + tensor.dtype());
          }
        }
      }
      return model.calls().walk(inputs, this::call);
    }

    private List<Integer> call(Layer layer, List<Integer> inputs) {
      if (layer instanceof Model model) {
        Functional inner = model.graph("outputs");
        nested.add(new Nested(model, inner));
        if (fits(inner, inputs)) {
          return walk(inner, inputs);
        }
      } else if (layer.dtype() != DType.FLOAT32 || layer.computeDtype() != DType.FLOAT32) {
        throw new Stage.Unplannable(layer + " is of type " + layer.dtype());
      }
      List<Shape> from = new ArrayList<>();
      for (int input : inputs) {
        from.add(shapes.get(input));
      }
      List<Integer> outputs = new ArrayList<>();
      for (Shape shape : layer.computeOutputShapes(List.copyOf(from))) {
        outputs.add(addValue(shape));
      }
      calls.add(new Call(layer, toArray(inputs), toArray(outputs)));
      return outputs;
    }

    /** Whether nothing is left to check when data come. */
    private boolean fits(Functional inner, List<Integer> inputs) {
      List<KerasTensor> wanted = inner.inputs();
      boolean fits = wanted.size() == inputs.size();
      for (int i = 0; fits && i < inputs.size(); i++) {
        Shape from = shapes.get(inputs.get(i));
        Shape to = wanted.get(i).shape();
        fits = from.rank() == to.rank();
        for (int axis = 1; fits && axis < to.rank(); axis++) {
          fits = !to.isKnown(axis) || to.get(axis) == from.get(axis);
        }
      }
      return fits;
    }

    private void addStage(Call call, int[] uses) {
      int input = call.inputs[0];
      Stage before = uses[input] == 1 ? makers.get(input) : null;
      boolean isLine = call.inputs.length == 1 && call.outputs.length == 1;
      if (isLine && before != null && before.outputs.length == 1) {
        if (Stages.isIdentity(call.layer) || before.absorb(call.layer, shapes.get(input).rank())) {
          before.outputs[0] = call.outputs[0];
          makers.put(call.outputs[0], before);
          return;
        }
      }
      Stages.Padding padding = isLine ? Stages.padding(before, call.layer) : null;
      if (padding != null) {
        stages.remove(Objects.requireNonNull(before));
        add(Stages.of(call.layer, before.inputs, call.outputs, shapes, padding));
      } else {
        add(Stages.of(call.layer, call.inputs, call.outputs, shapes, null));
      }
      addActivation(call);
    }

    private void add(Stage stage) {
      stages.add(stage);
      for (int output : stage.outputs) {
        makers.put(output, stage);
      }
    }

    /** A stage of its own for the activation of a layer if the kernels do not apply it. */
    private void addActivation(Call call) {
      sepal.activations.@Nullable Activation rest = Stages.restOf(call.layer);
      if (rest != null) {
        Stage last = stages.get(stages.size() - 1);
        last.outputs[0] = addValue(shapes.get(call.outputs[0]));
        makers.put(last.outputs[0], last);
        add(
            new FunctionStage(
                call.layer, rest, last.outputs, call.outputs, shapes.get(call.outputs[0]).rank()));
      }
    }

    private static int[] toArray(List<Integer> values) {
      int[] array = new int[values.size()];
      for (int i = 0; i < array.length; i++) {
        array[i] = values.get(i);
      }
      return array;
    }
  }
}
