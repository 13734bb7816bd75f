package sepal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sepal.keras.Keras;

/** Prints the layers of a model as Keras does. */
@Command(name = "summary", description = "Print the layers of a Keras model as Keras does.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SummaryCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MODEL", description = "A .keras, .h5 or .hdf5 file.")
  private Path model;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    spec.commandLine()
        .getOut()
        .print(Keras.loadModel(model, options -> options.compile(false)).summary());
    return 0;
  }
}
