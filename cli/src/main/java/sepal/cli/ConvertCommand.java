package sepal.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sepal.keras.Keras;

/** Turns models of any Keras into files that Keras 3 opens. */
@Command(
    name = "convert",
    description = "Turn a model of any Keras into a file of another format.",
    footerHeading = "%nNotes:%n",
    footer = {
      "  The name of OUT decides: .keras, .h5 or .hdf5 for the model, .weights.h5",
      "  for its weights alone, .json for its configuration alone. What is left out",
      "  or changed is printed. An old file is replaced when the new one is whole."
    })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ConvertCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "IN", description = "A .keras, .h5, .hdf5 or .json file.")
  private Path from;

  @Parameters(index = "1", paramLabel = "OUT", description = "The file to write.")
  private Path to;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    List<String> changes = Keras.convert(from, to);
    PrintWriter out = spec.commandLine().getOut();
    changes.forEach(out::println);
    out.printf(
        "wrote %s, %,d bytes; %s%n",
        to,
        Files.size(to),
        changes.isEmpty() ? "nothing was left out or changed" : "the rest is as it was");
    return 0;
  }
}
