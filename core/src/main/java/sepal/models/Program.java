package sepal.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sepal.models.Stage.Frame;
import sepal.models.Stage.Home;
import sepal.models.Stage.Place;
import sepal.models.Stage.Run;
import sepal.models.Stage.Unplannable;
import sepal.shape.Shape;
import sepal.tensor.Tensor;

/**
 * A plan for inputs of certain sizes: every value has its place, and values that are never needed
 * at the same time share one.
 *
 * @param inputs the shapes of the inputs
 * @param arena how many floats one pass needs
 * @param outputs the shapes of the outputs
 * @param work multiply-adds, roughly
 */
record Program(Run[] runs, List<Shape> inputs, int arena, List<Shape> outputs, long work) {
  /** Values begin on lines of the cache. */
  private static final int LINE = 16;

  static Program of(Blueprint blueprint, List<Shape> inputs) {
    return new Layout(blueprint, inputs).program(List.copyOf(inputs));
  }

  /** Whether it is for these inputs, {@code samples} of them at once. */
  boolean fits(List<Tensor> given, int samples) {
    boolean fits = true;
    for (int i = 0; fits && i < inputs.size(); i++) {
      Shape own = inputs.get(i);
      Shape shape = given.get(i).shape();
      fits = own.rank() == shape.rank() && own.get(0) == samples;
      for (int axis = 1; fits && axis < own.rank(); axis++) {
        fits = own.get(axis) == shape.get(axis);
      }
    }
    return fits;
  }

  /**
   * @param prepared for each stage of the blueprint, what its weights come to
   */
  void run(Frame frame, @Nullable Object[] prepared) {
    for (int i = 0; i < runs.length; i++) {
      runs[i].run(frame, i < prepared.length ? prepared[i] : null); // copies come last
    }
  }

  private static final class Layout {
    private final Blueprint blueprint;
    private final List<Stage> stages;
    private final Shape[] shapes;
    private final int[] roots; // the value whose place a value has
    private final Place[] places; // of the roots
    private final int[] first; // the stage that makes a root
    private final int[] last; // the last stage that needs it
    private int arena;

    Layout(Blueprint blueprint, List<Shape> inputs) {
      this.blueprint = blueprint;
      this.stages = blueprint.stages();
      this.shapes = new Shape[blueprint.values()];
      this.roots = new int[shapes.length];
      for (int value = 0; value < roots.length; value++) {
        roots[value] = value;
      }
      this.places = new Place[shapes.length];
      this.first = new int[shapes.length];
      this.last = new int[shapes.length];
      for (int i = 0; i < inputs.size(); i++) {
        shapes[i] = inputs.get(i);
        places[i] = new Place(Home.INPUT, i, sampleSize(inputs.get(i)));
      }
    }

    private static int sampleSize(Shape shape) {
      return shape.slice(1, shape.rank()).size();
    }

    private List<Shape> shapesOf(int[] values) {
      List<Shape> picked = new ArrayList<>(values.length);
      for (int value : values) {
        picked.add(shapes[value]);
      }
      return List.copyOf(picked);
    }

    Program program(List<Shape> inputs) {
      long work = 0;
      for (Stage stage : stages) {
        List<Shape> from = shapesOf(stage.inputs);
        List<Shape> to = stage.outputShapes(from);
        for (int i = 0; i < stage.outputs.length; i++) {
          set(stage, stage.outputs[i], to.get(i));
        }
        if (stage.isRename()) {
          roots[stage.outputs[0]] = roots[stage.inputs[0]];
        }
        work += stage.work(from, to);
      }
      List<Run> copies = placeOutputs();
      findLifetimes();
      shareInPlace();
      fillArena();
      Run[] runs = new Run[stages.size() + copies.size()];
      for (int i = 0; i < stages.size(); i++) {
        Stage stage = stages.get(i);
        runs[i] =
            stage.bind(
                shapesOf(stage.inputs),
                shapesOf(stage.outputs),
                placesOf(stage.inputs),
                placesOf(stage.outputs));
      }
      for (int i = 0; i < copies.size(); i++) {
        runs[stages.size() + i] = copies.get(i);
      }
      return new Program(runs, inputs, arena, shapesOf(blueprint.outputs()), work);
    }

    private void set(Stage stage, int value, Shape shape) {
      if (!shape.isFullyKnown() || shape.size() == 0) {
        throw new Unplannable(stage.layer + " gives " + shape);
      }
      shapes[value] = shape;
    }

    private Place[] placesOf(int[] values) {
      Place[] picked = new Place[values.length];
      for (int i = 0; i < values.length; i++) {
        picked[i] = places[roots[values[i]]];
      }
      return picked;
    }

    /** Lets stages write outputs where they are wanted; what is an input, or twice, is copied. */
    private List<Run> placeOutputs() {
      List<Run> copies = new ArrayList<>();
      int[] outputs = blueprint.outputs();
      for (int i = 0; i < outputs.length; i++) {
        Shape shape = shapes[outputs[i]];
        Place place = new Place(Home.OUTPUT, i, sampleSize(shape));
        Place known = places[roots[outputs[i]]];
        if (known == null) {
          places[roots[outputs[i]]] = place;
        } else {
          copies.add(Stages.Limit.copy(known, place, sepal.kernels.Clamp.NONE, shape.size()));
        }
      }
      return copies;
    }

    private void findLifetimes() {
      Arrays.fill(first, -1);
      for (int i = 0; i < stages.size(); i++) {
        Stage stage = stages.get(i);
        for (int output : stage.outputs) {
          if (roots[output] == output) {
            first[output] = i;
            last[output] = i;
          }
        }
        for (int input : stage.inputs) {
          last[roots[input]] = i;
        }
      }
    }

    /** Lets outputs take the places of inputs that nobody needs afterwards. */
    private void shareInPlace() {
      int[] heirs = new int[roots.length]; // whose place a root takes, itself at first
      for (int value = 0; value < heirs.length; value++) {
        heirs[value] = value;
      }
      for (int i = 0; i < stages.size(); i++) {
        Stage stage = stages.get(i);
        int output = stage.outputs[0];
        if (stage.isRename() || places[output] != null) {
          continue;
        }
        for (int k : stage.replaceable()) {
          int root = heirs[roots[stage.inputs[k]]];
          boolean dies = places[root] == null && last[root] == i && isUsedOnce(stage, heirs, root);
          if (dies && shapes[root].size() == shapes[output].size()) {
            heirs[output] = root;
            last[root] = last[output];
            break;
          }
        }
      }
      for (int value = 0; value < roots.length; value++) {
        roots[value] = heirs[roots[value]];
      }
    }

    private boolean isUsedOnce(Stage stage, int[] heirs, int root) {
      return stage.inputs.length <= 2
          || Arrays.stream(stage.inputs).filter(input -> heirs[roots[input]] == root).count() == 1;
    }

    /** The greatest values first, each as low as those allow that live at the same time. */
    private void fillArena() {
      List<Integer> order = new ArrayList<>();
      for (int value = 0; value < roots.length; value++) {
        if (roots[value] == value && places[value] == null && first[value] >= 0) {
          order.add(value);
        }
      }
      order.sort((a, b) -> Integer.compare(shapes[b].size(), shapes[a].size()));
      List<Integer> placed = new ArrayList<>(); // by offset
      long end = 0;
      for (int value : order) {
        long offset = 0;
        for (int other : placed) {
          boolean together = first[other] <= last[value] && first[value] <= last[other];
          if (together && offset + room(value) > places[other].offset()) {
            offset = Math.max(offset, places[other].offset() + room(other));
          }
        }
        end = Math.max(end, offset + room(value));
        if (end > Integer.MAX_VALUE - LINE) {
          throw new Unplannable("more than an array can hold");
        }
        places[value] = new Place(Home.ARENA, 0, (int) offset);
        placed.add(value);
        placed.sort((a, b) -> Integer.compare(places[a].offset(), places[b].offset()));
      }
      arena = (int) end;
    }

    private long room(int value) {
      return ((long) shapes[value].size() + LINE - 1) / LINE * LINE;
    }
  }
}
