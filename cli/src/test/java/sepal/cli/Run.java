package sepal.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;

/** What a command printed, and its exit status. */
record Run(int status, String out, String err) {

  /** Runs a command in this process. */
  static Run sepal(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(status, out.toString(), err.toString());
  }

  List<String> outLines() {
    return out.lines().toList();
  }

  List<String> errLines() {
    return err.lines().toList();
  }
}
