package sepal.optimizers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Configurable;
import sepal.layers.Weight;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

/**
 * Changes weights along their gradients: Keras' {@code Optimizer}.
 *
 * <p>One {@link #apply} is: average accumulated gradients, clip, decay the weights, update, follow
 * the moving averages, apply the constraints, count. To write one, extend this class and override
 * {@link #update}.
 *
 * @see "Keras 3.16, keras.optimizers.Optimizer"
 */
public abstract class Optimizer implements Configurable {
  private final OptimizerOptions<?> options;
  private final List<List<String>> slotGroups;
  private long iterations;
  private double learningRate;
  private List<Weight> weights = List.of();
  private Tensor[] averages = {};
  private Tensor[] accumulated = {};
  private boolean swapped;

  /** The values of slot s of weight w, one array for each. */
  private Tensor[][] slots = {};

  /**
   * @param options the common arguments
   * @param slotGroups names of what is remembered for each weight; a group is stored weight by
   *     weight, one group after the other
   */
  protected Optimizer(OptimizerOptions<?> options, List<List<String>> slotGroups) {
    options.check(className());
    this.options = options;
    this.slotGroups = slotGroups;
    this.learningRate = options.schedule == null ? (float) options.learningRate : 0;
  }

  @Override
  public @Nullable String module() {
    return getClass().getPackageName().startsWith("sepal.") ? "keras.optimizers" : null;
  }

  /** Optimizer's name. */
  public final String name() {
    return options.name;
  }

  /** The number of calls of {@link #apply}, or of updates if gradients are accumulated. */
  public final long iterations() {
    Integer steps = options.gradientAccumulationSteps;
    return steps == null ? iterations : iterations / steps;
  }

  /** The rate of the next update. */
  public final double learningRate() {
    return options.schedule == null ? learningRate : (float) options.schedule.apply(iterations());
  }

  /**
   * Changes the rate from now on.
   *
   * @throws IllegalStateException if a schedule rules it
   */
  public final void setLearningRate(double rate) {
    if (options.schedule != null) {
      throw Problem.in(className(), "a schedule rules the learning rate")
          .got("learningRate=" + rate)
          .fix("make the optimizer with a number instead")
          .asIllegalState();
    }
    learningRate = (float) rate;
  }

  /**
   * Makes the variables for these weights; without effect if they were made for the same ones.
   *
   * @throws IllegalStateException if they were made for others
   */
  public final void build(List<Weight> trainable) {
    if (weights.equals(trainable)) {
      return;
    }
    if (!weights.isEmpty()) {
      throw Problem.in(className(), "the optimizer remembers other weights")
          .got(trainable.size() + " weights")
          .expected("the " + weights.size() + " weights of the first call")
          .fix("compile the model again with a new optimizer")
          .asIllegalState();
    }
    weights = List.copyOf(trainable);
    averages = options.useEma ? zerosLikeWeights(0) : new Tensor[0];
    accumulated = options.gradientAccumulationSteps == null ? new Tensor[0] : zerosLikeWeights(0);
    slots = new Tensor[slotNames().size()][];
    for (int s = 0; s < slots.length; s++) {
      slots[s] = zerosLikeWeights(initialSlotValue(slotNames().get(s)));
    }
  }

  /** Whether the variables have been made: by the first step, or from a file. */
  public final boolean isBuilt() {
    return !weights.isEmpty();
  }

  private Tensor[] zerosLikeWeights(double value) {
    return weights.stream()
        .map(w -> Tensor.full(w.dtype(), w.shape(), value))
        .toArray(Tensor[]::new);
  }

  /** How many arrays of its shape are remembered for each weight. */
  public final int arraysPerWeight() {
    int averaging = (options.useEma ? 1 : 0) + (options.gradientAccumulationSteps == null ? 0 : 1);
    return averaging + slotNames().size();
  }

  /** The first value of a slot; 0 unless overridden. */
  protected double initialSlotValue(String slot) {
    return 0;
  }

  private List<String> slotNames() {
    return slotGroups.stream().flatMap(List::stream).toList();
  }

  /**
   * Changes the weights by one step.
   *
   * @param gradients one for each weight, of its shape; null leaves that weight alone
   * @param trainable the same weights at every call
   * @throws IllegalArgumentException if there is not one gradient for each weight, or all are null
   */
  public final void apply(List<@Nullable Tensor> gradients, List<Weight> trainable) {
    if (gradients.size() != trainable.size()) {
      throw Problem.in(className(), "there must be one gradient for each weight")
          .got(gradients.size() + " gradients, " + trainable.size() + " weights")
          .asInvalidArgument();
    }
    if (!trainable.isEmpty() && gradients.stream().allMatch(g -> g == null)) {
      throw Problem.in(className(), "no weight has a gradient")
          .got(trainable.stream().map(Weight::path).toList())
          .fix("let the loss depend on the weights, with operations that record their gradients")
          .asInvalidArgument();
    }
    build(trainable);
    double[][] g = new double[gradients.size()][];
    for (int w = 0; w < g.length; w++) {
      Tensor gradient = gradients.get(w);
      g[w] = gradient == null ? null : gradient.toDoubleArray();
    }
    Integer steps = options.gradientAccumulationSteps;
    if (steps == null) {
      step(g);
    } else if ((iterations + 1) % steps == 0) {
      step(averaged(g, steps));
      accumulated = zerosLikeWeights(0);
    } else {
      accumulate(g);
    }
    for (Weight weight : weights) {
      if (weight.constraint() != null) {
        weight.assign(weight.constraint().apply(weight.value()));
      }
    }
    iterations++;
  }

  private void accumulate(double[][] g) {
    for (int w = 0; w < g.length; w++) {
      if (g[w] != null) {
        double[] sum = accumulated[w].toDoubleArray();
        for (int i = 0; i < sum.length; i++) {
          sum[i] += g[w][i];
        }
        accumulated[w] = tensor(sum, weights.get(w));
      }
    }
  }

  private double[][] averaged(double[][] g, int steps) {
    accumulate(g);
    double[][] mean = new double[g.length][];
    for (int w = 0; w < g.length; w++) {
      if (g[w] != null) {
        mean[w] = accumulated[w].toDoubleArray();
        for (int i = 0; i < mean[w].length; i++) {
          mean[w][i] /= steps;
        }
      }
    }
    return mean;
  }

  private void step(double[][] g) {
    clip(g);
    double rate = learningRate();
    startStep(iterations() + 1);
    for (int w = 0; w < g.length; w++) {
      if (g[w] != null) {
        updateWeight(w, g[w], rate);
      }
    }
    if (options.useEma) {
      followAverages();
    }
  }

  private void updateWeight(int w, double[] g, double rate) {
    Weight weight = weights.get(w);
    double[] value = weight.value().toDoubleArray();
    if (options.weightDecay != null) {
      for (int i = 0; i < value.length; i++) {
        value[i] -= value[i] * options.weightDecay * rate;
      }
    }
    double[][] memory = new double[slots.length][];
    for (int s = 0; s < slots.length; s++) {
      memory[s] = slots[s][w].toDoubleArray();
    }
    update(value, g, memory, rate, iterations() + 1);
    for (int s = 0; s < slots.length; s++) {
      slots[s][w] = tensor(memory[s], weight);
    }
    weight.assign(tensor(value, weight));
  }

  private static Tensor tensor(double[] values, Weight like) {
    return Tensor.wrap(values, like.shape()).cast(like.dtype());
  }

  private void clip(double[][] g) {
    if (options.clipnorm != null) {
      for (double[] gradient : g) {
        if (gradient != null) {
          double norm = Math.sqrt(squares(gradient));
          scale(gradient, options.clipnorm / Math.max(norm, options.clipnorm));
        }
      }
    } else if (options.globalClipnorm != null) {
      double sum = 0;
      for (double[] gradient : g) {
        sum += gradient == null ? 0 : squares(gradient);
      }
      double limit = options.globalClipnorm;
      double factor = limit * Math.min(1 / Math.sqrt(sum), 1 / limit);
      for (double[] gradient : g) {
        if (gradient != null) {
          scale(gradient, sum == 0 ? 1 : factor);
        }
      }
    } else if (options.clipvalue != null) {
      for (double[] gradient : g) {
        for (int i = 0; gradient != null && i < gradient.length; i++) {
          gradient[i] = Math.max(-options.clipvalue, Math.min(options.clipvalue, gradient[i]));
        }
      }
    }
  }

  private static double squares(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return sum;
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  private void followAverages() {
    double momentum = iterations() == 0 ? 0 : options.emaMomentum;
    Integer overwrite = options.emaOverwriteFrequency;
    for (int w = 0; w < averages.length; w++) {
      Weight weight = weights.get(w);
      double[] average = averages[w].toDoubleArray();
      double[] value = weight.value().toDoubleArray();
      for (int i = 0; i < average.length; i++) {
        average[i] = momentum * average[i] + (1 - momentum) * value[i];
      }
      averages[w] = tensor(average, weight);
      if (overwrite != null && (iterations() + 1) % overwrite == 0) {
        weight.assign(averages[w]);
      }
    }
  }

  /** At the end of training: with moving averages, the weights become their averages. */
  public final void finalizeWeights() {
    if (options.useEma && iterations() > 0) {
      for (int w = 0; w < averages.length; w++) {
        if (swapped) {
          averages[w] = weights.get(w).value();
        } else {
          weights.get(w).assign(averages[w]);
        }
      }
      swapped = false;
    }
  }

  /**
   * Exchanges the weights for their moving averages; the second call gives them back. Without
   * effect before the first update.
   *
   * @throws IllegalStateException if the optimizer has no moving averages
   */
  public final void swapAverages() {
    if (!options.useEma) {
      throw Problem.in(className(), "the optimizer follows no moving averages")
          .got("useEma=false")
          .fix("make the optimizer with useEma(0.99, null)")
          .asIllegalState();
    }
    if (iterations() > 0) {
      for (int w = 0; w < averages.length; w++) {
        Tensor value = weights.get(w).value();
        weights.get(w).assign(averages[w]);
        averages[w] = value;
      }
      swapped = !swapped;
    }
  }

  /** Called once before the weights of a step are updated. */
  protected void startStep(long step) {}

  /**
   * Updates one weight in place.
   *
   * @param weight its values
   * @param gradient the clipped gradient
   * @param slots what is remembered of it, to be updated too
   * @param rate the learning rate
   * @param step 1 for the first update
   */
  protected abstract void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step);

  /**
   * The state that files keep, in Keras' order: iteration, learning rate (without a schedule),
   * moving averages, accumulated gradients, slots.
   */
  public List<Tensor> variables() {
    return commonVariables();
  }

  private List<Tensor> commonVariables() {
    List<Tensor> all = new ArrayList<>();
    all.add(Tensor.wrap(new int[] {(int) iterations}, Shape.of()));
    if (options.schedule == null) {
      all.add(Tensor.scalar((float) learningRate));
    }
    all.addAll(List.of(averages));
    all.addAll(List.of(accumulated));
    int first = 0;
    for (List<String> group : slotGroups) {
      for (int w = 0; w < weights.size(); w++) {
        for (int s = first; s < first + group.size(); s++) {
          all.add(slots[s][w]);
        }
      }
      first += group.size();
    }
    return all;
  }

  /**
   * The names that Keras gives {@link #variables}.
   *
   * @param path what a file calls a weight, for example {@code sequential/dense/kernel}
   */
  public List<String> variableNames(Function<Weight, String> path) {
    List<String> names = new ArrayList<>();
    names.add("iteration");
    if (options.schedule == null) {
      names.add("learning_rate");
    }
    List<String> prefixes =
        weights.stream().map(weight -> path.apply(weight).replace('/', '_') + "_").toList();
    if (averages.length > 0) {
      prefixes.forEach(prefix -> names.add(prefix + "average"));
    }
    if (accumulated.length > 0) {
      prefixes.forEach(prefix -> names.add(prefix + "gradient_accumulator"));
    }
    for (List<String> group : slotGroups) {
      prefixes.forEach(prefix -> group.forEach(slot -> names.add(prefix + slot)));
    }
    return names;
  }

  /**
   * Restores {@link #variables}; all or none.
   *
   * @param trainable the weights that the state belongs to
   * @throws IllegalArgumentException if number or shapes differ
   */
  public void setVariables(List<Tensor> values, List<Weight> trainable) {
    build(trainable);
    List<Tensor> now = commonVariables();
    if (values.size() != now.size()) {
      throw Problem.in(className(), "wrong number of optimizer variables")
          .got(values.size())
          .expected(Integer.toString(now.size()))
          .asInvalidArgument();
    }
    for (int i = 0; i < now.size(); i++) {
      if (values.get(i).size() != now.get(i).size()) {
        throw Problem.in(className(), "wrong shape of optimizer variable " + i)
            .got(values.get(i).shape())
            .expected(now.get(i).shape().toString())
            .asInvalidArgument();
      }
    }
    int next = 0;
    iterations = (long) values.get(next++).get(0);
    if (options.schedule == null) {
      learningRate = values.get(next++).get(0);
    }
    for (Tensor[] list : List.of(averages, accumulated)) {
      for (int w = 0; w < list.length; w++) {
        list[w] = like(values.get(next++), list[w]);
      }
    }
    int first = 0;
    for (List<String> group : slotGroups) {
      for (int w = 0; w < weights.size(); w++) {
        for (int s = first; s < first + group.size(); s++) {
          slots[s][w] = like(values.get(next++), slots[s][w]);
        }
      }
      first += group.size();
    }
  }

  private static Tensor like(Tensor value, Tensor model) {
    return value.cast(model.dtype()).reshape(model.shape());
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    config.put("name", options.name);
    config.put(
        "learning_rate",
        options.schedule == null ? (Object) learningRate : options.schedule.serialize());
    config.put("weight_decay", options.weightDecay);
    config.put("clipnorm", options.clipnorm);
    config.put("global_clipnorm", options.globalClipnorm);
    config.put("clipvalue", options.clipvalue);
    config.put("use_ema", options.useEma);
    config.put("ema_momentum", options.emaMomentum);
    config.put("ema_overwrite_frequency", options.emaOverwriteFrequency);
    config.put("loss_scale_factor", options.lossScaleFactor);
    config.put("gradient_accumulation_steps", options.gradientAccumulationSteps);
    return config;
  }

  /** A scalar of this dtype, for state that belongs to no weight. */
  static Tensor scalar(double value) {
    return Tensor.full(DType.FLOAT32, Shape.of(), value);
  }
}
