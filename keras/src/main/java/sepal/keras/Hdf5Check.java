package sepal.keras;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import sepal.tensor.Tensor;

/** Compares what was read from an HDF5 file with what was meant to be written, bit for bit. */
final class Hdf5Check {
  private static final int BLOCK = 1 << 16;

  private Hdf5Check() {}

  /**
   * @throws IOException if anything differs
   */
  static void same(Hdf5Tree expected, Hdf5Group found) throws IOException {
    if (!new TreeSet<>(expected.names()).equals(new TreeSet<>(found.children().keySet()))) {
      throw differs(found, "its children");
    }
    if (!expected.attributes().keySet().equals(found.attributes().keySet())) {
      throw differs(found, "its attributes");
    }
    for (Map.Entry<String, Hdf5Tree.Texts> attribute : expected.attributes().entrySet()) {
      Hdf5Attribute read = Objects.requireNonNull(found.attribute(attribute.getKey()));
      List<String> texts = attribute.getValue().values();
      if (!texts.equals(read.strings())) {
        throw differs(found, "attribute " + attribute.getKey());
      }
    }
    for (Map.Entry<String, Tensor> array : expected.arrays().entrySet()) {
      Hdf5Dataset dataset = found.dataset(array.getKey());
      if (dataset == null || !same(array.getValue(), dataset)) {
        throw differs(found, "array " + array.getKey());
      }
    }
    for (Map.Entry<String, Hdf5Tree> group : expected.groups().entrySet()) {
      Hdf5Group child = found.group(group.getKey());
      if (child == null) {
        throw differs(found, "group " + group.getKey());
      }
      same(group.getValue(), child);
    }
  }

  private static boolean same(Tensor expected, Hdf5Dataset found) throws IOException {
    if (!found.shape().equals(expected.shape()) || found.dtype() != expected.dtype()) {
      return false;
    }
    ByteBuffer wanted = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    int step = BLOCK / Hdf5Writer.bytesOf(expected.dtype());
    for (int at = 0; at < expected.size(); at += step) {
      int count = Math.min(step, expected.size() - at);
      wanted.clear();
      Hdf5Writer.encode(expected, at, count, wanted);
      if (!wanted.flip().equals(found.bytes(at, count))) {
        return false;
      }
    }
    return true;
  }

  private static IOException differs(Hdf5Group group, String what) {
    return new IOException(what + " of \"" + group.path() + "/\" is not what was written");
  }
}
