package sepal.benchmarks;

import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import sepal.kernels.Workload;

/** Runs JMH with its usual options, on all workloads unless {@code -p workload=...} names some. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws Exception {
    CommandLineOptions options = parse(arguments);
    if (options.shouldHelp()) {
      options.showHelp();
      return;
    }
    if (options.shouldList()) {
      new Runner(options).list();
      return;
    }
    String jdk = System.getProperty("java.runtime.version");
    System.out.println("# JDK " + jdk + " (" + System.getProperty("java.vendor") + ")");
    ChainedOptionsBuilder builder = new OptionsBuilder().parent(options);
    if (!options.getParameter("workload").hasValue()) {
      builder.param("workload", Workload.all().stream().map(Workload::name).toArray(String[]::new));
    }
    try {
      new Runner(builder.build()).run();
    } catch (RunnerException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static CommandLineOptions parse(String[] arguments) {
    try {
      return new CommandLineOptions(arguments);
    } catch (CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      throw new AssertionError(e);
    }
  }
}
