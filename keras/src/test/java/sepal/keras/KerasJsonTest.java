package sepal.keras;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sepal.check.InvalidArgument;
import sepal.config.KerasConfig;
import sepal.shape.DataFormat;
import sepal.tensor.DTypePolicy;

class KerasJsonTest {
  @TempDir Path folder;

  private KerasJson settings(String text) throws IOException {
    return new KerasJson(Files.writeString(folder.resolve("keras.json"), text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"image_data_format\": \"channels_first\", \"floatx\": \"float32\"} | CHANNELS_FIRST",
        "{\"image_data_format\": \"channels_last\"}                           | CHANNELS_LAST",
        "{\"image_dim_ordering\": \"th\", \"backend\": \"theano\"}            | CHANNELS_FIRST",
        "{\"image_dim_ordering\": \"tf\"}                                     | CHANNELS_LAST",
        "{\"image_data_format\": \"channels_last\", \"image_dim_ordering\": \"th\"} | CHANNELS_LAST",
        "{\"epsilon\": 1e-07}                                                 | ",
      })
  void the_data_format_is_read_under_its_new_or_its_old_name(String text, DataFormat expected)
      throws IOException {
    assertThat(settings(text).imageDataFormat()).isEqualTo(expected);
  }

  @Test
  void no_file_means_the_defaults_and_none_is_written() {
    assertThat(new KerasJson(folder.resolve("keras.json")).imageDataFormat()).isNull();
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"image_data_format\": \"channels_first\""})
  void a_broken_file_means_the_defaults(String text) throws IOException {
    assertThat(settings(text).imageDataFormat()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"image_data_format\": \"channels_middle\"}",
        "{\"image_data_format\": 3}",
        "{\"image_dim_ordering\": \"tensorflow\"}"
      })
  void a_sound_file_with_a_wrong_value_is_an_error_that_names_it(String text) throws IOException {
    KerasJson settings = settings(text);

    assertThatThrownBy(settings::imageDataFormat)
        .isInstanceOf(InvalidArgument.class)
        .hasMessageStartingWith(folder.resolve("keras.json") + ": ");
  }

  @Test
  void floatx_and_epsilon_are_read() throws IOException {
    KerasJson settings = settings("{\"floatx\": \"float64\", \"epsilon\": 1e-05}");
    assertThat(settings.floatx()).isEqualTo(DTypePolicy.FLOAT64);
    assertThat(settings.epsilon()).isEqualTo(1e-5);
    assertThat(settings("{}").floatx()).isNull();
    assertThat(settings("{}").epsilon()).isNull();
  }

  @Test
  void wrong_floatx_and_epsilon_are_errors_in_full() throws IOException {
    Path file = folder.resolve("keras.json");
    assertThatThrownBy(settings("{\"floatx\": \"float7\"}")::floatx)
        .hasMessage(
            """
            %s: unknown dtype
              got:      dtype="float7" (did you mean "float32"?)
              expected: "float32" or "float64\"""",
            file);
    assertThatThrownBy(settings("{\"epsilon\": 0}")::epsilon)
        .hasMessage(
            """
            %s: wrong value of epsilon
              got:      epsilon=0
              expected: a positive number""",
            file);
  }

  @Test
  void the_file_is_in_keras_home_or_in_the_users_home() {
    assertThat(KerasJson.file("/k", "/home/u")).isEqualTo(Path.of("/k/keras.json"));
    assertThat(KerasJson.file(null, "/home/u")).isEqualTo(Path.of("/home/u/.keras/keras.json"));
    assertThat(KerasJson.file("", "/home/u")).isEqualTo(Path.of("/home/u/.keras/keras.json"));
  }

  @Test
  void core_finds_it() {
    assertThat(ServiceLoader.load(KerasConfig.Source.class))
        .hasAtLeastOneElementOfType(KerasJson.class);
  }
}
