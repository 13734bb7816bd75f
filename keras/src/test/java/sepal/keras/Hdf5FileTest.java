package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class Hdf5FileTest {
  private static final Path FILES = Path.of("src/test/resources/hdf5");
  private static final Path GOLDEN = Path.of("../testkit/src/test/resources/golden/models");

  private static Hdf5File open(String name) throws IOException {
    return Hdf5File.open(name, ByteSource.open(FILES.resolve(name)));
  }

  private static Hdf5File open(byte[] bytes) throws IOException {
    return Hdf5File.open("changed.h5", ByteSource.of(bytes));
  }

  private static Tensor read(Hdf5File file, String path) throws IOException {
    Hdf5Dataset dataset = file.root().dataset(path);
    assertThat(dataset).as(path).isNotNull();
    return dataset.read();
  }

  @ParameterizedTest
  @CsvSource({
    "f2, FLOAT32", "f4, FLOAT32", "f8, FLOAT64", "big_f4, FLOAT32", "big_f8, FLOAT64",
    "i1, INT32", "i2, INT32", "big_i4, INT32", "i8, INT64", "compact, FLOAT32"
  })
  void numbers_of_every_type_are_read(String name, DType dtype) throws IOException {
    try (Hdf5File file = open("types.h5")) {
      Tensor tensor = read(file, "t/" + name);

      assertThat(tensor.dtype()).isEqualTo(dtype);
      assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(tensor.toDoubleArray()).containsExactly(-3, -2, -1, 0, 1, 2);
    }
  }

  @Test
  void unsigned_numbers_bfloat16_scalars_and_empty_arrays_are_read() throws IOException {
    try (Hdf5File file = open("types.h5")) {
      assertThat(read(file, "t/u1").toDoubleArray()).containsExactly(253, 254, 255, 0, 1, 2);
      assertThat(read(file, "t/u4").toDoubleArray()).containsExactly(0, 4294967295.0);
      assertThat(read(file, "t/bfloat16").toFloatArray()).containsExactly(1, -2);
      assertThat(read(file, "t/scalar").shape()).isEqualTo(Shape.of());
      assertThat(read(file, "t/scalar").toFloatArray()).containsExactly(2.5f);
      assertThat(read(file, "t/empty").shape()).isEqualTo(Shape.of(0, 4));
    }
  }

  @Test
  void every_half_precision_number_is_read_as_ieee_has_it() {
    assertThat(Hdf5Dataset.fromHalf((short) 0x3c00)).isEqualTo(1f);
    assertThat(Hdf5Dataset.fromHalf((short) 0xc000)).isEqualTo(-2f);
    assertThat(Hdf5Dataset.fromHalf((short) 0x7bff)).isEqualTo(65504f);
    assertThat(Hdf5Dataset.fromHalf((short) 0x0001)).isEqualTo(0x1p-24f);
    assertThat(Hdf5Dataset.fromHalf((short) 0x0400)).isEqualTo(0x1p-14f);
    assertThat(Hdf5Dataset.fromHalf((short) 0x7c00)).isEqualTo(Float.POSITIVE_INFINITY);
    assertThat(Hdf5Dataset.fromHalf((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
    assertThat(Hdf5Dataset.fromHalf((short) 0x7e00)).isNaN();
    assertThat(Float.floatToIntBits(Hdf5Dataset.fromHalf((short) 0x8000)))
        .isEqualTo(Float.floatToIntBits(-0f));
  }

  @Test
  void chunks_are_put_together_and_unpacked() throws IOException {
    try (Hdf5File file = open("types.h5")) {
      double[] chunked = read(file, "t/chunked").toDoubleArray();
      double[] packed = read(file, "t/packed").toDoubleArray();

      assertThat(chunked).hasSize(35);
      assertThat(packed).hasSize(700);
      for (int i = 0; i < packed.length; i++) {
        assertThat(packed[i]).isEqualTo(i - 3);
        assertThat(chunked[i % 35]).isEqualTo(i % 35 - 3);
      }
      assertThat(read(file, "t/partly").toDoubleArray()).containsExactly(0, 0, 1, 2, 0, 0);
    }
  }

  @Test
  void strings_are_read_in_every_form() throws IOException {
    try (Hdf5File file = open("strings.h5")) {
      Map<String, Hdf5Attribute> attributes = file.root().attributes();

      assertThat(attributes.get("variable").string()).isEqualTo("caf\u00e9");
      assertThat(attributes.get("variables").strings()).containsExactly("one", "", "three");
      assertThat(attributes.get("fixed").strings()).containsExactly("one", "three");
      assertThat(attributes.get("one_fixed").string()).isEqualTo("alone");
      assertThat(attributes.get("nothing").strings()).isEmpty();
      assertThat(attributes.get("long").string()).hasSize(50_000);
      assertThatThrownBy(() -> attributes.get("number").string())
          .isInstanceOf(InvalidArgument.class)
          .hasMessage(
              "strings.h5: the HDF5 file is damaged\n"
                  + "  got:      attribute number of integer of 8 bytes where text must be");
    }
  }

  @Test
  void the_newer_form_of_headers_and_groups_is_read() throws IOException {
    try (Hdf5File file = open("latest.h5")) {
      assertThat(file.root().attribute("name").string()).isEqualTo("new style");
      assertThat(file.root().group("g").children()).hasSize(5);
      assertThat(read(file, "g/d4").toDoubleArray()).containsExactly(-3, -2, -1, 0, 1);
    }
  }

  @Test
  void a_group_with_a_tree_of_names_is_read() throws IOException {
    try (Hdf5File file = open("many.h5")) {
      assertThat(file.root().group("g").children()).hasSize(300);
      assertThat(read(file, "g/d299").toFloatArray()).containsExactly(7);
    }
  }

  static List<Path> sound() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> golden = Files.list(GOLDEN)) {
      golden.filter(file -> file.toString().endsWith(".h5")).sorted().forEach(files::add);
    }
    assertThat(files).hasSize(28);
    for (String name : List.of("latest.h5", "many.h5", "keras1_th.h5")) {
      files.add(FILES.resolve(name));
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("sound")
  void the_tree_and_all_numbers_are_those_that_another_reader_sees(Path path) throws IOException {
    try (Hdf5File ours = Hdf5File.open(path.toString(), ByteSource.open(path));
        HdfFile theirs = new HdfFile(path)) {
      assertSame(ours.root(), theirs);
    }
  }

  private static void assertSame(Hdf5Group ours, Group theirs) throws IOException {
    assertThat(ours.children().keySet()).isEqualTo(theirs.getChildren().keySet());
    assertThat(ours.attributes().keySet()).isEqualTo(theirs.getAttributes().keySet());
    for (Map.Entry<String, Hdf5Object> child : ours.children().entrySet()) {
      Node other = theirs.getChild(child.getKey());
      if (child.getValue() instanceof Hdf5Group group) {
        assertSame(group, (Group) other);
      } else {
        Tensor tensor = ((Hdf5Dataset) child.getValue()).read();
        Dataset dataset = (Dataset) other;
        assertThat(tensor.shape().toArray()).isEqualTo(dataset.getDimensions());
        assertThat(tensor.toDoubleArray()).isEqualTo(doubles(dataset.getDataFlat()));
      }
    }
  }

  private static double[] doubles(Object array) {
    if (!array.getClass().isArray()) {
      return new double[] {((Number) array).doubleValue()};
    }
    double[] doubles = new double[java.lang.reflect.Array.getLength(array)];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = ((Number) java.lang.reflect.Array.get(array, i)).doubleValue();
    }
    return doubles;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          soft_link.h5     | refused to leave the file                    | the soft link /b
          external_link.h5 | refused to leave the file                    | the external link /b
          external_data.h5 | refused to leave the file                    | data of /d in another file
          huge_shape.h5    | the HDF5 file is damaged                     | [1048576, 1048576], more than
          huge_claim.h5    | the HDF5 file is damaged                     | /d claims 4294967296 bytes
          never_written.h5 | the HDF5 file is damaged                     | /d claims 4000 bytes
          circle.h5        | the HDF5 file is damaged                     | a group that contains itself
          fractal_heap.h5  | an HDF5 feature that is not read here        | a group in a fractal heap
          """)
  void what_could_do_harm_or_is_not_read_is_refused_by_name(
      String name, String what, String detail) {
    assertThatThrownBy(() -> open(name).close())
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(name + ": " + what + "\n  got:      ")
        .hasMessageContaining(detail);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "PK", "\u0089HDF"})
  void what_is_not_hdf5_is_refused(String start) {
    byte[] bytes = new byte[100];
    System.arraycopy(
        start.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 0, bytes, 0, start.length());

    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage("changed.h5: not an HDF5 file\n  expected: a file that starts with \\x89HDF");
  }

  @Test
  void a_file_that_was_cut_off_says_so() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("types.h5"));

    assertThatThrownBy(() -> open(java.util.Arrays.copyOf(bytes, bytes.length - 1)))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            "changed.h5: the file ends too early\n"
                + "  got:      "
                + (bytes.length - 1)
                + " bytes\n"
                + "  expected: "
                + bytes.length
                + " bytes\n"
                + "  fix:      fetch it again");
  }

  @Test
  void a_tree_of_names_that_leads_back_to_itself_is_refused() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("many.h5"));
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int changed = 0;
    for (int at = 0; at + 32 < bytes.length; at++) {
      if (new String(bytes, at, 4, java.nio.charset.StandardCharsets.ISO_8859_1).equals("TREE")) {
        int entries = buffer.getShort(at + 6);
        for (int i = 0; i < entries; i++) {
          buffer.putLong(at + 32 + 16 * i, at); // every child is the node itself
        }
        buffer.put(at + 5, (byte) 1);
        changed++;
      }
    }
    assertThat(changed).isGreaterThan(2);

    assertThatThrownBy(() -> open(bytes))
        .isInstanceOf(InvalidArgument.class)
        .hasMessageContaining("a B-tree that does not hold together");
  }

  @Test
  void a_header_that_continues_in_itself_is_refused() {
    ByteBuffer file = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n', 2, 8, 8, 0});
    file.putLong(0).putLong(-1).putLong(128).putLong(48).putInt(0); // root at 48
    file.put(new byte[] {'O', 'H', 'D', 'R', 2, 0, 20}); // 20 bytes of messages
    file.put(new byte[] {0x10, 16, 0, 0}).putLong(96).putLong(28); // to be continued at 96
    file.position(96);
    file.put(new byte[] {'O', 'C', 'H', 'K'});
    file.put(new byte[] {0x10, 16, 0, 0}).putLong(96).putLong(28); // and again at 96

    assertThatThrownBy(() -> open(file.array()))
        .isInstanceOf(InvalidArgument.class)
        .hasMessage(
            "changed.h5: the HDF5 file is damaged\n"
                + "  got:      metadata that are too large, or lead in a circle");
  }
}
