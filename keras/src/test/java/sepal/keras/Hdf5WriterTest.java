package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class Hdf5WriterTest {
  @TempDir private Path directory;

  /** Three readers must find what was to be written: our own, jHDF, and h5dump where it is. */
  private void assertReadable(Hdf5Tree tree) throws Exception {
    Path file = directory.resolve("written.h5");
    Hdf5Writer writer = new Hdf5Writer(tree);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      writer.writeTo(out);
    }
    assertThat(Files.size(file)).isEqualTo(writer.size());
    try (Hdf5File read = Hdf5File.open("written.h5", ByteSource.open(file))) {
      Hdf5Check.same(tree, read.root());
    }
    try (HdfFile read = new HdfFile(file)) {
      assertSame(tree, read);
    }
    if (Hdf5Text.hasDump()) {
      assertThat(Hdf5Text.dump(file)).isNotEmpty();
    }
  }

  private static void assertSame(Hdf5Tree expected, Group found) {
    assertThat(found.getChildren().keySet()).isEqualTo(new TreeSet<>(expected.names()));
    expected
        .attributes()
        .forEach(
            (name, texts) -> {
              Object data = found.getAttribute(name).getData();
              if (!texts.values().isEmpty()) {
                assertThat(texts.scalar() ? List.of(data) : List.of((Object[]) data))
                    .isEqualTo(texts.values());
              }
            });
    expected
        .arrays()
        .forEach(
            (name, tensor) -> {
              Node node = found.getChild(name);
              assertThat(((Dataset) node).getDimensions()).isEqualTo(tensor.shape().toArray());
              if (tensor.size() > 0 && tensor.shape().rank() > 0) {
                assertThat(((Dataset) node).getDataFlat()).isEqualTo(tensor.array());
              }
            });
    expected.groups().forEach((name, group) -> assertSame(group, (Group) found.getChild(name)));
  }

  private static Tensor random(Random random, DType dtype, int... sizes) {
    Shape shape = Shape.of(sizes);
    double[] values = random.doubles(shape.size(), -1e6, 1e6).toArray();
    return Tensor.wrap(values, shape).cast(dtype);
  }

  @Test
  void an_empty_file_is_a_file() throws Exception {
    assertReadable(new Hdf5Tree());
  }

  @Test
  void empty_groups_stand_beside_full_ones() throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    tree.group("a/vars").text("name", "");
    tree.group("b").array("values", Tensor.of(new float[] {1, 2}, 2));
    tree.group("c");
    tree.group("d").list("weight_names", List.of());
    assertReadable(tree);
  }

  @ParameterizedTest
  @ValueSource(strings = {"FLOAT32", "FLOAT64", "INT32", "INT64"})
  void arrays_keep_their_type_shape_and_bits(DType dtype) throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    Hdf5Tree tree = new Hdf5Tree();
    tree.array("scalar", random(random, dtype));
    tree.array("vector", random(random, dtype, 3));
    tree.array("several blocks", random(random, dtype, 5, 7, 1001));
    tree.array("none", random(random, dtype, 4, 0));
    tree.array("deep/below/here", random(random, dtype, 1, 1, 1, 1, 1, 9));
    assertReadable(tree);
  }

  @Test
  void not_a_number_keeps_its_bits() throws Exception {
    float[] values = {Float.intBitsToFloat(0x7fc0_1234), Float.NEGATIVE_INFINITY, -0.0f};
    Hdf5Tree tree = new Hdf5Tree();
    tree.array("odd", Tensor.of(values, 3));
    Path file = directory.resolve("odd.h5");
    try (OutputStream out = Files.newOutputStream(file)) {
      new Hdf5Writer(tree).writeTo(out);
    }
    try (Hdf5File read = Hdf5File.open("odd.h5", ByteSource.open(file))) {
      float[] found = read.root().dataset("odd").read().floats();
      assertThat(IntStream.range(0, 3).map(i -> Float.floatToRawIntBits(found[i])))
          .containsExactly(0x7fc0_1234, 0xff80_0000, 0x8000_0000);
    }
  }

  /** 8 names fill a leaf, 32 leaves a node, 32 nodes the next one. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 255, 256, 257, 8192, 8193})
  void a_group_has_any_number_of_children(int count) throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    Hdf5Tree vars = tree.group("vars");
    for (int i = 0; i < count; i++) {
      vars.array(String.valueOf(i), Tensor.scalar(i));
    }
    assertReadable(tree);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4063, 4064, 4065, 4080, 58_000, 60_000, 65_536, 1_000_000})
  void a_text_has_any_length(int length) throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    tree.text("before", "x").bytes("model_config", "j".repeat(length)).text("after", "y");
    assertReadable(tree);
  }

  @Test
  void texts_and_names_are_utf8() throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    tree.group("größe/日本").text("name", "größe \uD83D\uDC1F");
    tree.group("größe").array("Übung", Tensor.of(new int[] {1}, 1));
    assertReadable(tree);
  }

  @Test
  void long_lists_of_names_are_cut_as_keras_cuts_them() throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      names.add("block_%04d_separable_conv2d_batch_normalization".formatted(i));
    }
    LegacyTree.addNames(tree, "layer_names", names);

    // 5,000 names of 46 bytes are 230,000 bytes; numpy's array_split makes 4 equal parts of them.
    assertThat(tree.attributes().keySet())
        .containsExactly("layer_names0", "layer_names1", "layer_names2", "layer_names3");
    assertThat(tree.attributes().get("layer_names1").values()).hasSize(1250);
    assertReadable(tree);
  }

  @Test
  void many_short_names_fit_too() throws Exception {
    Hdf5Tree tree = new Hdf5Tree();
    LegacyTree.addNames(
        tree, "weight_names", IntStream.range(0, 9000).mapToObj(String::valueOf).toList());
    assertReadable(tree);
  }

  @Test
  void the_same_tree_gives_the_same_bytes() throws IOException {
    Hdf5Tree tree = new Hdf5Tree();
    tree.array("b", Tensor.of(new float[] {1}, 1));
    tree.array("a", Tensor.of(new float[] {2}, 1));
    Hdf5Writer writer = new Hdf5Writer(tree);
    ByteArrayOutputStream first = new ByteArrayOutputStream();
    ByteArrayOutputStream second = new ByteArrayOutputStream();
    writer.writeTo(first);
    writer.writeTo(second);
    assertThat(first.toByteArray()).isEqualTo(second.toByteArray());
  }

  @Test
  void a_name_that_is_needed_twice_is_refused() {
    Hdf5Tree tree = new Hdf5Tree();
    tree.array("dense/kernel", Tensor.scalar(1));

    assertThat(tree.isTaken("dense/kernel")).isTrue();
    assertThat(tree.isTaken("dense/kernel/0")).isTrue();
    assertThat(tree.isTaken("dense/bias")).isFalse();
    assertThatThrownBy(() -> tree.array("dense/kernel", Tensor.scalar(2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            """
            HDF5 group /dense/: a name is needed twice
              got:      "kernel"
              fix:      give one of the layers another name""");
    assertThatThrownBy(() -> tree.group("dense/kernel")).isInstanceOf(InvalidArgument.class);
    assertThatThrownBy(() -> tree.array("a//b", Tensor.scalar(2)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("not a name that HDF5 can keep");
  }

  @Test
  void the_comparison_finds_every_difference() throws IOException {
    Hdf5Tree tree = new Hdf5Tree();
    tree.group("g").text("name", "a").array("x", Tensor.of(new float[] {1, 2}, 2));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new Hdf5Writer(tree).writeTo(out);
    Hdf5Group read = Hdf5File.open("a.h5", ByteSource.of(out.toByteArray())).root();
    Hdf5Check.same(tree, read);

    List<Hdf5Tree> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      others.add(new Hdf5Tree());
    }
    float[] values = {1, 2};
    others.get(0).group("g").text("name", "b").array("x", Tensor.of(values, 2));
    others.get(1).group("g").array("x", Tensor.of(values, 2));
    others.get(2).group("g").text("name", "a").array("x", Tensor.of(values, 1, 2));
    others.get(3).group("g").text("name", "a").array("x", Tensor.of(new int[] {1, 2}, 2));
    others.get(4).group("g").text("name", "a").array("x", Tensor.of(new float[] {1, 3}, 2));
    others.get(5).group("g").text("name", "a").array("y", Tensor.of(values, 2));
    for (Hdf5Tree other : others) {
      assertThatThrownBy(() -> Hdf5Check.same(other, read))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("\"/g/\" is not what was written");
    }
  }
}
