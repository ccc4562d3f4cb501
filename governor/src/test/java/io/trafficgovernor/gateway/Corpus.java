package io.trafficgovernor.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Cases that stand in a text file; the files of {@code conformance} say how they are written. */
final class Corpus {
  private static final String HEAD = "=== ";

  private Corpus() {}

  /**
   * A case.
   *
   * @param must what must happen, in words
   * @param has what is in the head that comes through
   * @param lacks what is not
   * @param request the line of the request; empty if the file does not say
   * @param bytes one for each character
   */
  record Case(
      String name,
      String rfc,
      List<String> must,
      List<String> has,
      List<String> lacks,
      String request,
      String bytes) {
    /** The statuses of the answers, in their order. */
    List<Integer> statuses() {
      return must.stream().filter(each -> each.matches("\\d{3}")).map(Integer::valueOf).toList();
    }

    boolean says(String word) {
      return must.contains(word);
    }

    /** What stands behind that word; empty if it is not said. */
    String value(String word) {
      return must.stream()
          .filter(each -> each.startsWith(word + "="))
          .map(each -> each.substring(word.length() + 1))
          .findFirst()
          .orElse("");
    }

    @Override
    public String toString() {
      return name + " (" + rfc + ")";
    }
  }

  /** Every case of that file; a word that is not known is a mistake. */
  static List<Case> read(String file, Set<String> words) {
    List<Case> cases = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : text(file).lines().toList()) {
      if (line.startsWith(HEAD)) {
        lines = begun(cases, lines, words);
      }
      lines.add(line);
    }
    var unused = begun(cases, lines, words);
    return List.copyOf(cases);
  }

  private static List<String> begun(List<Case> cases, List<String> lines, Set<String> words) {
    if (!lines.isEmpty() && lines.get(0).startsWith(HEAD)) {
      cases.add(parsed(lines, words));
    }
    return new ArrayList<>();
  }

  private static String text(String file) {
    try (InputStream in = Corpus.class.getResourceAsStream("/conformance/" + file)) {
      return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Case parsed(List<String> lines, Set<String> words) {
    String[] head = lines.get(0).substring(HEAD.length()).split(" \\| ", -1);
    if (head.length != 3) {
      throw new IllegalArgumentException(lines.get(0) + ": allowed name | RFC | what must happen");
    }
    List<String> must = List.of(head[2].split(" "));
    for (String word : must) {
      if (!word.matches("\\d{3}") && !words.contains(word.replaceFirst("=.*", ""))) {
        throw new IllegalArgumentException(lines.get(0) + ": " + word + ", allowed " + words);
      }
    }
    List<String> has = new ArrayList<>();
    List<String> lacks = new ArrayList<>();
    String request = "";
    StringBuilder bytes = new StringBuilder();
    int last = lines.size() - 1;
    boolean nothingBehind = lines.get(last).isEmpty() && lines.get(last - 1).endsWith("\\c");
    for (String line : lines.subList(1, nothingBehind ? last : last + 1)) {
      switch (line.length() < 2 ? "" : line.substring(0, 2)) {
        case "> " -> has.add(line.substring(2));
        case "! " -> lacks.add(line.substring(2));
        case "< " -> request = line.substring(2);
        default -> bytes.append(unescaped(line));
      }
    }
    return new Case(head[0], head[1], must, has, lacks, request, bytes.toString());
  }

  /** The bytes of a line, its end included. */
  private static String unescaped(String line) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '{') {
        int end = line.indexOf('}', i);
        String[] repeated = line.substring(i + 1, end).split(" ", 2);
        String once = unescaped(repeated[1] + "\\c");
        out.append(once.repeat(Integer.parseInt(repeated[0])));
        i = end;
      } else if (c != '\\') {
        out.append(c);
      } else {
        i++;
        switch (line.charAt(i)) {
          case 'c' -> {
            return out.toString();
          }
          case 'r' -> out.append('\r');
          case 'n' -> out.append('\n');
          case 't' -> out.append('\t');
          case '0' -> out.append('\0');
          case 'x' -> {
            out.append((char) Integer.parseInt(line.substring(i + 1, i + 3), 16));
            i += 2;
          }
          default -> out.append(line.charAt(i));
        }
      }
    }
    return out.append("\r\n").toString();
  }
}
