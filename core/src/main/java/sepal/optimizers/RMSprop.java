package sepal.optimizers;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.config.Config;

/**
 * Steps scaled by a running root mean square of the gradient.
 *
 * @see "Keras 3.16, keras.optimizers.RMSprop"
 */
public final class RMSprop extends Optimizer {
  private final double rho;
  private final double momentum;
  private final double epsilon;
  private final boolean centered;

  /** With Keras' defaults. */
  public RMSprop() {
    this(options -> {});
  }

  /** With this learning rate, and Keras' defaults for the rest. */
  public RMSprop(double learningRate) {
    this(options -> options.learningRate(learningRate));
  }

  /** With the arguments that the lambda sets, and Keras' defaults for the others. */
  public RMSprop(Consumer<Options> options) {
    this(Options.of(options));
  }

  private RMSprop(Options options) {
    super(options, slotGroups(options));
    this.rho = options.rho;
    this.momentum = options.momentum;
    this.epsilon = options.epsilon;
    this.centered = options.centered;
  }

  /** The arguments, with Keras' defaults. */
  public static final class Options extends OptimizerOptions<Options> {
    double rho = 0.9;
    double momentum = 0;
    double epsilon = 1e-7;
    boolean centered = false;

    private Options() {
      super("rm_sprop", 0.001);
    }

    private static Options of(Consumer<Options> set) {
      Options options = new Options();
      set.accept(options);
      return options;
    }

    /** How slowly the mean square forgets. */
    public Options rho(double rho) {
      this.rho = rho;
      return this;
    }

    /** How much of the last change is kept; 0 for none. */
    public Options momentum(double momentum) {
      this.momentum = momentum;
      return this;
    }

    /** Keeps divisions away from zero. */
    public Options epsilon(double epsilon) {
      this.epsilon = epsilon;
      return this;
    }

    /** Whether to scale by the variance instead of the mean square. */
    public Options centered(boolean centered) {
      this.centered = centered;
      return this;
    }
  }

  static RMSprop read(Config config) {
    Options o = new Options().read(config);
    o.rho = config.number("rho", o.rho);
    o.momentum = config.number("momentum", o.momentum);
    o.epsilon = config.number("epsilon", o.epsilon);
    o.centered = config.flag("centered", o.centered);
    return new RMSprop(o);
  }

  private static List<List<String>> slotGroups(Options options) {
    List<List<String>> groups = new ArrayList<>(List.of(List.of("velocity")));
    if (options.momentum > 0) {
      groups.add(List.of("momentum"));
    }
    if (options.centered) {
      groups.add(List.of("average_gradient"));
    }
    return groups;
  }

  @Override
  protected void update(
      double[] weight, double[] gradient, double[][] slots, double rate, long step) {
    double[] square = slots[0];
    double[] velocity = momentum > 0 ? slots[1] : null;
    double[] mean = centered ? slots[slots.length - 1] : null;
    for (int i = 0; i < weight.length; i++) {
      double g = gradient[i];
      square[i] = rho * square[i] + (1 - rho) * g * g;
      double scale = square[i] + epsilon;
      if (mean != null) {
        mean[i] = rho * mean[i] + (1 - rho) * g;
        scale -= mean[i] * mean[i];
      }
      double change = rate * g / Math.sqrt(scale);
      if (velocity != null) {
        velocity[i] = momentum * velocity[i] + change;
        change = velocity[i];
      }
      weight[i] -= change;
    }
  }

  @Override
  public Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = super.getConfig();
    config.put("rho", rho);
    config.put("momentum", momentum);
    config.put("epsilon", epsilon);
    config.put("centered", centered);
    return config;
  }
}
