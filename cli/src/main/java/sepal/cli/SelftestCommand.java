package sepal.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sepal.check.InvalidArgument;
import sepal.kernels.KernelChoice;
import sepal.testkit.GoldenResult;
import sepal.testkit.GoldenRunner;

/** Computes cases that Keras computed before, and compares. */
@Command(
    name = "selftest",
    description = {
      "Compute again what Keras computed, and compare.",
      "A case is a file in which a layer and its numbers were recorded from Keras.",
      "Prints a line for each case that fails, and the counts on the last line."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SelftestCommand implements Callable<Integer> {
  @Parameters(
      paramLabel = "DIR",
      arity = "0..*",
      description = "Folders (or single files) of cases; without one, the few that come along.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--forward-only",
      description = "Check just the outputs of cases that hold gradients too.")
  private boolean forwardOnly;

  @Spec private CommandSpec spec;

  private int passed;
  private int failed;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    GoldenRunner runner = new GoldenRunner(forwardOnly);
    for (Path folder : folders) {
      if (!Files.exists(folder)) {
        throw new ParameterException(spec.commandLine(), "no such folder: " + folder);
      }
    }
    out.println("kernels: " + KernelChoice.kernels().description());
    if (folders.isEmpty()) {
      runner.runBundled().forEach(result -> count(result, out));
    }
    for (Path folder : folders) {
      try {
        runner.run(folder, result -> count(result, out));
      } catch (InvalidArgument nothingFound) {
        throw new ParameterException(spec.commandLine(), Failure.firstLine(nothingFound));
      }
    }
    out.println(passed + " passed, " + failed + " failed");
    return failed == 0 ? 0 : 1;
  }

  private void count(GoldenResult result, PrintWriter out) {
    if (result.passed()) {
      passed++;
      return;
    }
    failed++;
    out.println(
        "FAILED "
            + result.file()
            + (result.where() == null
                ? ""
                : String.format(Locale.ROOT, ": %.3g, %s", result.difference(), result.where()))
            + ": "
            + result.message());
  }
}
