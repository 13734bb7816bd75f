package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.Tensor;

class NpyTest {
  @TempDir Path folder;

  @Test
  void what_was_written_is_read_again() throws IOException {
    Random random = new Random(7);
    for (int[] shape : new int[][] {{}, {0}, {5}, {2, 3, 4}, {70_000}, {300, 301}}) {
      Tensor tensor = Tensor.zeros(shape);
      for (int i = 0; i < tensor.size(); i++) {
        tensor.floats()[i] = random.nextFloat();
      }
      for (DType dtype : new DType[] {DType.FLOAT32, DType.FLOAT64}) {
        Path file = folder.resolve("a.npy");
        Npy.write(file, tensor.cast(dtype));
        Tensor read = Npy.read(file);
        assertThat(read.dtype()).isEqualTo(dtype);
        assertThat(read.shape()).isEqualTo(Shape.of(shape));
        assertThat(read.toFloatArray()).isEqualTo(tensor.floats());
      }
    }
    assertThat(folder.toFile().list()).containsExactly("a.npy");
  }

  @Test
  void the_written_bytes_are_those_of_numpy() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, Tensor.of(new float[] {1, 2}, 2));

    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[118];
    bytes.position(10).get(header);
    String text = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
    assertThat(bytes.array()).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0);
    assertThat(new String(header, StandardCharsets.US_ASCII))
        .isEqualTo(text + " ".repeat(117 - text.length()) + "\n");
    assertThat(bytes.getFloat()).isEqualTo(1);
    assertThat(bytes.getFloat()).isEqualTo(2);
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void integers_are_not_written() {
    assertThatThrownBy(() -> Npy.write(folder.resolve("a.npy"), Tensor.of(new int[] {1}, 1)))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("only float32 and float64 are written");
  }

  @ParameterizedTest
  @CsvSource({
    "<f4, FLOAT32", ">f4, FLOAT32", "<f8, FLOAT64", ">f8, FLOAT64", "<i4, INT32", ">i4, INT32",
    "<i8, INT64", ">i8, INT64", "|u1, UINT8", "u1, UINT8", "|b1, BOOL", "=f4, FLOAT32"
  })
  void every_type_is_read_in_both_byte_orders_and_both_memory_orders(String descr, DType dtype)
      throws IOException {
    double[] rows = {1, 0, 1, 1, 0, 0};
    double[] columns = {1, 1, 0, 0, 1, 0};
    if (dtype != DType.BOOL) {
      rows = new double[] {1, 2, 3, 4, 5, 200};
      columns = new double[] {1, 4, 2, 5, 3, 200};
    }
    for (int version = 1; version <= 3; version++) {
      for (boolean fortran : new boolean[] {false, true}) {
        String order = fortran ? "True" : "False";
        String header = "{'descr': '%s', 'fortran_order': %s, 'shape': (2, 3), }\n";
        Path file =
            file(version, header.formatted(descr, order), data(descr, fortran ? columns : rows));
        Tensor tensor = Npy.read(file);
        assertThat(tensor.dtype()).isEqualTo(dtype);
        assertThat(tensor.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(tensor.toDoubleArray()).isEqualTo(rows);
      }
    }
  }

  @Test
  void three_axes_in_fortran_order_are_reordered() throws IOException {
    double[] data = new double[24];
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 4; k++) {
          data[i + 2 * j + 6 * k] = i * 100 + j * 10 + k;
        }
      }
    }
    Path file =
        file(1, "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3, 4)}", data("<f4", data));
    Tensor tensor = Npy.read(file);
    assertThat(tensor.get(0)).isEqualTo(0);
    assertThat(tensor.get(3)).isEqualTo(3);
    assertThat(tensor.get(4)).isEqualTo(10);
    assertThat(tensor.get(23)).isEqualTo(123);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"shape\":(1L,),\"descr\":\"<f4\",\"fortran_order\":False}",
        "{ 'shape' : ( 1 , ) , 'fortran_order' : False , 'descr' : '<f4' , } \n",
        "{'descr': 'f4', 'fortran_order': False, 'shape': (), }"
      })
  void headers_of_other_writers_are_understood(String header) throws IOException {
    assertThat(Npy.read(file(1, header, data("<f4", 3))).toFloatArray()).containsExactly(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'descr': 'O', 'fortran_order': False, 'shape': (1,)}|Python objects ('O')",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (1,)}|'<U3'",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}|a structured array",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1099511627776,)}|as a size",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1048576, 1048576)}|more elements",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}|as a size",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}|4 bytes of data",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,)}|4 bytes of data",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}|neither True nor False",
        "{'descr': '<f4', 'fortran_order': False}|not descr, fortran_order and shape",
        "{'descr': '<f4', 'x': False}|unknown key 'x'",
        "{'descr': '<f4|no string",
        "[]|no '{'",
        "``|no '{'"
      })
  void a_header_that_lies_is_refused_before_memory_is_asked(String header, String message)
      throws IOException {
    Path file = file(1, header, data("<f4", 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Npy.read(file))
        .withMessageStartingWith("NumPy file " + file + ": ")
        .withMessageContaining(message);
  }

  @Test
  void files_of_other_kinds_and_cut_files_are_refused() throws IOException {
    Path file = folder.resolve("a.npy");
    Npy.write(file, Tensor.zeros(10, 10));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, java.util.Arrays.copyOf(whole, length));
      assertThatIllegalArgumentException().isThrownBy(() -> Npy.read(file));
    }
    Files.write(file, "PK and more".getBytes(StandardCharsets.US_ASCII));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Npy.read(file))
        .withMessageContaining("not a .npy file");
    Files.write(file, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 9, 0, 0, 0});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Npy.read(file))
        .withMessageContaining("unknown version");
    Files.write(
        file, new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, 0, 0});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Npy.read(file))
        .withMessageContaining("the header is too long");
  }

  private Path file(int version, String header, byte[] data) throws IOException {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer bytes =
        ByteBuffer.allocate(12 + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      bytes.putShort((short) text.length);
    } else {
      bytes.putInt(text.length);
    }
    bytes.put(text).put(data);
    Path file = folder.resolve("file.npy");
    Files.write(file, java.util.Arrays.copyOf(bytes.array(), bytes.position()));
    return file;
  }

  private static byte[] data(String descr, double... values) {
    String type = descr.substring(descr.length() - 2);
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * (type.charAt(1) - '0'))
            .order(descr.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (type) {
        case "f4" -> bytes.putFloat((float) value);
        case "f8" -> bytes.putDouble(value);
        case "i4" -> bytes.putInt((int) value);
        case "i8" -> bytes.putLong((long) value);
        default -> bytes.put((byte) (int) value);
      }
    }
    return bytes.array();
  }
}
