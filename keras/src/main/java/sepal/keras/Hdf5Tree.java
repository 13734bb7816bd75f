package sepal.keras;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;
import sepal.tensor.Tensor;

/** A group of an HDF5 file that is going to be written: what it will hold, not where. */
final class Hdf5Tree {
  /**
   * Texts of variable length.
   *
   * @param values the texts
   * @param scalar whether it is the one text alone, not a list
   * @param utf8 what the file calls the text; its bytes are UTF-8 in any case
   */
  record Texts(List<String> values, boolean scalar, boolean utf8) {}

  /** HDF5 looks names up by their bytes. */
  private static final Comparator<String> BY_BYTES =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  private final String path;
  private final SortedMap<String, Hdf5Tree> groups = new TreeMap<>(BY_BYTES);
  private final SortedMap<String, Tensor> arrays = new TreeMap<>(BY_BYTES);
  private final Map<String, Texts> attributes = new LinkedHashMap<>();

  /** An empty root. */
  Hdf5Tree() {
    this("");
  }

  private Hdf5Tree(String path) {
    this.path = path;
  }

  SortedMap<String, Hdf5Tree> groups() {
    return groups;
  }

  SortedMap<String, Tensor> arrays() {
    return arrays;
  }

  Map<String, Texts> attributes() {
    return attributes;
  }

  /** The names of all children, in HDF5's order. */
  List<String> names() {
    SortedMap<String, Boolean> names = new TreeMap<>(BY_BYTES);
    groups.keySet().forEach(name -> names.put(name, true));
    arrays.keySet().forEach(name -> names.put(name, true));
    return List.copyOf(names.keySet());
  }

  /**
   * The group at a path such as {@code layers/dense}, made if it is missing.
   *
   * @throws IllegalArgumentException if an array is in the way
   */
  Hdf5Tree group(String relative) {
    Hdf5Tree group = this;
    for (String name : relative.split("/", -1)) {
      group.judge(name, group.arrays.get(name));
      Hdf5Tree parent = group;
      group = group.groups.computeIfAbsent(name, n -> new Hdf5Tree(parent.path + "/" + n));
    }
    return group;
  }

  /**
   * Puts an array at a path such as {@code dense/kernel}.
   *
   * @throws IllegalArgumentException if there is something already
   */
  void array(String relative, Tensor values) {
    int slash = relative.lastIndexOf('/');
    Hdf5Tree parent = slash < 0 ? this : group(relative.substring(0, slash));
    String name = relative.substring(slash + 1);
    parent.judge(name, parent.groups.get(name));
    parent.judge(name, parent.arrays.putIfAbsent(name, values));
  }

  /** Whether {@link #array} would be refused. */
  boolean isTaken(String relative) {
    Hdf5Tree group = this;
    String[] names = relative.split("/", -1);
    for (int i = 0; i < names.length - 1; i++) {
      if (group.arrays.containsKey(names[i])) {
        return true;
      }
      group = group.groups.get(names[i]);
      if (group == null) {
        return false;
      }
    }
    String last = names[names.length - 1];
    return group.arrays.containsKey(last) || group.groups.containsKey(last);
  }

  private void judge(String name, @Nullable Object present) {
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\0') >= 0) {
      throw Problem.in("HDF5 group " + path + "/", "not a name that HDF5 can keep")
          .got("\"" + name + "\"")
          .fix("give the layer another name")
          .asInvalidArgument();
    }
    if (present != null) {
      throw Problem.in("HDF5 group " + path + "/", "a name is needed twice")
          .got("\"" + name + "\"")
          .fix("give one of the layers another name")
          .asInvalidArgument();
    }
  }

  /** An attribute as h5py makes it of a Python {@code str}. */
  Hdf5Tree text(String name, String value) {
    attributes.put(name, new Texts(List.of(value), true, true));
    return this;
  }

  /** An attribute as h5py makes it of Python {@code bytes}. */
  Hdf5Tree bytes(String name, String value) {
    attributes.put(name, new Texts(List.of(value), true, false));
    return this;
  }

  /** An attribute as h5py makes it of a list of {@code bytes}. */
  Hdf5Tree list(String name, List<String> values) {
    attributes.put(name, new Texts(List.copyOf(values), false, false));
    return this;
  }
}
