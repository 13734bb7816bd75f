package sepal.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.kernels.Parallel;
import sepal.kernels.Workload;
import sepal.layers.Weight;
import sepal.models.Model;

class PeerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "same 9 7 5 6 3x3 1x1 1x1 1 same",
        "strided 10 8 3 20 3x3 2x2 1x1 2 same",
        "dilated 9 9 4 3 3x5 1x1 2x1 1 valid"
      })
  void sepal_agrees_with_the_reference(String line) throws Exception {
    LayerData data = LayerData.of(Workload.parse("test", line).get(0), 2);
    int before = Parallel.threads();
    try {
      Peer.Prepared layer = new SepalPeer().prepare(data, 1).get(0);
      layer.run();
      assertThat(Reference.error(data, layer.output())).isLessThan(Reference.TOLERANCE);

      layer.output()[17] += 1e-3f;
      assertThat(Reference.error(data, layer.output())).isGreaterThan(Reference.TOLERANCE);
      layer.output()[17] = Float.NaN;
      assertThat(Reference.error(data, layer.output())).isNaN();
    } finally {
      Parallel.setThreads(before);
    }
  }

  @Test
  void a_prediction_agrees_with_the_reference() throws Exception {
    ModelData data = ModelData.of("mini_xception", 2);
    int before = Parallel.threads();
    try {
      Peer.Prepared model = new SepalPeer().prepare(data, 1).get(0);
      model.run();
      float[] y = model.output();
      assertThat(data.error(y)).isLessThan(ModelData.TOLERANCE / 10);

      y[9] += 2e-4f;
      assertThat(data.error(y)).isGreaterThan(ModelData.TOLERANCE);
      y[9] = Float.NaN;
      assertThat(data.error(y)).isNaN();
      assertThat(data.error(new float[13])).isInfinite();
    } finally {
      Parallel.setThreads(before);
    }
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
                "@\twrong\tnchw: off by 1\tonednn\tS1\t8\t2"));

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
                "@\ttime\t1 channels_last\tsepal\tS10\t1\t1"));

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
}
