package sepal.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.stream.Collectors;
import sepal.check.InvalidArgument;

/** Folds whatever went wrong into one or two lines for a terminal. */
final class Failure {
  private static final int LONGEST = 400;
  private static final String INDENT = "       ";

  private Failure() {}

  static List<String> lines(Throwable e) {
    if (e instanceof InvalidArgument invalid) {
      return fold(invalid.problem().message());
    }
    String text = e.getMessage();
    if (e instanceof IOException io) {
      return text != null && text.contains("\n  got: ")
          ? fold(text)
          : List.of(cut("sepal: " + io(io)));
    }
    if (e instanceof OutOfMemoryError) {
      return List.of(
          "sepal: out of memory at " + Runtime.getRuntime().maxMemory() / (1 << 20) + " MB",
          INDENT + "try a smaller --batch-size, or set JDK_JAVA_OPTIONS=-Xmx8g for more");
    }
    boolean told = e instanceof IllegalStateException || e instanceof UnsupportedOperationException;
    if (told && text != null) {
      return fold(text);
    }
    String detail = text == null ? "" : ": " + firstLine(e);
    return List.of(
        cut("sepal: unexpected " + e.getClass().getSimpleName() + detail),
        INDENT + "this is a defect of sepal; the same command with --debug shows where");
  }

  private static List<String> fold(String message) {
    List<String> lines = message.lines().map(String::strip).toList();
    return fold(lines.get(0), lines.subList(1, lines.size()));
  }

  private static List<String> fold(String first, List<String> rest) {
    String second =
        rest.stream().map(line -> line.replaceAll("\\s+", " ")).collect(Collectors.joining("; "));
    return second.isEmpty()
        ? List.of(cut("sepal: " + first))
        : List.of(cut("sepal: " + first), cut(INDENT + second));
  }

  private static String io(IOException e) {
    if (e instanceof FileSystemException file) {
      String name = String.valueOf(file.getFile());
      if (e instanceof NoSuchFileException) {
        return "no such file: " + name;
      }
      if (e instanceof AccessDeniedException) {
        return "no permission: " + name;
      }
      if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
        return "not a folder: " + name;
      }
      return name + ": " + file.getReason();
    }
    return e.getMessage() == null ? "input or output failed" : firstLine(e);
  }

  static String firstLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("").strip();
  }

  private static String cut(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 3) + "...";
  }
}
