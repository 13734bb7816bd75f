package sepal.tensor;

import java.util.Locale;

/** The type of a tensor's elements. */
public enum DType {
  /** Kept in a {@code float[]}. */
  FLOAT32(true),
  /** Kept in a {@code double[]}. */
  FLOAT64(true),
  /** Kept in an {@code int[]}. */
  INT32(false),
  /** Kept in a {@code long[]}. */
  INT64(false),
  /** 0 to 255, kept in a {@code byte[]}. */
  UINT8(false),
  /** 0 or 1, kept in a {@code byte[]}. */
  BOOL(false);

  private final boolean floating;

  DType(boolean floating) {
    this.floating = floating;
  }

  /** Whether it is {@link #FLOAT32} or {@link #FLOAT64}. */
  public boolean isFloating() {
    return floating;
  }

  /** A Java array of zeros that holds {@code size} elements of this type. */
  public Object newArray(int size) {
    return switch (this) {
      case FLOAT32 -> new float[size];
      case FLOAT64 -> new double[size];
      case INT32 -> new int[size];
      case INT64 -> new long[size];
      case UINT8, BOOL -> new byte[size];
    };
  }

  /** Keras' name: {@code float32}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
