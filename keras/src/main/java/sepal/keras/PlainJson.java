package sepal.keras;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the JSON that Keras writes, without Jackson, whose classes take a process that starts a
 * tenth of a second. Whatever is unusual, be it right or wrong, is left to Jackson: {@link
 * #UNUSUAL} is what {@link #parse} then gives.
 */
final class PlainJson {
  static final Object UNUSUAL = new Object();

  /** What Jackson is to bound. */
  private static final int LONGEST_TEXT = 1_000_000;

  private static final int LONGEST_STRING = 10_000;
  private static final int LONGEST_NUMBER = 40;
  private static final int DEEPEST = 100;

  /** More digits may be more than a long holds. */
  private static final int INTEGER_DIGITS = 18;

  private final String text;
  private int at;
  private int depth;
  private boolean unusual;

  private PlainJson(String text) {
    this.text = text;
  }

  /** The value of a text, or {@link #UNUSUAL}. */
  static @Nullable Object parse(String text) {
    if (text.length() > LONGEST_TEXT) {
      return UNUSUAL;
    }
    PlainJson json = new PlainJson(text);
    Object value = json.value();
    json.skipBlanks();
    return json.unusual || json.at < text.length() ? UNUSUAL : value;
  }

  private @Nullable Object fail() {
    unusual = true;
    return null;
  }

  /** The next character, or 0 at the end. */
  private char peek() {
    return at < text.length() ? text.charAt(at) : 0;
  }

  private void skipBlanks() {
    for (char c = peek(); c == ' ' || c == '\n' || c == '\r' || c == '\t'; c = peek()) {
      at++;
    }
  }

  private boolean take(char wanted) {
    skipBlanks();
    if (peek() != wanted) {
      return false;
    }
    at++;
    return true;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      return fail();
    }
    at += word.length();
    return value;
  }

  private @Nullable Object value() {
    skipBlanks();
    switch (peek()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return string();
      case 't':
        return word("true", true);
      case 'f':
        return word("false", false);
      case 'n':
        return word("null", null);
      default:
        return number();
    }
  }

  private @Nullable Object object() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    at++;
    if (++depth > DEEPEST) {
      return fail();
    }
    if (!take('}')) {
      do {
        skipBlanks();
        String key = peek() == '"' ? string() : null;
        if (key == null || !take(':')) {
          return fail();
        }
        map.put(key, value());
      } while (!unusual && take(','));
      if (unusual || !take('}')) {
        return fail();
      }
    }
    depth--;
    return map;
  }

  private @Nullable Object array() {
    List<@Nullable Object> list = new ArrayList<>();
    at++;
    if (++depth > DEEPEST) {
      return fail();
    }
    if (!take(']')) {
      do {
        list.add(value());
      } while (!unusual && take(','));
      if (unusual || !take(']')) {
        return fail();
      }
    }
    depth--;
    return list;
  }

  /** Null if it is unusual: also with escapes other than of one letter. */
  private @Nullable String string() {
    int start = ++at;
    StringBuilder unescaped = null;
    for (; at < text.length() && at - start < LONGEST_STRING; at++) {
      char c = text.charAt(at);
      if (c == '"') {
        at++;
        return unescaped == null ? text.substring(start, at - 1) : unescaped.toString();
      }
      if (c < ' ' || c == '\uFFFD') { // that may be bytes which are no UTF-8
        break;
      }
      if (c == '\\') {
        int index = at + 1 < text.length() ? "\"\\/bfnrt".indexOf(text.charAt(at + 1)) : -1;
        if (index < 0) {
          break;
        }
        if (unescaped == null) {
          unescaped = new StringBuilder(text.substring(start, at));
        }
        unescaped.append("\"\\/\b\f\n\r\t".charAt(index));
        at++;
      } else if (unescaped != null) {
        unescaped.append(c);
      }
    }
    unusual = true;
    return null;
  }

  private int digits() {
    int start = at;
    for (char c = peek(); c >= '0' && c <= '9'; c = peek()) {
      at++;
    }
    return at - start;
  }

  private @Nullable Object number() {
    int start = at;
    if (peek() == '-') {
      at++;
    }
    char first = peek();
    int digits = digits();
    if (digits == 0 || first == '0' && digits > 1) {
      return fail();
    }
    boolean isInteger = true;
    if (peek() == '.') {
      isInteger = false;
      at++;
      if (digits() == 0) {
        return fail();
      }
    }
    if (peek() == 'e' || peek() == 'E') {
      isInteger = false;
      at++;
      if (peek() == '-' || peek() == '+') {
        at++;
      }
      if (digits() == 0) {
        return fail();
      }
    }
    if (at - start > LONGEST_NUMBER || isInteger && digits > INTEGER_DIGITS) {
      return fail();
    }
    String number = text.substring(start, at);
    if (!isInteger) {
      return Double.valueOf(number);
    }
    long value = Long.parseLong(number);
    return value == (int) value ? (Object) (int) value : (Object) value;
  }
}
