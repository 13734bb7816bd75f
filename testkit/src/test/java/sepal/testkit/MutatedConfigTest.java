package sepal.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sepal.check.InvalidArgument;
import sepal.keras.Json;
import sepal.models.Models;

/** Configurations of models with something wrong in them: a clear error, or a model. */
class MutatedConfigTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/models");
  private static final long SEED = 8_117;
  private static final int MUTATIONS = 2_000;

  private static final Object[] STRANGERS = {
    null,
    "",
    "x",
    "Dense",
    "relu",
    true,
    false,
    0,
    1,
    -1,
    7,
    2.5,
    1e300,
    Long.MAX_VALUE,
    List.of(),
    List.of(0),
    List.of("x", 0, 0),
    Arrays.asList(null, 3),
    List.of(List.of()),
    Map.of(),
    Map.of("class_name", "Dense"),
    Map.of("class_name", "Functional", "config", Map.of())
  };

  @Test
  void a_mutated_configuration_gives_a_clear_error_or_a_model() throws IOException {
    List<Map<?, ?>> models = new ArrayList<>();
    try (Stream<Path> files = Files.list(GOLDEN)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        models.add((Map<?, ?>) Json.parseObject("m", Files.readAllBytes(file)).get("to_json"));
      }
    }
    int refused = 0;
    List<String> unclear = new ArrayList<>();
    for (int i = 0; i < MUTATIONS; i++) {
      Random random = new Random(SEED + i);
      Object mutated = models.get(random.nextInt(models.size()));
      for (int times = 1 + random.nextInt(3); times > 0; times--) {
        mutated = mutate(mutated, random);
      }
      try {
        Models.fromConfig("m.keras", asConfig(mutated));
      } catch (InvalidArgument | UnsupportedOperationException | IllegalStateException e) {
        refused++;
        if (!e.getMessage().contains(": ")) {
          unclear.add("seed " + (SEED + i) + ": " + e);
        }
      } catch (RuntimeException | StackOverflowError e) {
        unclear.add("seed " + (SEED + i) + ": " + e + " at " + e.getStackTrace()[0]);
      }
    }
    assertThat(unclear).isEmpty();
    assertThat(refused).isBetween(MUTATIONS / 4, MUTATIONS - 100);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asConfig(Object mutated) {
    return mutated instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** A copy with one value, anywhere inside, removed or replaced. */
  private static Object mutate(Object value, Random random) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && random.nextInt(40) > 0) {
      Map<Object, Object> copy = new LinkedHashMap<>(map);
      Object key = new ArrayList<>(map.keySet()).get(random.nextInt(map.size()));
      if (random.nextInt(40) == 0) {
        copy.remove(key);
      } else {
        copy.put(key, mutate(map.get(key), random));
      }
      return copy;
    }
    if (value instanceof List<?> list && !list.isEmpty() && random.nextInt(40) > 0) {
      List<Object> copy = new ArrayList<>(list);
      int index = random.nextInt(list.size());
      switch (random.nextInt(40)) {
        case 0 -> copy.remove(index);
        case 1 -> copy.add(copy.get(index));
        default -> copy.set(index, mutate(list.get(index), random));
      }
      return copy;
    }
    return STRANGERS[random.nextInt(STRANGERS.length)];
  }
}
