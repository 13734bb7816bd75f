package sepal.models;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import sepal.check.Problem;

/**
 * What a summary shows, and how wide it is.
 *
 * @see "Keras 3.16, keras.Model.summary"
 */
public final class SummaryOptions {
  @Nullable Integer lineLength;
  double @Nullable [] positions;
  boolean expandNested;
  boolean showTrainable;
  @Nullable String firstLayer;
  @Nullable String lastLayer;
  private Consumer<String> print = text -> {};

  SummaryOptions() {}

  /**
   * The width of the table in characters; 76 by default, as Keras takes it where there is no
   * terminal. On a wide terminal Keras takes 88, or 108 with connections.
   */
  public SummaryOptions lineLength(int characters) {
    this.lineLength = characters;
    return this;
  }

  /**
   * Where each column ends, as parts of the width, for example {@code 0.45, 0.8, 1}. Summaries of
   * graphs have a fourth column.
   */
  public SummaryOptions positions(double... ends) {
    this.positions = ends.clone();
    return this;
  }

  /** Shows the layers of models inside the model too. */
  public SummaryOptions expandNested() {
    this.expandNested = true;
    return this;
  }

  /** Adds a column that says whether training changes a layer: Y, N, or - without weights. */
  public SummaryOptions showTrainable() {
    this.showTrainable = true;
    return this;
  }

  /**
   * Shows only a part of the layers.
   *
   * @param first the name of the first layer to show, or a regular expression for its beginning
   * @param last the same for the last layer to show
   */
  public SummaryOptions layerRange(String first, String last) {
    this.firstLayer = first;
    this.lastLayer = last;
    return this;
  }

  /** Hands the text over when it is done, for example {@code System.out::print}. */
  public SummaryOptions printTo(Consumer<String> print) {
    this.print = print;
    return this;
  }

  void print(String text) {
    print.accept(text);
  }

  /** The width of the table, {@code wide} at most unless it was given. */
  int lengthUpTo(int wide) {
    int length = lineLength == null ? Math.min(wide, 76) : lineLength;
    if (length < 1) {
      throw Problem.in("summary", "lineLength must be positive")
          .got("lineLength=" + length)
          .asInvalidArgument();
    }
    return length;
  }
}
