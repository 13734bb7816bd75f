package sepal.keras;

import java.io.IOException;
import java.io.UncheckedIOException;
import sepal.check.Problem;

/** Stands between files from strangers and the caller: a defect of a file has one of few faces. */
final class Guard {
  private Guard() {}

  interface Reading<T> {
    T run() throws IOException;
  }

  /**
   * What a reading gives. Exceptions that only a damaged file can cause become the one for damaged
   * files.
   */
  static <T> T read(String where, Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (java.io.EOFException e) {
      throw Problem.in(where, "the file ends too early").asInvalidArgument(e);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError e) {
      throw Problem.in(where, "the file does not hold together")
          .got(e.toString())
          .asInvalidArgument(e);
    }
  }
}
