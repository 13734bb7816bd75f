package sepal.models;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import sepal.kernels.KernelChoice;
import sepal.kernels.Kernels;
import sepal.kernels.Parallel;
import sepal.layers.Weight;
import sepal.models.Stage.Frame;
import sepal.models.Stage.Unplannable;
import sepal.models.Stage.Values;
import sepal.shape.Shape;
import sepal.tensor.Tape;
import sepal.tensor.Tensor;

/**
 * How a model predicts: layers that belong together are computed as one, images go through the
 * model a few at a time so that what flows between layers stays in the cache, and working memory is
 * laid out once for each size of inputs and kept.
 *
 * <p>Safe to use from many threads at once. Where a plan is not possible, or a tape is open, {@link
 * #predict} declines and the layers are called one by one; system property {@code sepal.plan=off}
 * asks for that always.
 */
final class Plan {
  private static final String PROPERTY = "sepal.plan";

  /** Floats that flow between layers at once, so that they stay in the cache of one processor. */
  private static final int CACHED = 512 * 1024;

  private static final int MAX_GROUP = 64;

  /** Programs that are kept: models with images of any size might need ever more. */
  private static final int MAX_PROGRAMS = 64;

  private final @Nullable Blueprint blueprint;
  private final boolean samplewise;
  private final List<List<Weight>> weights = new ArrayList<>(); // of each stage
  private final ConcurrentLinkedDeque<SoftReference<float[]>> arenas =
      new ConcurrentLinkedDeque<>();
  private volatile Program[] programs = {};
  private volatile @Nullable Ready ready;
  private volatile boolean failed;

  /**
   * The weights at one moment, as the kernels want them.
   *
   * @param prepared for each stage; null if these weights cannot be used so
   */
  private record Ready(
      Kernels kernels, Tensor[][] values, @Nullable Object @Nullable [] prepared) {}

  private Plan(@Nullable Blueprint blueprint) {
    this.blueprint = blueprint;
    this.samplewise = blueprint != null && blueprint.isSamplewise();
    if (blueprint != null) {
      for (Stage stage : blueprint.stages()) {
        weights.add(List.copyOf(stage.weights()));
      }
    }
  }

  static Plan of(Functional model) {
    try {
      return new Plan(Blueprint.of(model));
    } catch (Unplannable e) {
      return new Plan(null);
    }
  }

  /** False once a model inside has got other layers. */
  boolean isCurrent() {
    return blueprint == null || blueprint.isCurrent();
  }

  /** Whether any number of samples may be computed at once without a change in the results. */
  boolean isSamplewise() {
    return samplewise;
  }

  /**
   * The outputs for inputs that suit the model, or null if the layers must be called one by one.
   *
   * @param count the number of samples
   * @param limit how many to compute at once at most
   */
  @Nullable List<Tensor> predict(List<Tensor> inputs, int count, int limit) {
    if (blueprint == null
        || failed
        || Tape.isOpen()
        || "off".equals(System.getProperty(PROPERTY))) {
      return null;
    }
    try {
      Ready now = ready(KernelChoice.kernels());
      return now.prepared == null
          ? null
          : new Pass(blueprint, now.kernels, now.prepared, inputs).run(count, limit);
    } catch (Unplannable e) {
      failed = true;
      return null;
    }
  }

  // ---- weights

  private Ready ready(Kernels kernels) {
    Ready known = ready;
    if (known != null && isUpToDate(known, kernels)) {
      return known;
    }
    synchronized (weights) {
      known = ready;
      if (known == null || !isUpToDate(known, kernels)) {
        known = prepare(kernels, known);
        ready = known;
      }
      return known;
    }
  }

  private boolean isUpToDate(Ready known, Kernels kernels) {
    boolean same = known.kernels == kernels;
    for (int i = 0; same && i < known.values.length; i++) {
      same = isUpToDate(i, known.values[i]);
    }
    return same;
  }

  private boolean isUpToDate(int stage, Tensor[] values) {
    List<Weight> own = weights.get(stage);
    for (int k = 0; k < values.length; k++) {
      if (own.get(k).value() != values[k]) {
        return false;
      }
    }
    return true;
  }

  private Ready prepare(Kernels kernels, @Nullable Ready before) {
    int count = weights.size();
    Tensor[][] values = new Tensor[count][];
    @Nullable Object[] prepared = new Object[count];
    boolean usable = true;
    for (int i = 0; i < count; i++) {
      values[i] = values(weights.get(i));
      try {
        prepared[i] = prepare(i, kernels, values[i], before);
      } catch (Unplannable e) {
        usable = false;
      }
    }
    return new Ready(kernels, values, usable ? prepared : null);
  }

  private static Tensor[] values(List<Weight> weights) {
    Tensor[] values = new Tensor[weights.size()];
    for (int k = 0; k < values.length; k++) {
      values[k] = weights.get(k).value();
    }
    return values;
  }

  /** Keeps what is still right. */
  private @Nullable Object prepare(
      int stage, Kernels kernels, Tensor[] values, @Nullable Ready before) {
    if (before != null && before.kernels == kernels && before.prepared != null) {
      boolean same = true;
      for (int k = 0; k < values.length; k++) {
        same &= before.values[stage][k] == values[k];
      }
      if (same) {
        return before.prepared[stage];
      }
    }
    return stages().get(stage).prepare(kernels, new Values(weights.get(stage), values));
  }

  private List<Stage> stages() {
    return blueprint == null ? List.of() : blueprint.stages();
  }

  // ---- programs and their memory

  private Program program(Blueprint blueprint, List<Tensor> inputs, int samples) {
    for (Program program : programs) {
      if (program.fits(inputs, samples)) {
        return program;
      }
    }
    List<Shape> shapes = new ArrayList<>(inputs.size());
    for (Tensor input : inputs) {
      shapes.add(input.shape().with(0, samples));
    }
    Program program = Program.of(blueprint, shapes);
    keep(program);
    return program;
  }

  private synchronized void keep(Program program) {
    Program[] known = programs.length < MAX_PROGRAMS ? programs : new Program[0];
    Program[] more = Arrays.copyOf(known, known.length + 1);
    more[known.length] = program;
    programs = more;
  }

  int programCount() {
    return programs.length;
  }

  /** One call of {@link #predict}. */
  private final class Pass {
    private final Blueprint blueprint;
    private final Kernels kernels;
    private final @Nullable Object[] prepared;
    private final List<Tensor> inputs;

    Pass(Blueprint blueprint, Kernels kernels, @Nullable Object[] prepared, List<Tensor> inputs) {
      this.blueprint = blueprint;
      this.kernels = kernels;
      this.prepared = prepared;
      this.inputs = inputs;
    }

    private Program program(int samples) {
      return Plan.this.program(blueprint, inputs, samples);
    }

    @Nullable List<Tensor> run(int count, int limit) {
      Program one;
      try {
        one = program(samplewise ? 1 : count);
      } catch (IllegalArgumentException | IllegalStateException | Unplannable e) {
        return null; // the layers will say it better
      }
      List<Shape> shapes = one.outputs();
      float[][] outputs = new float[shapes.size()][];
      List<Tensor> results = new ArrayList<>(outputs.length);
      for (int i = 0; i < outputs.length; i++) {
        Shape shape = samplewise ? shapes.get(i).with(0, count) : shapes.get(i);
        outputs[i] = new float[shape.size()];
        results.add(Tensor.wrap(outputs[i], shape));
      }
      if (samplewise) {
        int group = Math.min(MAX_GROUP, Math.max(1, CACHED / Math.max(1, one.arena())));
        inGroups(count, Math.min(limit, group), count * one.work(), outputs);
      } else {
        once(one, 0, outputs);
      }
      return results;
    }

    /** Whole groups on every thread; what does not go round is shared inside the kernels. */
    private void inGroups(int count, int group, long work, float[][] outputs) {
      int threads = Parallel.threads();
      int shared = threads == 1 ? 0 : count - count % threads;
      if (shared > 0) {
        int rounds = (shared / threads + group - 1) / group;
        int tasks = rounds * threads;
        Parallel.run(tasks, work, task -> part(0, shared, task, tasks, outputs));
      }
      int rest = count - shared;
      int parts = (rest + group - 1) / group;
      for (int i = 0; i < parts; i++) {
        part(shared, rest, i, parts, outputs);
      }
    }

    private void part(int first, int count, int index, int parts, float[][] outputs) {
      int from = (int) ((long) count * index / parts);
      int to = (int) ((long) count * (index + 1) / parts);
      once(program(to - from), first + from, outputs);
    }

    private void once(Program program, int firstSample, float[][] outputs) {
      SoftReference<float[]> held = arenas.poll();
      float[] arena = held == null ? null : held.get();
      if (held == null || arena == null || arena.length < program.arena()) {
        arena = new float[program.arena()];
        held = new SoftReference<>(arena);
      }
      try {
        program.run(new Frame(kernels, arena, inputs, outputs, firstSample), prepared);
      } finally {
        arenas.push(held);
      }
    }
  }
}
