package sepal.optimizers;

import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.config.Config;

/**
 * The arguments that all optimizers share.
 *
 * @param <S> the class itself, so that calls chain
 */
public abstract class OptimizerOptions<S extends OptimizerOptions<S>> {
  String name;
  double learningRate;
  @Nullable LearningRateSchedule schedule;
  @Nullable Double weightDecay;
  @Nullable Double clipnorm;
  @Nullable Double clipvalue;
  @Nullable Double globalClipnorm;
  boolean useEma;
  double emaMomentum = 0.99;
  @Nullable Integer emaOverwriteFrequency;
  @Nullable Double lossScaleFactor;
  @Nullable Integer gradientAccumulationSteps;

  /** Options with Keras' defaults. */
  protected OptimizerOptions(String name, double learningRate) {
    this.name = name;
    this.learningRate = learningRate;
  }

  /** These options, as their own class. */
  @SuppressWarnings("unchecked")
  protected final S self() {
    return (S) this;
  }

  /** The name of the optimizer. */
  public S name(String name) {
    this.name = name;
    return self();
  }

  /** The learning rate, the same at every step. */
  public S learningRate(double learningRate) {
    this.learningRate = learningRate;
    this.schedule = null;
    return self();
  }

  /** The learning rate, by the number of the step. */
  public S learningRate(LearningRateSchedule schedule) {
    this.schedule = schedule;
    return self();
  }

  /** Every step multiplies each weight by {@code 1 - weightDecay * learningRate}; null for none. */
  public S weightDecay(@Nullable Double weightDecay) {
    this.weightDecay = weightDecay;
    return self();
  }

  /** The greatest norm of the gradient of each weight; null for no limit. */
  public S clipnorm(@Nullable Double clipnorm) {
    this.clipnorm = clipnorm;
    return self();
  }

  /** The greatest magnitude of each element of a gradient; null for no limit. */
  public S clipvalue(@Nullable Double clipvalue) {
    this.clipvalue = clipvalue;
    return self();
  }

  /** The greatest norm of all gradients together; null for no limit. */
  public S globalClipnorm(@Nullable Double globalClipnorm) {
    this.globalClipnorm = globalClipnorm;
    return self();
  }

  /** Keeps a moving average of the weights, which replaces them when training ends. */
  public S useEma(double momentum, @Nullable Integer overwriteFrequency) {
    this.useEma = true;
    this.emaMomentum = momentum;
    this.emaOverwriteFrequency = overwriteFrequency;
    return self();
  }

  /**
   * Updates only every so many steps, with the mean of the gradients since; null for every step.
   */
  public S gradientAccumulationSteps(@Nullable Integer steps) {
    this.gradientAccumulationSteps = steps;
    return self();
  }

  /** Reads the shared arguments of a Keras configuration; {@code lr} is the old learning_rate. */
  public S read(Config c) {
    name = c.text("name", name);
    Object rate = c.get("learning_rate");
    Object old = c.get("lr");
    if (rate == null) {
      rate = old;
    }
    if (rate instanceof Number number) {
      learningRate = number.doubleValue();
    } else {
      schedule = Schedules.get(c.where(), rate);
    }
    double decay = c.number("decay", 0);
    if (decay != 0) {
      double initial = learningRate;
      schedule = new Schedules.InverseTimeDecay(initial, 1, decay, false);
    }
    weightDecay = c.number("weight_decay");
    clipnorm = c.number("clipnorm");
    clipvalue = c.number("clipvalue");
    globalClipnorm = c.number("global_clipnorm");
    useEma = c.flag("use_ema", false);
    emaMomentum = c.number("ema_momentum", 0.99);
    emaOverwriteFrequency = c.integer("ema_overwrite_frequency");
    lossScaleFactor = c.number("loss_scale_factor");
    gradientAccumulationSteps = c.integer("gradient_accumulation_steps");
    c.get("jit_compile");
    c.get("is_legacy_optimizer");
    return self();
  }

  void check(String where) {
    int clips =
        (clipnorm == null ? 0 : 1) + (clipvalue == null ? 0 : 1) + (globalClipnorm == null ? 0 : 1);
    if (clips > 1) {
      throw Problem.in(where, "gradients can be clipped in one way only")
          .got(
              "clipnorm="
                  + clipnorm
                  + ", clipvalue="
                  + clipvalue
                  + ", globalClipnorm="
                  + globalClipnorm)
          .expected("at most one of them")
          .asInvalidArgument();
    }
    positive(where, "clipnorm", clipnorm);
    positive(where, "clipvalue", clipvalue);
    positive(where, "globalClipnorm", globalClipnorm);
    if (schedule == null && !(learningRate >= 0)) {
      throw Problem.in(where, "the learning rate must not be negative")
          .got("learningRate=" + learningRate)
          .asInvalidArgument();
    }
    if (useEma && !(emaMomentum >= 0 && emaMomentum <= 1)) {
      throw Problem.in(where, "emaMomentum must lie between 0 and 1")
          .got("emaMomentum=" + emaMomentum)
          .asInvalidArgument();
    }
    if (gradientAccumulationSteps != null && gradientAccumulationSteps < 2) {
      throw Problem.in(where, "gradientAccumulationSteps must be at least 2")
          .got("gradientAccumulationSteps=" + gradientAccumulationSteps)
          .expected("2 or more, or null for an update at every step")
          .asInvalidArgument();
    }
  }

  private static void positive(String where, String argument, @Nullable Double value) {
    if (value != null && !(value > 0)) {
      throw Problem.in(where, argument + " must be positive")
          .got(argument + "=" + value)
          .asInvalidArgument();
    }
  }
}
