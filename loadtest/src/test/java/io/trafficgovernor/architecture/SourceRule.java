package io.trafficgovernor.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What the text of the sources must keep. Each answers with the places that do not. */
enum SourceRule {
  /** A line has at most 100 columns; imports and the lines of text blocks may not be broken. */
  WIDTH {
    @Override
    List<String> broken(SourceFile file) {
      if (!file.isJava()) {
        return List.of();
      }
      List<String> all = new ArrayList<>();
      boolean block = false;
      for (int i = 0; i < file.lines().size(); i++) {
        String line = file.lines().get(i);
        boolean quotes = line.contains(QUOTES);
        if (line.length() > COLUMNS && !block && !line.startsWith("import ")) {
          all.add(file.at(i) + " has " + line.length() + " columns");
        }
        block ^= quotes && line.indexOf(QUOTES) == line.lastIndexOf(QUOTES);
      }
      return all;
    }
  },

  /** A file has at most 400 lines, a test at most 500. */
  LENGTH {
    @Override
    List<String> broken(SourceFile file) {
      int most = file.isTest() ? TEST_LINES : LINES;
      return file.isJava() && file.lines().size() > most
          ? List.of(file.path() + " has " + file.lines().size() + " lines of at most " + most)
          : List.of();
    }
  },

  /** A method has at most 70 lines. */
  METHODS {
    @Override
    List<String> broken(List<SourceFile> files) {
      return Methods.of(files.stream().filter(SourceFile::isJava).toList()).stream()
          .filter(each -> each.length() > METHOD_LINES)
          .map(each -> "%s %s has %d lines".formatted(each.at(), each.name(), each.length()))
          .toList();
    }
  },

  /** Nothing is left for later without an issue, and no stack trace goes to the console. */
  LOOSE_ENDS {
    @Override
    List<String> broken(SourceFile file) {
      return lines(
          file, Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b|print" + "StackTrace"));
    }
  },

  /** Nothing refers to the folders of the machine it was written on. */
  FOREIGN_PATHS {
    @Override
    List<String> broken(SourceFile file) {
      return lines(file, Pattern.compile("\\.\\./sha" + "red\\b|(^|[\\s\"'(=])/wo" + "rk/"));
    }
  },

  /** A test takes the ports that the system gives it. */
  FIXED_PORTS {
    @Override
    List<String> broken(SourceFile file) {
      return file.isTest()
          ? lines(
              file,
              Pattern.compile(
                  "listen\\(\\s*[1-9]|ServerSocket\\(\\s*[1-9]"
                      + "|SocketAddress\\([^()]*\\b[1-9]\\d+\\s*\\)|\"--port\",\\s*\"[1-9]"))
          : List.of();
    }
  },

  /** A package of the product has 2 to 12 files; one with fewer or more is no concept. */
  PACKAGE_SIZE {
    @Override
    List<String> broken(List<SourceFile> files) {
      Map<String, Integer> sizes = new TreeMap<>();
      files.stream()
          .filter(SourceFile::isMain)
          .forEach(each -> sizes.merge(each.folder(), 1, Integer::sum));
      List<String> all = new ArrayList<>();
      sizes.forEach(
          (folder, size) -> {
            int most = LARGE.getOrDefault(folder.replaceFirst(".*/io/", "io/"), FILES_MAX);
            if (size < FILES_MIN || size > most) {
              all.add("%s has %d files of at most %d".formatted(folder, size, most));
            }
          });
      return all;
    }
  },

  /** A package lies at most two names below the base of its module. */
  PACKAGE_DEPTH {
    @Override
    List<String> broken(SourceFile file) {
      String below =
          file.folder().replaceFirst(".*/io/trafficgovernor/((admission|cluster|loadtest)/)?", "");
      return file.isMain() && below.chars().filter(each -> each == '/').count() > 2
          ? List.of(file.path() + " lies too deep")
          : List.of();
    }
  },

  /** Each package of the product says what it is and where to start reading. */
  PACKAGE_STORY {
    @Override
    List<String> broken(List<SourceFile> files) {
      Predicate<SourceFile> story =
          each ->
              each.path().endsWith("/package-info.java")
                  && each.text().contains("/**")
                  && Pattern.compile("\\b[Ss]tart").matcher(each.text()).find();
      List<String> told = files.stream().filter(story).map(SourceFile::folder).toList();
      return files.stream()
          .filter(SourceFile::isMain)
          .map(SourceFile::folder)
          .distinct()
          .filter(folder -> !told.contains(folder))
          .map(folder -> folder + " has no package-info that says where to start")
          .toList();
    }
  };

  private static final int COLUMNS = 100;
  private static final int LINES = 400;
  private static final int TEST_LINES = 500;
  private static final int METHOD_LINES = 70;
  private static final int FILES_MIN = 2;
  private static final int FILES_MAX = 12;
  private static final String QUOTES = "\"\"\"";

  /** Packages that are larger on purpose, with the reason. */
  private static final Map<String, Integer> LARGE =
      Map.of(
          "io/trafficgovernor/admission/control/", 18,
          "io/trafficgovernor/admission/ledger/", 19,
          "io/trafficgovernor/admission/request/", 19,
          "io/trafficgovernor/config/", 24,
          "io/trafficgovernor/process/", 13,
          "io/trafficgovernor/ctl/", 13,
          "io/trafficgovernor/loadtest/store/", 15,
          "io/trafficgovernor/loadtest/witness/", 14,
          "io/trafficgovernor/loadtest/world/", 16);

  /** The places in all files that break this rule. */
  List<String> broken(List<SourceFile> files) {
    return files.stream().flatMap(each -> broken(each).stream()).toList();
  }

  /** The places in one file that break this rule, if it judges files one by one. */
  List<String> broken(SourceFile file) {
    return List.of();
  }

  private static List<String> lines(SourceFile file, Pattern banned) {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < file.lines().size(); i++) {
      if (banned.matcher(file.lines().get(i)).find()) {
        all.add(file.at(i) + " " + file.lines().get(i).strip());
      }
    }
    return all;
  }
}
