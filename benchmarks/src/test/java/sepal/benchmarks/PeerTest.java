package sepal.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.layers.Weight;
import sepal.models.Model;

class PeerTest {
  private static final String SAME = "same 9 7 5 6 3x3 1x1 1x1 1 same";
  private static final String STRIDED = "strided 10 8 3 20 3x3 2x2 1x1 2 same";
  private static final String DILATED = "dilated 9 9 4 3 3x5 1x1 2x1 1 valid";

  private static LayerData data(String line) {
    return LayerData.of(Workload.parse("test", line).get(0), 2);
  }

  private int before;

  @BeforeEach
  void remember_threads() {
    before = Parallel.threads();
  }

  @AfterEach
  void restore_threads() {
    Parallel.setThreads(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {SAME, STRIDED, DILATED})
  void sepal_agrees_with_the_reference(String line) throws Exception {
    LayerData data = data(line);
    Reference reference = Reference.of(data);
    Peer.Prepared layer = new SepalPeer().prepare(data, 1).get(0);
    layer.run();
    assertThat(reference.error(layer.output())).isLessThan(Reference.TOLERANCE);

    layer.output()[17] += 1e-3f;
    assertThat(reference.error(layer.output())).isGreaterThan(Reference.TOLERANCE);
    layer.output()[17] = Float.NaN;
    assertThat(reference.error(layer.output())).isNaN();
    assertThat(reference.error(new float[1])).isInfinite();
  }

  @ParameterizedTest
  @ValueSource(strings = {SAME, STRIDED, DILATED})
  void sepal_agrees_with_the_reference_in_a_training_step(String line) throws Exception {
    Reference reference = Reference.ofTraining(data(line));
    TrainingPeer.Trained layer = new SepalPeer().prepareTraining(reference.data(), 1).get(0);
    layer.run();
    layer.run(); // gradients are those of one run, not of both
    assertThat(reference.error(layer.output())).isLessThan(Reference.TOLERANCE);
    LayerGradients found = layer.gradients();
    assertThat(reference.error(found)).isLessThan(Reference.TOLERANCE);

    for (float[] each : List.of(found.x(), found.depthwise(), found.pointwise(), found.bias())) {
      each[each.length / 2] += 1e-2f;
      assertThat(reference.error(found)).isGreaterThan(Reference.TOLERANCE);
      each[each.length / 2] -= 1e-2f;
    }
  }

  /** Computes with another upstream gradient than the one that is given. */
  private record Wrong(SepalPeer right) implements TrainingPeer {
    @Override
    public String name() {
      return "wrong";
    }

    @Override
    public List<Prepared> prepare(LayerData data, int threads) {
      return right.prepare(data, threads);
    }

    @Override
    public List<Trained> prepareTraining(LayerData data, int threads) {
      float[] g = data.g().clone();
      for (int i = 0; i < g.length; i++) {
        g[i] += 1e-3f;
      }
      return right.prepareTraining(data.withG(g), threads);
    }
  }

  @Test
  void a_library_with_wrong_gradients_is_found_out() throws Exception {
    SepalPeer right = new SepalPeer();
    Peer wrong = new Wrong(right);

    assertThat(PeerRun.check(right, data(SAME), Step.FORWARD, 1)).startsWith("checked");
    assertThat(PeerRun.check(right, data(SAME), Step.TRAINING, 1)).startsWith("checked");
    assertThat(PeerRun.check(wrong, data(SAME), Step.FORWARD, 1)).startsWith("checked");
    assertThat(PeerRun.check(wrong, data(SAME), Step.TRAINING, 1))
        .startsWith("wrong\tchannels_last: off by ");
  }

  @Test
  void only_what_was_found_right_is_timed() {
    List<String> lines =
        List.of(
            "@\tname\tonednn\toneDNN 3",
            "@\tchecked\t1.0E-7\tonednn\tS1\t8\t2",
            "@\twrong\tnchw: off by 1\tonednn\tS2\t8\t2",
            "@\tfailed\tno memory\tonednn\tS3\t8\t2",
            "@\tchecked\t1.0E-7\tonednn\tS2\t1\t2",
            "@\tchecked\t1.0E-7\tonednn\tS2\t8\t1",
            "@\tchecked\t1.0E-7\tsepal\tS2\t8\t2",
            "@\tchecked\t1.0E-7\tonednn\tS10\t8\t2");

    List<String> names = List.of("S1", "S2", "S3", "S4", "S10");
    assertThat(PeerRun.right(names, lines, "onednn", 8, 2)).containsExactly("S1", "S10");
    assertThat(PeerRun.right(names, lines, "onednn", 1, 2)).containsExactly("S2");
    assertThat(PeerRun.right(names, lines, "onednn", 8, 1)).containsExactly("S2");
    assertThat(PeerRun.right(names, lines, "sepal", 8, 2)).containsExactly("S2");
    assertThat(PeerRun.right(names, lines, "djl", 8, 2)).isEmpty();
  }

  @Test
  void the_upstream_gradient_is_zero_only_where_rounding_decides_on_the_side_of_the_kink() {
    LayerData given = data(SAME);
    Arrays.fill(given.x(), 1);
    Arrays.fill(given.depthwise(), 0);
    given.depthwise()[4 * given.workload().channels()] = 1; // channel 0 as it is
    Arrays.fill(given.pointwise(), 0);
    given.pointwise()[0] = 1;
    given.pointwise()[1] = 1;
    Arrays.fill(given.bias(), 1);
    given.bias()[0] = -1 + 1e-6f;
    given.bias()[1] = -1 + 1e-4f;

    float[] g = Reference.ofTraining(given).data().g();

    for (int i = 0; i < g.length; i++) {
      assertThat(g[i]).isEqualTo(i % given.workload().filters() == 0 ? 0 : given.g()[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SAME, STRIDED, DILATED})
  void layouts_lead_back_to_channels_last(String line) {
    LayerData data = data(line);

    assertThat(data.xChannelsFirst()[1]).isEqualTo(data.x()[data.workload().channels()]);
    assertThat(data.inputChannelsLast(data.xChannelsFirst())).isEqualTo(data.x());
    assertThat(data.gChannelsFirst()[1]).isEqualTo(data.g()[data.workload().filters()]);
    assertThat(data.outputChannelsLast(data.gChannelsFirst())).isEqualTo(data.g());
  }

  @Test
  void a_prediction_agrees_with_the_reference() throws Exception {
    ModelData data = ModelData.of("mini_xception", 2);
    Peer.Prepared model = new SepalPeer().prepare(data, 1).get(0);
    model.run();
    float[] y = model.output();
    assertThat(data.error(y)).isLessThan(ModelData.TOLERANCE / 10);

    y[9] += 2e-4f;
    assertThat(data.error(y)).isGreaterThan(ModelData.TOLERANCE);
    y[9] = Float.NaN;
    assertThat(data.error(y)).isNaN();
    assertThat(data.error(new float[13])).isInfinite();
  }

  @ParameterizedTest
  @CsvSource({"MNV1, 3191072", "mini_xception, 58423", "xception_96, 22910480"})
  void models_have_the_parameters_of_their_architecture(String name, long parameters) {
    Model model = Applications.of(name);

    assertThat(model.countParams()).isEqualTo(parameters);
    for (Weight weight : model.weights()) {
      float[] values = weight.value().floats();
      assertThat(values).as(weight.path()).doesNotContain(0, 1);
      assertThat(values[0]).as(weight.path()).isNotEqualTo(values[values.length - 1]);
    }
  }

  @Test
  void padding_after_is_what_padding_before_leaves() {
    LayerData strided =
        LayerData.of(Workload.parse("test", "x 8 9 1 1 3x3 2x2 1x1 1 same").get(0), 1);

    assertThat(strided.padBefore(0)).isEqualTo(0);
    assertThat(strided.padAfter(0)).isEqualTo(1);
    assertThat(strided.padBefore(1)).isEqualTo(1);
    assertThat(strided.padAfter(1)).isEqualTo(1);
  }

  @Test
  void the_table_holds_medians_ratios_and_what_is_missing() {
    // S10: 48 * 48 * (9 + 8) multiply-adds
    double unit = 2e-6 * 48 * 48 * 17;
    String table =
        PeerTable.of(
            List.of(
                "@\tname\tsepal\tSepal",
                "@\tname\tonnxruntime\tORT 1",
                "@\tname\tonednn\toneDNN 3",
                "noise",
                "@\tabsent\tDL4J\tcould not be resolved",
                "@\ttime\t" + unit / 30 + " channels_last\tsepal\tS10\t1\t1",
                "@\ttime\t" + unit / 10 + " channels_last\tsepal\tS10\t1\t1",
                "@\ttime\t" + unit / 20 + " channels_last\tsepal\tS10\t1\t1",
                "@\ttime\t" + unit / 10 + " nchw\tonnxruntime\tS10\t1\t1",
                "@\ttime\t" + unit / 16 + " any\tonednn\tS10\t1\t1",
                "@\ttime\t" + unit / 8 + " any\tsepal\tS1\t8\t2",
                "@\twrong\tnchw: off by 1\tonednn\tS1\t8\t2"),
            Step.FORWARD);

    assertThat(table)
        .startsWith(
            """
            GFLOP/s, batch 1, 1 thread:

            |  | Sepal | ORT 1 | oneDNN 3 | Sepal / best | Sepal / best runtime |
            |---|---:|---:|---:|---:|---:|
            | S10 | 20.0 | 10.0 | 16.0 | 1.25 | 2.00 |
            | geometric mean |  |  |  | 1.25 | 2.00 |

            GFLOP/s, batch 8, 2 threads:
            """)
        .endsWith(
            """
            | geometric mean |  |  |  | - | - |

            Not measured:

            - DL4J: could not be resolved
            - oneDNN 3, S1: wrong, nchw: off by 1
            """);
  }

  @Test
  void the_table_holds_milliseconds_of_models_after_the_layers() {
    String table =
        PeerTable.of(
            List.of(
                "@\tname\tsepal\tSepal",
                "@\tname\tonnxruntime\tORT 1",
                "@\ttime\t2 predict\tsepal\tMNV1\t1\t1",
                "@\ttime\t3 channels_first\tonnxruntime\tMNV1\t1\t1",
                "@\ttime\t1 channels_last\tsepal\tS10\t1\t1"),
            Step.FORWARD);

    assertThat(table)
        .startsWith("GFLOP/s, batch 1, 1 thread:")
        .endsWith(
            """
            Milliseconds (and ratios of speeds), batch 1, 1 thread:

            |  | Sepal | ORT 1 | Sepal / best | Sepal / best runtime |
            |---|---:|---:|---:|---:|
            | MNV1 | 2.00 | 3.00 | 1.50 | 1.50 |
            | geometric mean |  |  | 1.50 | 1.50 |

            """);
  }

  @Test
  void a_training_step_counts_three_times_the_work_of_the_forward() {
    // S10: 48 * 48 * (9 + 8) multiply-adds
    double unit = 2e-6 * 48 * 48 * 17;
    String table =
        PeerTable.of(
            List.of(
                "@\tname\tsepal\tSepal",
                "@\tname\ttensorflow\tTF 2",
                "@\tabsent\tonnxruntime\tno training step for it here",
                "@\ttime\t" + unit / 10 + " channels_last\tsepal\tS10\t1\t2",
                "@\ttime\t" + unit / 20 + " channels_last\ttensorflow\tS10\t1\t2"),
            Step.of("training"));

    assertThat(table)
        .isEqualTo(
            """
            Training step, GFLOP/s, batch 1, 2 threads:

            |  | Sepal | TF 2 | Sepal / best | Sepal / best runtime |
            |---|---:|---:|---:|---:|
            | S10 | 30.0 | 60.0 | 0.50 | 0.50 |
            | geometric mean |  |  | 0.50 | 0.50 |

            Not measured:

            - onnxruntime: no training step for it here
            """);
  }
}
