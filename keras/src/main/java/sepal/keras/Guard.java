package sepal.keras;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import sepal.check.InvalidArgument;
import sepal.check.Problem;

/** Stands between files from strangers and the caller: a defect of a file has one of few faces. */
final class Guard {
  private Guard() {}

  interface Reading<T> {
    T run() throws IOException;
  }

  /**
   * What a reading gives. Exceptions that only a damaged file can cause become the one for damaged
   * files, and all name the file.
   */
  static <T> T read(String where, Reading<T> reading) throws IOException {
    try {
      return reading.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (EOFException e) {
      throw Problem.in(where, "the file ends too early").asInvalidArgument(e);
    } catch (InvalidArgument e) {
      Problem problem = e.problem();
      if (problem.where().startsWith(where)) {
        throw e;
      }
      throw new Problem(
              where + ", " + problem.where(),
              problem.what(),
              problem.got(),
              problem.expected(),
              problem.fix())
          .asInvalidArgument(e);
    } catch (UnsupportedOperationException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where)
          ? e
          : new UnsupportedOperationException(where + ", " + message, e);
    } catch (OutOfMemoryError e) { // of a large array, where the rest of the memory has no hole
      throw ModelReader.noMemory(where).asInvalidArgument(e);
    } catch (RuntimeException | StackOverflowError e) {
      throw Problem.in(where, "the file does not hold together")
          .got(e.toString())
          .asInvalidArgument(e);
    }
  }
}
