package sepal.optimizers;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.config.Registry;

/** Keras' learning-rate schedules. */
public final class Schedules {
  private static final Registry<LearningRateSchedule> REGISTRY =
      new Registry<>("learning-rate schedule", LearningRateSchedule.class)
          .register("ExponentialDecay", ExponentialDecay::read)
          .register("InverseTimeDecay", InverseTimeDecay::read)
          .register("PiecewiseConstantDecay", PiecewiseConstantDecay::read)
          .register("PolynomialDecay", PolynomialDecay::read)
          .register("CosineDecay", CosineDecay::read)
          .register("CosineDecayRestarts", CosineDecayRestarts::read);

  private Schedules() {}

  /** A schedule, or null, from an object or a Keras configuration. */
  public static @Nullable LearningRateSchedule get(String where, @Nullable Object identifier) {
    return REGISTRY.get(where, identifier);
  }

  /** Makes a user's schedule known, so that files that contain it can be read. */
  public static void register(
      String className, Function<Config, ? extends LearningRateSchedule> factory) {
    REGISTRY.register(className, factory);
  }

  /** What the built-in schedules share. */
  private interface BuiltIn extends LearningRateSchedule {
    @Override
    default String module() {
      return "keras.optimizers.schedules";
    }
  }

  /**
   * {@code rate * decayRate ^ (step / decaySteps)}; with staircase the quotient is rounded down.
   */
  public record ExponentialDecay(
      double initialLearningRate, double decaySteps, double decayRate, boolean staircase)
      implements BuiltIn {

    static ExponentialDecay read(Config c) {
      c.get("name");
      return new ExponentialDecay(
          required(c, "initial_learning_rate"),
          required(c, "decay_steps"),
          required(c, "decay_rate"),
          c.flag("staircase", false));
    }

    @Override
    public double apply(long step) {
      return initialLearningRate * Math.pow(decayRate, quotient(step, decaySteps, staircase));
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "initial_learning_rate", initialLearningRate,
          "decay_steps", whole(decaySteps),
          "decay_rate", decayRate,
          "staircase", staircase,
          "name", "ExponentialDecay");
    }
  }

  /** {@code rate / (1 + decayRate * step / decaySteps)}. */
  public record InverseTimeDecay(
      double initialLearningRate, double decaySteps, double decayRate, boolean staircase)
      implements BuiltIn {

    static InverseTimeDecay read(Config c) {
      c.get("name");
      return new InverseTimeDecay(
          required(c, "initial_learning_rate"),
          required(c, "decay_steps"),
          required(c, "decay_rate"),
          c.flag("staircase", false));
    }

    @Override
    public double apply(long step) {
      return initialLearningRate / (1 + decayRate * quotient(step, decaySteps, staircase));
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "initial_learning_rate", initialLearningRate,
          "decay_steps", whole(decaySteps),
          "decay_rate", decayRate,
          "staircase", staircase,
          "name", "InverseTimeDecay");
    }
  }

  /** {@code values[i]} for steps up to and including {@code boundaries[i]}, then the last value. */
  public record PiecewiseConstantDecay(List<Double> boundaries, List<Double> values)
      implements BuiltIn {

    /**
     * @throws IllegalArgumentException unless there is one value more than boundaries
     */
    public PiecewiseConstantDecay {
      boundaries = List.copyOf(boundaries);
      values = List.copyOf(values);
      if (values.size() != boundaries.size() + 1) {
        throw Problem.in("PiecewiseConstantDecay", "there must be one value more than boundaries")
            .got(values.size() + " values, " + boundaries.size() + " boundaries")
            .expected(boundaries.size() + 1 + " values")
            .asInvalidArgument();
      }
    }

    static PiecewiseConstantDecay read(Config c) {
      c.get("name");
      return new PiecewiseConstantDecay(numbers(c, "boundaries"), numbers(c, "values"));
    }

    @Override
    public double apply(long step) {
      int i = 0;
      while (i < boundaries.size() && step > boundaries.get(i)) {
        i++;
      }
      return values.get(i);
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "boundaries",
          boundaries.stream().map(Schedules::whole).toList(),
          "values",
          values,
          "name",
          "PiecewiseConstant");
    }
  }

  /** From the initial to the end rate along {@code (1 - step / decaySteps) ^ power}. */
  public record PolynomialDecay(
      double initialLearningRate,
      double decaySteps,
      double endLearningRate,
      double power,
      boolean cycle)
      implements BuiltIn {

    static PolynomialDecay read(Config c) {
      c.get("name");
      return new PolynomialDecay(
          required(c, "initial_learning_rate"),
          required(c, "decay_steps"),
          c.number("end_learning_rate", 1e-4),
          c.number("power", 1),
          c.flag("cycle", false));
    }

    @Override
    public double apply(long step) {
      double total = cycle ? decaySteps * Math.max(1, Math.ceil(step / decaySteps)) : decaySteps;
      double progress = Math.min(step, total) / total;
      return (initialLearningRate - endLearningRate) * Math.pow(1 - progress, power)
          + endLearningRate;
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "initial_learning_rate", initialLearningRate,
          "decay_steps", whole(decaySteps),
          "end_learning_rate", endLearningRate,
          "power", power,
          "cycle", cycle,
          "name", "PolynomialDecay");
    }
  }

  /**
   * A half cosine from the initial rate to {@code alpha} times it, after an optional linear warm-up
   * to {@code warmupTarget}.
   */
  public record CosineDecay(
      double initialLearningRate,
      double decaySteps,
      double alpha,
      @Nullable Double warmupTarget,
      double warmupSteps)
      implements BuiltIn {

    /** Down to 0, without warm-up. */
    public CosineDecay(double initialLearningRate, double decaySteps) {
      this(initialLearningRate, decaySteps, 0, null, 0);
    }

    static CosineDecay read(Config c) {
      c.get("name");
      return new CosineDecay(
          required(c, "initial_learning_rate"),
          required(c, "decay_steps"),
          c.number("alpha", 0),
          c.number("warmup_target"),
          c.number("warmup_steps", 0));
    }

    @Override
    public double apply(long step) {
      if (warmupTarget == null) {
        return cosine(initialLearningRate, step);
      }
      if (step < warmupSteps) {
        return initialLearningRate + (warmupTarget - initialLearningRate) * step / warmupSteps;
      }
      return cosine(warmupTarget, step - warmupSteps);
    }

    private double cosine(double from, double step) {
      double wave = 0.5 * (1 + Math.cos(Math.PI * Math.min(step, decaySteps) / decaySteps));
      return from * ((1 - alpha) * wave + alpha);
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "initial_learning_rate",
          initialLearningRate,
          "decay_steps",
          whole(decaySteps),
          "alpha",
          alpha,
          "name",
          "CosineDecay",
          "warmup_target",
          warmupTarget,
          "warmup_steps",
          whole(warmupSteps));
    }
  }

  /** Half cosines, each {@code tMul} times longer and {@code mMul} times higher than the last. */
  public record CosineDecayRestarts(
      double initialLearningRate, double firstDecaySteps, double tMul, double mMul, double alpha)
      implements BuiltIn {

    static CosineDecayRestarts read(Config c) {
      c.get("name");
      return new CosineDecayRestarts(
          required(c, "initial_learning_rate"),
          required(c, "first_decay_steps"),
          c.number("t_mul", 2),
          c.number("m_mul", 1),
          c.number("alpha", 0));
    }

    @Override
    public double apply(long step) {
      double progress = step / firstDecaySteps;
      double restarts;
      if (tMul == 1) {
        restarts = Math.floor(progress);
        progress -= restarts;
      } else {
        restarts = Math.floor(Math.log(1 - progress * (1 - tMul)) / Math.log(tMul));
        double done = (1 - Math.pow(tMul, restarts)) / (1 - tMul);
        progress = (progress - done) / Math.pow(tMul, restarts);
      }
      double wave = 0.5 * Math.pow(mMul, restarts) * (1 + Math.cos(Math.PI * progress));
      return initialLearningRate * ((1 - alpha) * wave + alpha);
    }

    @Override
    public Map<String, @Nullable Object> getConfig() {
      return map(
          "initial_learning_rate", initialLearningRate,
          "first_decay_steps", whole(firstDecaySteps),
          "t_mul", tMul,
          "m_mul", mMul,
          "alpha", alpha,
          "name", "SGDRDecay");
    }
  }

  private static double quotient(long step, double steps, boolean staircase) {
    return staircase ? Math.floor(step / steps) : step / steps;
  }

  private static double required(Config c, String key) {
    Object value = c.get(key);
    return Config.asNumber(c.where(), key, value == null ? "missing" : value).doubleValue();
  }

  private static List<Double> numbers(Config c, String key) {
    if (c.get(key) instanceof List<?> list) {
      return list.stream()
          .map(item -> Config.asNumber(c.where(), key, item == null ? "null" : item).doubleValue())
          .toList();
    }
    throw Config.wrong(c.where(), key, c.get(key), "a list of numbers");
  }

  /** A number as Keras writes it: whole ones without a fraction. */
  private static Object whole(double value) {
    return value == Math.rint(value) ? (Object) (long) value : (Object) value;
  }

  private static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }
}
