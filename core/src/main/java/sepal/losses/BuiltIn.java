package sepal.losses;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sepal.config.Names;

/**
 * What Keras itself provides: records whose components, in their order, are Keras' configuration.
 */
interface BuiltIn extends Loss {
  /** The name that Keras gives the object. */
  String name();

  @Override
  default String module() {
    return "keras.losses";
  }

  @Override
  default Map<String, @Nullable Object> getConfig() {
    Map<String, @Nullable Object> config = new LinkedHashMap<>();
    for (RecordComponent component : getClass().getRecordComponents()) {
      try {
        Object value = component.getAccessor().invoke(this);
        config.put(Names.keyOf(component.getName()), value == Reduction.NONE ? null : plain(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(component.toString(), e);
      }
    }
    return config;
  }

  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof Reduction ? value.toString() : value;
  }
}
