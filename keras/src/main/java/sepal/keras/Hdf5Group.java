package sepal.keras;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group: named children in the order of the file. */
final class Hdf5Group extends Hdf5Object {
  private final Map<String, Hdf5Object> children;

  Hdf5Group(String path, Map<String, Hdf5Attribute> attributes, Map<String, Hdf5Object> children) {
    super(path, attributes);
    this.children = children;
  }

  Map<String, Hdf5Object> children() {
    return children;
  }

  /** The group at a path such as {@code layers/dense}, or null. */
  @Nullable Hdf5Group group(String relative) {
    return find(relative) instanceof Hdf5Group group ? group : null;
  }

  /** The dataset at a path such as {@code dense/kernel:0}, or null. */
  @Nullable Hdf5Dataset dataset(String relative) {
    return find(relative) instanceof Hdf5Dataset dataset ? dataset : null;
  }

  private @Nullable Hdf5Object find(String relative) {
    Hdf5Object found = this;
    for (String name : relative.split("/")) {
      found = found instanceof Hdf5Group group ? group.children.get(name) : null;
    }
    return found;
  }
}
