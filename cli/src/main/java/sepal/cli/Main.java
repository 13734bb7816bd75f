package sepal.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The entry point of the {@code sepal} command. */
@Command(
    name = "sepal",
    description = "Runs Keras models made of separable convolutions on the JVM.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:done",
      "1:a model or an input cannot be used, or a case of the self-test failed",
      "2:wrong usage"
    },
    subcommands = {
      SummaryCommand.class,
      PredictCommand.class,
      ConvertCommand.class,
      SelftestCommand.class,
      DemoCommand.class,
      LearnCommand.class,
      BenchCommand.class
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class Main implements Runnable {
  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger LOGGER = Logger.getLogger("sepal");

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of an error, and what is logged.")
  private boolean debug;

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(
        run(
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true, StandardCharsets.UTF_8),
            arguments));
  }

  /** Runs one command and returns its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... arguments) {
    Main main = new Main();
    CommandLine line =
        new CommandLine(main)
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(
                parsed -> {
                  main.listen();
                  return new CommandLine.RunLast().execute(parsed);
                })
            .setParameterExceptionHandler(Main::wrongUsage)
            .setExecutionExceptionHandler((e, failed, parsed) -> main.failure(e, err));
    try {
      return line.execute(arguments);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError | AssertionError e) {
      return main.failure(e, err);
    } finally {
      out.flush();
      err.flush();
    }
  }

  /** Warnings as one line, and no more unless asked. */
  private void listen() {
    System.setProperty("java.util.logging.SimpleFormatter.format", "sepal: %5$s%n");
    LOGGER.setLevel(debug ? Level.ALL : Level.WARNING);
  }

  private static int wrongUsage(ParameterException e, String[] arguments) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("sepal: " + Failure.firstLine(e));
    err.println("       '" + line.getCommandSpec().qualifiedName() + " --help' tells more");
    return CommandLine.ExitCode.USAGE;
  }

  private int failure(Throwable e, PrintWriter err) {
    Failure.lines(e).forEach(err::println);
    if (debug) {
      e.printStackTrace(err);
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** The version that the build wrote into the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"sepal " + (version == null ? "(not built as a jar)" : version)};
    }
  }
}
