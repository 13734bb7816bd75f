package sepal.models;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A table in a box of lines, laid out as the Python library Rich does it, since that is what Keras
 * prints with.
 */
final class TextTable {
  private static final Pattern WORD = Pattern.compile("\\s*\\S+\\s*");
  private static final int PADDING = 2; // a space on either side of a cell

  enum Align {
    LEFT,
    RIGHT,
    CENTER
  }

  private final List<Align> alignment;
  private final int[] widths; // of the cells, padding included
  private final StringBuilder text = new StringBuilder();
  private boolean hasRows;

  /**
   * @param width the width of the whole table
   * @param columnWidths the widths the columns would like to have
   */
  TextTable(int width, int[] columnWidths, List<Align> alignment, List<String> header) {
    this.alignment = alignment;
    this.widths = fit(columnWidths, width - (columnWidths.length + 1));
    rule("┏", "━", "┳", "┓");
    cells(header, "┃", true);
    rule("┡", "━", "╇", "┩");
  }

  void addRow(List<String> cells) {
    if (hasRows) {
      rule("├", "─", "┼", "┤");
    }
    hasRows = true;
    cells(cells, "│", false);
  }

  /** The lines of the table, each with a line break. */
  String finish() {
    rule("└", "─", "┴", "┘");
    return text.toString();
  }

  /**
   * Shares {@code space} out: takes evenly from columns that want too much, else adds in
   * proportion.
   */
  private static int[] fit(int[] wanted, int space) {
    int[] fitted = new int[wanted.length];
    int sum = 0;
    for (int i = 0; i < wanted.length; i++) {
      fitted[i] = Math.max(1, Math.min(wanted[i] + PADDING, space));
      sum += fitted[i];
    }
    int excess = sum - space;
    int ratios = sum;
    for (int i = 0; i < fitted.length; i++) {
      int width = fitted[i];
      if (sum > space) {
        // Halves go to the even neighbour, as Python's round does it.
        int less = Math.min(width, (int) Math.rint((double) excess / (fitted.length - i)));
        fitted[i] = width - less;
        excess -= less;
      } else if (excess < 0) {
        int more = (int) Math.ceil((double) width * -excess / ratios);
        fitted[i] = width + more;
        excess += more;
        ratios -= width;
      }
    }
    return fitted;
  }

  private void rule(String left, String line, String crossing, String right) {
    text.append(left);
    for (int i = 0; i < widths.length; i++) {
      text.append(i == 0 ? "" : crossing).append(line.repeat(widths[i]));
    }
    text.append(right).append('\n');
  }

  private void cells(List<String> cells, String border, boolean atBottom) {
    List<List<String>> columns = new ArrayList<>();
    int height = 1;
    for (int i = 0; i < widths.length; i++) {
      int inside = widths[i] - PADDING;
      columns.add(inside > 0 ? wrap(cells.get(i), inside, alignment.get(i)) : List.of());
      height = Math.max(height, columns.get(i).size());
    }
    for (int line = 0; line < height; line++) {
      text.append(border);
      for (int i = 0; i < widths.length; i++) {
        List<String> column = columns.get(i);
        int own = atBottom ? line - (height - column.size()) : line;
        boolean isBlank = own < 0 || own >= column.size();
        String cell = isBlank ? " ".repeat(widths[i]) : " " + column.get(own) + " ";
        text.append(cell).append(border);
      }
      text.append('\n');
    }
  }

  /** Breaks a text between words; a word that is too long for a line ends in an ellipsis. */
  private static List<String> wrap(String text, int width, Align align) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (Matcher words = WORD.matcher(text); words.find(); ) {
      String word = words.group();
      if (line.length() > 0 && length(line) + length(word.stripTrailing()) > width) {
        lines.add(align(line.toString(), width, align));
        line.setLength(0);
      }
      line.append(word);
    }
    lines.add(align(line.toString(), width, align));
    return lines;
  }

  private static String align(String line, int width, Align align) {
    String kept = align == Align.LEFT && length(line) <= width ? line : line.stripTrailing();
    if (length(kept) > width) {
      kept = kept.substring(0, kept.offsetByCodePoints(0, width - 1)) + "…";
    }
    int space = width - length(kept);
    int left =
        switch (align) {
          case LEFT -> 0;
          case RIGHT -> space;
          case CENTER -> space / 2;
        };
    return " ".repeat(left) + kept + " ".repeat(space - left);
  }

  private static int length(CharSequence text) {
    return Character.codePointCount(text, 0, text.length());
  }
}
