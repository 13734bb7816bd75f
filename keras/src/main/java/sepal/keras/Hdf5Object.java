package sepal.keras;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group or a dataset. */
abstract class Hdf5Object {
  private final String path;
  private final Map<String, Hdf5Attribute> attributes;

  Hdf5Object(String path, Map<String, Hdf5Attribute> attributes) {
    this.path = path;
    this.attributes = attributes;
  }

  /** The names that lead here from the root, with slashes; empty for the root. */
  String path() {
    return path;
  }

  @Nullable Hdf5Attribute attribute(String name) {
    return attributes.get(name);
  }

  Map<String, Hdf5Attribute> attributes() {
    return attributes;
  }
}
