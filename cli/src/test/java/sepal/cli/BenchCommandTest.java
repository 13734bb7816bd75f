package sepal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sepal.kernels.Parallel;

/** That measuring works; not what it gives. */
class BenchCommandTest {
  @TempDir Path folder;

  private Path workloads;

  @BeforeEach
  void writeWorkloads() throws IOException {
    workloads = folder.resolve("workloads.txt");
    Files.writeString(
        workloads,
        """
        # two tiny ones
        tiny     6  5  3  4  3x3  1x1  1x1  1  same

        strided  6  5  3  4  3x3  2x2  1x1  2  valid
        """);
  }

  private Run bench(Object... options) {
    Stream<Object> hidden = Stream.of("bench", "--effort", "least");
    return Run.sepal(Stream.concat(hidden, Stream.of(options)).toArray());
  }

  @Test
  void every_combination_gets_a_line_of_the_table() {
    int before = Parallel.threads();
    Run run =
        bench(
            "--workload-file",
            workloads,
            "--threads",
            "1,2",
            "--batch",
            "1,3",
            "--data-format",
            "channels_last,channels_first");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.outLines()).hasSize(2 + 2 * 2 * 2 * 2);
    assertThat(run.outLines().get(0)).startsWith("# kernels: ").contains("JDK ");
    assertThat(run.outLines().get(1))
        .isEqualTo("workload  batch  threads  data format            ms  GFLOP/s  % of peak");
    assertThat(run.outLines().get(2)).matches("tiny +1 +1 +channels_last +[\\d.]+ +[\\d.]+ +\\S+");
    assertThat(run.outLines().get(17)).startsWith("strided       3        2  channels_first  ");
    assertThat(Parallel.threads()).isEqualTo(before);
  }

  @Test
  void json_holds_the_results_and_what_they_were_measured_on() throws IOException {
    Path json = folder.resolve("results.json");
    Run run =
        bench("--workload-file", workloads, "--workload", "TINY", "--threads", 1, "--json", json);

    assertThat(run.status()).as(run.err()).isZero();
    Map<?, ?> all = Recorded.file(json);
    assertThat(all.keySet().toString()).isEqualTo("[results, jdk, cpu, kernel]");
    assertThat((String) all.get("kernel")).matches("scalar.*|vector.*");
    assertThat((List<?>) all.get("results")).hasSize(1);
    Map<?, ?> result = (Map<?, ?>) ((List<?>) all.get("results")).get(0);
    assertThat(result.keySet().toString())
        .isEqualTo("[workload, batch, threads, data_format, median_ms, gflops, percent_of_peak]");
    assertThat(result.get("workload")).isEqualTo("tiny");
    assertThat(result.get("data_format")).isEqualTo("channels_last");
    assertThat(((Number) result.get("median_ms")).doubleValue()).isPositive();
  }

  @Test
  void gflops_count_two_for_a_multiply_add() {
    BenchResult result =
        new BenchResult(
            "x", 4, 1, sepal.shape.DataFormat.CHANNELS_LAST, 3_000_000, new Timing(2, 12));

    assertThat(result.gflops()).isEqualTo(3);
    assertThat(result.percentOfPeak()).isEqualTo(25);
    assertThat(result.imagesPerSecond()).isEqualTo(2000);
  }

  @Test
  void a_model_is_measured_as_a_whole() throws IOException {
    Path model = Recorded.MODELS.resolve("seq_basic.keras");
    Path json = folder.resolve("results.json");
    Run run = bench(model, "--batch", "1,2", "--threads", "1", "--json", json);

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.outLines()).hasSize(5);
    assertThat(run.outLines().get(1)).isEqualTo("# seq_basic.keras");
    assertThat(run.outLines().get(2))
        .isEqualTo("batch  threads  ms per batch    images/s  GFLOP/s  % of peak");
    assertThat(run.outLines().get(4)).startsWith("    2        1  ");
    assertThat((List<?>) Recorded.file(json).get("results")).hasSize(2);
  }

  @Test
  void what_cannot_be_measured_is_told_in_two_lines() throws IOException {
    assertThat(bench("--batch", "0").errLines())
        .startsWith("sepal: --batch must be 1 or more, and is 0");
    assertThat(bench("--workload-file", workloads, "--workload", "tinny").errLines())
        .startsWith("sepal: --workload: no tinny (did you mean \"tiny\"?) in tiny, strided");
    assertThat(bench("model.keras", "--workload", "S1").errLines())
        .startsWith("sepal: --workload and --data-format are not for a MODEL");
    assertThat(bench(folder.resolve("none.keras")).errLines())
        .containsExactly("sepal: no such file: " + folder.resolve("none.keras"));
    assertThat(bench("--json", folder.resolve("none/x.json")).errLines())
        .containsExactly("sepal: no such file: " + folder.resolve("none"));
    assertThat(bench(Recorded.MODELS.resolve("functional_dynamic_spatial.keras")).errLines())
        .hasSize(2)
        .startsWith("sepal: bench: the model takes inputs of any size");
    Files.writeString(workloads, "tiny 6 5 3 4 3 1x1 1x1 1 same\n");
    assertThat(bench("--workload-file", workloads).errLines())
        .startsWith("sepal: " + workloads + ", line 1: not a workload");
  }
}
