package sepal.layers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sepal.activations.Activation;
import sepal.activations.Activations;
import sepal.check.Check;
import sepal.check.Problem;
import sepal.config.Config;
import sepal.config.Configurable;
import sepal.config.KerasConfig;
import sepal.config.Names;
import sepal.constraints.Constraint;
import sepal.constraints.Constraints;
import sepal.initializers.Initializer;
import sepal.initializers.Initializers;
import sepal.regularizers.Regularizer;
import sepal.regularizers.Regularizers;
import sepal.shape.DataFormat;
import sepal.shape.Dims;
import sepal.shape.Margins;
import sepal.shape.Padding;
import sepal.shape.Shape;
import sepal.tensor.DType;
import sepal.tensor.DTypePolicy;

/**
 * Carries a layer's arguments between their three forms by name: options as they were given, the
 * record they freeze into, and Keras' configuration map.
 */
final class Arguments {
  /** Options that are not arguments in Keras' configurations. */
  private static final Set<String> NOT_IN_CONFIG = Set.of("weights", "allowStridedDilation");

  private static final Map<Class<?>, String> EXPECTED =
      Map.of(
          boolean.class, "true or false",
          String.class, "a string",
          DataFormat.class, "\"channels_last\" or \"channels_first\", or null");

  /** The fields of an options class and its parents, under Keras' keys. */
  private static final ClassValue<Map<String, VarHandle>> FIELDS =
      new ClassValue<>() {
        @Override
        protected Map<String, VarHandle> computeValue(Class<?> type) {
          return fields(type);
        }
      };

  private static final ClassValue<List<Component>> COMPONENTS =
      new ClassValue<>() {
        @Override
        protected List<Component> computeValue(Class<?> type) {
          List<Component> components = new ArrayList<>();
          for (RecordComponent component : type.getRecordComponents()) {
            components.add(Component.of(component));
          }
          return List.copyOf(components);
        }
      };

  /** A component of a record, under Keras' key. */
  private record Component(String key, Class<?> type, Method accessor) {
    static Component of(RecordComponent component) {
      Method accessor = component.getAccessor();
      accessor.setAccessible(true);
      return new Component(Names.keyOf(component.getName()), component.getType(), accessor);
    }
  }

  private Arguments() {}

  /** Sets the options that a Keras configuration names. */
  static void fill(LayerOptions<?> options, Map<String, ? extends @Nullable Object> config) {
    if (config.get("name") instanceof String name) {
      options.name = name;
    }
    Map<String, VarHandle> fields = FIELDS.get(options.getClass());
    for (Map.Entry<String, ? extends @Nullable Object> entry : config.entrySet()) {
      String key = entry.getKey();
      VarHandle field = fields.get(key);
      if (field == null) {
        throw Problem.in(options.where(), "unknown argument")
            .got("\"" + key + "\"" + Check.didYouMean(key, fields.keySet()))
            .expected("one of " + String.join(", ", fields.keySet()))
            .asInvalidArgument();
      }
      Object value = entry.getValue();
      if (value != null) {
        set(options, field, convert(options, field.varType(), key, value));
      } else if (!field.varType().isPrimitive()) {
        set(options, field, null);
      }
    }
  }

  /**
   * Primitive types without boxes, here and below: the JDK would make code for that, and a process
   * that starts would feel it.
   */
  private static @Nullable Object get(LayerOptions<?> options, VarHandle field) {
    Class<?> type = field.varType();
    if (type == boolean.class) {
      return (boolean) field.get(options);
    }
    if (type == int.class) {
      return (int) field.get(options);
    }
    if (type == double.class) {
      return (double) field.get(options);
    }
    return field.get(options);
  }

  private static void set(LayerOptions<?> options, VarHandle field, @Nullable Object value) {
    if (field.varType() == boolean.class) {
      field.set(options, (boolean) Objects.requireNonNull(value));
    } else if (field.varType() == int.class) {
      field.set(options, (int) Objects.requireNonNull(value));
    } else if (field.varType() == double.class) {
      field.set(options, (double) Objects.requireNonNull(value));
    } else {
      field.set(options, value);
    }
  }

  /** The values of a record's components, in their order. */
  static final class Values {
    private final @Nullable Object[] values;
    private int next;

    private Values(@Nullable Object[] values) {
      this.values = values;
    }

    /** The next one, of the component's type. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    <T> T next() {
      return (T) values[next++];
    }

    int integer() {
      return this.<Integer>next();
    }

    double number() {
      return this.<Double>next();
    }

    boolean flag() {
      return this.<Boolean>next();
    }
  }

  /** The options of the same names as a record's components. */
  static Values values(LayerOptions<?> options, Class<? extends Record> type) {
    Map<String, VarHandle> fields = FIELDS.get(options.getClass());
    List<Component> components = COMPONENTS.get(type);
    @Nullable Object[] values = new @Nullable Object[components.size()];
    for (int i = 0; i < values.length; i++) {
      Component component = components.get(i);
      VarHandle field = Objects.requireNonNull(fields.get(component.key()), component.key());
      values[i] = convert(options, component.type(), component.key(), get(options, field));
    }
    return new Values(values);
  }

  /** The record whose components are the options of the same names. */
  static <R extends Record> R freeze(LayerOptions<?> options, Class<R> type) {
    @Nullable Object[] values = values(options, type).values;
    Class<?>[] types = COMPONENTS.get(type).stream().map(Component::type).toArray(Class<?>[]::new);
    try {
      Constructor<R> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException rejected) {
        throw rejected;
      }
      throw new LinkageError("record " + type, e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("record " + type + " must be accessible", e);
    }
  }

  /** Keras' configuration of a record. */
  static Map<String, @Nullable Object> toMap(Record config) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Component component : COMPONENTS.get(config.getClass())) {
      try {
        map.put(component.key(), plain(component.accessor().invoke(config)));
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("record " + config.getClass() + " must be accessible", e);
      }
    }
    return map;
  }

  /** A value as null, Boolean, Number, String, List or Map. */
  static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Dims dims) {
      return dims.toList();
    }
    if (value instanceof Shape shape) {
      return shape.toList();
    }
    if (value instanceof Margins margins) {
      return margins.toList();
    }
    if (value instanceof Enum<?>) {
      return value.toString();
    }
    if (value instanceof DTypePolicy policy) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      map.put("module", "keras");
      map.put("class_name", "DTypePolicy");
      map.put("config", Map.of("name", policy.name()));
      map.put("registered_name", null);
      return map;
    }
    if (value instanceof Configurable configurable) {
      return configurable.serialize();
    }
    if (value instanceof List<?> list) {
      List<@Nullable Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(item)));
      return items;
    }
    return value;
  }

  /** {@code value} as the type that an option or a record wants, in any form Keras accepts. */
  private static @Nullable Object convert(
      LayerOptions<?> options, Class<?> type, String key, @Nullable Object value) {
    String where = options.where();
    if (type == Activation.class) {
      return Activations.get(where, value);
    }
    if (type == DataFormat.class && value == null) {
      return KerasConfig.imageDataFormat();
    }
    if (type == DTypePolicy.class) {
      return policy(where, value);
    }
    if (value == null && (type.isPrimitive() || type == Padding.class)) {
      throw Problem.in(where, "missing argument").got("no " + key).asInvalidArgument();
    }
    if (type == Padding.class && (value instanceof Padding || value instanceof String)) {
      return Padding.of(where, value.toString(), options.paddings());
    }
    if (value == null || type.isInstance(value)) {
      return value;
    }
    if (type == int.class || type == Integer.class) {
      return Config.asInteger(where, key, value);
    }
    if (type == Long.class) {
      return Config.asLong(where, key, value);
    }
    if (type == double.class || type == Double.class) {
      return Config.asNumber(where, key, value).doubleValue();
    }
    if (type == Dims.class) {
      return dims(where, key, options.spatialRank(), value);
    }
    if (type == Margins.class) {
      return Margins.of(where, key, options.spatialRank(), value);
    }
    if (type == DataFormat.class && value instanceof String name) {
      return DataFormat.of(where, name);
    }
    if (type == Initializer.class) {
      return Initializers.get(where, value);
    }
    if (type == Regularizer.class) {
      return Regularizers.get(where, value);
    }
    if (type == Constraint.class) {
      return Constraints.get(where, value);
    }
    if (type == Shape.class) {
      return shape(where, key, value);
    }
    if (type == boolean.class && value instanceof Boolean) {
      return value;
    }
    if (type == Padding.class) {
      throw Config.wrong(where, key, value, Padding.names(options.paddings()));
    }
    throw Config.wrong(where, key, value, EXPECTED.getOrDefault(type, type.getSimpleName()));
  }

  /** One integer for all spatial axes, or one for each. */
  private static Dims dims(String where, String key, int rank, Object value) {
    if (value instanceof Number) {
      return Dims.fill(rank, Config.asInteger(where, key, value));
    }
    if (value instanceof List<?> list && !hasNull(list)) {
      int[] dims = new int[list.size()];
      for (int i = 0; i < dims.length; i++) {
        dims[i] = Config.asInteger(where, key, list.get(i));
      }
      return Dims.of(dims);
    }
    throw Config.wrong(where, key, value, "an integer or a list of " + rank + " integers");
  }

  private static boolean hasNull(List<?> list) {
    for (Object item : list) {
      if (item == null) {
        return true;
      }
    }
    return false;
  }

  private static boolean areSizes(List<?> list) {
    for (Object item : list) {
      if (item != null && !(item instanceof Number)) {
        return false;
      }
    }
    return true;
  }

  static Shape shape(String where, String key, Object value) {
    if (value instanceof Shape shape) {
      return shape;
    }
    if (value instanceof List<?> list && areSizes(list)) {
      @SuppressWarnings("unchecked")
      List<@Nullable Number> dims = (List<@Nullable Number>) list;
      return Shape.of(dims);
    }
    throw Config.wrong(where, key, value, "a list of sizes, null where unknown");
  }

  private static DTypePolicy policy(String where, @Nullable Object value) {
    if (value == null) {
      return KerasConfig.floatx();
    }
    if (value instanceof DTypePolicy policy) {
      return policy;
    }
    if (value instanceof DType dtype) {
      return DTypePolicy.of(where, dtype.toString());
    }
    if (value instanceof String name) {
      return DTypePolicy.of(where, name);
    }
    if (value instanceof Map<?, ?> map
        && map.get("config") instanceof Map<?, ?> config
        && config.get("name") instanceof String name) {
      return DTypePolicy.of(where, name);
    }
    throw Config.wrong(where, "dtype", value, "a name, a policy, or null");
  }

  private static Map<String, VarHandle> fields(Class<?> type) {
    Map<String, VarHandle> fields = new TreeMap<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      Arguments.class.getModule().addReads(c.getModule()); // a user's layer may be in another
      try {
        MethodHandles.Lookup lookup = MethodHandles.privateLookupIn(c, MethodHandles.lookup());
        for (Field field : c.getDeclaredFields()) {
          if ((field.getModifiers() & (Modifier.STATIC | Modifier.FINAL)) == 0
              && !NOT_IN_CONFIG.contains(field.getName())) {
            fields.put(Names.keyOf(field.getName()), lookup.unreflectVarHandle(field));
          }
        }
      } catch (IllegalAccessException e) {
        throw new LinkageError("the fields of " + c + " must be accessible", e);
      }
    }
    return fields;
  }
}
