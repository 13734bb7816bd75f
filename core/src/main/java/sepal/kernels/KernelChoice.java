package sepal.kernels;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import sepal.check.Check;
import sepal.check.Problem;

/**
 * Chooses the kernels once for the process, and logs which and why. System property {@code
 * sepal.kernels}, {@code scalar} or {@code vector}, forces one.
 */
public final class KernelChoice {
  private static final String PROPERTY = "sepal.kernels";
  private static final String MODULE = "jdk.incubator.vector";
  private static final String FLAG = "--add-modules " + MODULE;

  private static final String LOGGER = KernelChoice.class.getName();

  private static volatile @Nullable Kernels chosen;

  private KernelChoice() {}

  /**
   * The kernels of this process.
   *
   * @throws IllegalArgumentException if system property {@code sepal.kernels} is neither {@code
   *     scalar} nor {@code vector}, or asks for vectors where the vector module is missing
   */
  public static Kernels kernels() {
    Kernels kernels = chosen;
    return kernels != null ? kernels : chooseOnce();
  }

  /** The plain kernels, which run everywhere. */
  public static Kernels scalar() {
    return ScalarKernels.INSTANCE;
  }

  /** The vector kernels, empty where the vector module is missing. */
  public static Optional<Kernels> vector() {
    return isModulePresent() ? Optional.of(Vector.kernels()) : Optional.empty();
  }

  /**
   * Ends the time in which a young process computes with plain loops until the vector kernels are
   * compiled, for measuring what a process reaches in the long run. Results are the same bits.
   */
  public static void skipFirstCalls() {
    if (kernels() instanceof WarmingKernels warming) {
      warming.skip();
    }
  }

  /** Lets all calls from now on use these kernels; for comparing kernels, not for choosing them. */
  public static void use(Kernels kernels) {
    chosen = kernels;
  }

  static boolean isModulePresent() {
    return ModuleLayer.boot().findModule(MODULE).isPresent();
  }

  private static synchronized Kernels chooseOnce() {
    Kernels kernels = chosen;
    if (kernels == null) {
      kernels =
          choose(System.getProperty(PROPERTY), isModulePresent(), () -> System.getLogger(LOGGER));
      chosen = kernels;
    }
    return kernels;
  }

  static Kernels choose(
      @Nullable String forced, boolean modulePresent, Supplier<System.Logger> logger) {
    if (forced != null) {
      return log(logger, forced(forced, modulePresent), "forced by " + PROPERTY);
    }
    if (!modulePresent) {
      logger
          .get()
          .log(
              System.Logger.Level.WARNING,
              "kernels: scalar, several times slower than vectors; start Java with " + FLAG);
      return scalar();
    }
    String obstacle = Vector.obstacle();
    return obstacle == null
        ? new WarmingKernels(() -> chooseVectors(logger))
        : log(logger, scalar(), obstacle);
  }

  private static Kernels chooseVectors(Supplier<System.Logger> logger) {
    int bits = VectorKernels.bits();
    return bits < 128
        ? log(logger, scalar(), "vectors have only " + bits + " bits")
        : log(logger, Vector.kernels(), "module " + MODULE + " is present");
  }

  private static Kernels forced(String name, boolean modulePresent) {
    switch (name) {
      case "scalar":
        return scalar();
      case "vector":
        if (!modulePresent) {
          throw Problem.in("system property " + PROPERTY, "the vector module is missing")
              .got(PROPERTY + "=vector")
              .expected("a Java process with module " + MODULE)
              .fix("start Java with " + FLAG + ", or leave out the property")
              .asInvalidArgument();
        }
        return Vector.kernels();
      default:
        throw Problem.in("system property " + PROPERTY, "unknown kernels")
            .got(PROPERTY + "=" + name + Check.didYouMean(name, List.of("scalar", "vector")))
            .expected("scalar or vector")
            .asInvalidArgument();
    }
  }

  private static Kernels log(Supplier<System.Logger> logger, Kernels kernels, String reason) {
    logger
        .get()
        .log(System.Logger.Level.INFO, "kernels: " + kernels.description() + " (" + reason + ")");
    return kernels;
  }

  /** Loaded only where the vector module is present. */
  static final class Vector {

    static Kernels kernels() {
      return VectorKernels.INSTANCE;
    }

    /** Why vectors would be slow here, or null. */
    static @Nullable String obstacle() {
      String mode = System.getProperty("java.vm.info", "");
      if (mode.contains("interpreted") || mode.contains("emulated-client")) {
        return "vectors need the optimizing compiler, and Java runs in " + mode;
      }
      return isFmaFast() ? null : "no fused multiply-add in hardware";
    }

    /**
     * Without the hardware instruction, {@link Math#fma} computes in decimals of any length: about
     * a thousand times slower, so the shortest of three short runs tells them apart safely.
     */
    private static boolean isFmaFast() {
      long shortest = Long.MAX_VALUE;
      float sum = 1;
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        for (int i = 0; i < 256; i++) {
          sum = Math.fma(sum, 0.999f, 0.001f * i);
        }
        shortest = Math.min(shortest, System.nanoTime() - start);
      }
      return shortest < 100_000 && !Float.isNaN(sum);
    }
  }
}
