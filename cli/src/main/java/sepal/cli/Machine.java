package sepal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import sepal.kernels.KernelChoice;

/** What figures were measured on. */
record Machine(String jdk, String cpu, String kernel) {

  static Machine here() {
    String jdk =
        System.getProperty("java.runtime.version") + " (" + System.getProperty("java.vendor") + ")";
    return new Machine(jdk, cpuName(), KernelChoice.kernels().description());
  }

  /** As the kernel of Linux names it; elsewhere only the architecture. */
  private static String cpuName() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElseGet(() -> System.getProperty("os.arch"));
    } catch (IOException | java.io.UncheckedIOException notLinux) {
      return System.getProperty("os.arch");
    }
  }

  @Override
  public String toString() {
    return "kernels: " + kernel + "; JDK " + jdk + "; " + cpu;
  }
}
