package io.trafficgovernor.config;

import io.trafficgovernor.admission.RequestClass;
import io.trafficgovernor.admission.request.Arrival;
import io.trafficgovernor.config.YamlNode.Kind;
import io.trafficgovernor.config.YamlNode.Scalar;
import io.trafficgovernor.config.pattern.MatchRule;
import io.trafficgovernor.config.pattern.PathPattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the list of classes and checks how they stand to each other. */
final class ClassesReader {
  private static final Form<String> NAME =
      Form.text("[A-Za-z0-9][A-Za-z0-9-]{0,62}", "1 to 63 letters, digits and hyphens");
  private static final Form<String> METHOD =
      Form.text("[A-Z][A-Z-]{0,31}", "a method in capitals: GET");
  private static final Form<PathPattern> PATH =
      Form.parsed(
          "a path: /a/b, /a/*/b (one segment) or /a/** (any number), nothing else with a star,"
              + " without empty or dot segments, query or needless escapes",
          PathPattern::parse);
  private static final Form<Integer> COST = Form.whole(1, Arrival.MAX_COST);
  private static final Form<Duration> TIMEOUT =
      Form.duration(Duration.ofMillis(10), Duration.ofMinutes(10));
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
  private static final double MAX_WAIT_SHARE = 0.3;
  private static final int PATIENT_CLASSES = 2;

  private final Section root;
  private final List<Section> sections;
  private final List<ClassConfig> classes = new ArrayList<>();

  private ClassesReader(Section root) {
    this.root = root;
    this.sections = root.sections("classes");
  }

  static List<ClassConfig> read(Section root) {
    ClassesReader reader = new ClassesReader(root);
    reader.sections.forEach(each -> reader.classes.add(reader.one(each)));
    reader.checkNumber();
    reader.checkNames();
    reader.checkDefault();
    reader.checkParents();
    reader.checkShadows();
    return List.copyOf(reader.classes);
  }

  private ClassConfig one(Section section) {
    String name = section.required("name", NAME, "class-" + classes.size());
    List<MatchRule> match = section.sections("match").stream().map(ClassesReader::rule).toList();
    boolean byDefault = section.optional("default", Form.flag(), false);
    Set<String> after = new LinkedHashSet<>(section.list("after", NAME));
    Duration timeout = section.optional("timeout", TIMEOUT, DEFAULT_TIMEOUT);
    Duration wait = patience(section, timeout);
    ClassConfig.Instead instead = InsteadReader.read(section);
    section.end();
    if (match.isEmpty() && !byDefault) {
      section.fault("match", "got no rule, allowed: 1 or more, or default: true");
    }
    return new ClassConfig(name, match, byDefault, after, timeout, wait, instead);
  }

  private Duration patience(Section section, Duration timeout) {
    Duration most = Duration.ofNanos((long) (MAX_WAIT_SHARE * timeout.toNanos()));
    Duration usual = Duration.ofMillis(classes.size() < PATIENT_CLASSES ? 300 : 150);
    Duration wait =
        section.optional(
            "wait",
            Form.duration(Duration.ZERO, Duration.ofMinutes(3)),
            usual.compareTo(most) < 0 ? usual : most);
    if (wait.compareTo(most) > 0) {
      section.fault(
          "wait",
          "got " + Form.shown(wait) + ", allowed at most 0.3 of the time-out: " + Form.shown(most));
    }
    return wait;
  }

  private static MatchRule rule(Section section) {
    PathPattern any = new PathPattern(List.of(), true);
    Optional<PathPattern> path = section.present("path", PATH, any);
    boolean methodsGiven = section.has("method");
    Set<String> methods = Set.copyOf(new HashSet<>(section.list("method", METHOD)));
    Map<String, String> headers = headers(section.section("header"));
    int cost = section.optional("cost", COST, 1);
    section.end();
    if (path.isEmpty() && !methodsGiven && headers.isEmpty()) {
      section.fault("path", "got a rule without path, method and header; allowed: one at least");
    }
    return new MatchRule(path, methods, headers, cost);
  }

  private static Map<String, String> headers(Section section) {
    Map<String, String> headers = new HashMap<>();
    section
        .all()
        .forEach(
            (name, node) -> {
              boolean usable =
                  node instanceof Scalar scalar
                      && scalar.kind() != Kind.NOTHING
                      && name.matches("[A-Za-z0-9-]{1,64}");
              if (usable) {
                headers.put(name.toLowerCase(Locale.ROOT), ((Scalar) node).text());
              } else {
                section.fault(name, "got " + node.shown() + ", allowed: a header and its value");
              }
            });
    return headers;
  }

  private void checkNumber() {
    if (sections.isEmpty() || sections.size() > RequestClass.MAX_CLASSES) {
      root.fault(
          "classes", "got " + sections.size() + ", allowed: 1 to " + RequestClass.MAX_CLASSES);
    }
  }

  private void checkNames() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < classes.size(); i++) {
      if (!seen.add(classes.get(i).name())) {
        sections.get(i).fault("name", "got \"" + classes.get(i).name() + "\" twice, allowed once");
      }
    }
  }

  private void checkDefault() {
    List<String> names =
        classes.stream().filter(ClassConfig::byDefault).map(ClassConfig::name).toList();
    if (names.size() != 1) {
      root.fault(
          "classes",
          "got "
              + (names.isEmpty() ? "none" : String.join(", ", names))
              + " with default: true, allowed: exactly one");
    }
  }

  private void checkParents() {
    Map<String, ClassConfig> byName = new HashMap<>();
    classes.forEach(each -> byName.putIfAbsent(each.name(), each));
    for (int i = 0; i < classes.size(); i++) {
      for (String parent : classes.get(i).after()) {
        if (!byName.containsKey(parent)) {
          sections
              .get(i)
              .fault("after", "got \"" + parent + "\", which is no class; allowed: " + names());
        }
      }
      if (reaches(classes.get(i), classes.get(i).name(), byName, new HashSet<>())) {
        sections
            .get(i)
            .fault(
                "after", "\"" + classes.get(i).name() + "\" comes after itself; allowed: no cycle");
      }
    }
  }

  private String names() {
    return String.join(", ", classes.stream().map(ClassConfig::name).toList());
  }

  private static boolean reaches(
      ClassConfig from, String name, Map<String, ClassConfig> byName, Set<String> seen) {
    for (String parent : from.after()) {
      ClassConfig next = byName.get(parent);
      if (parent.equals(name)
          || (next != null && seen.add(parent) && reaches(next, name, byName, seen))) {
        return true;
      }
    }
    return false;
  }

  /** A rule that an earlier class's rule covers is never reached. */
  private void checkShadows() {
    for (int later = 1; later < classes.size(); later++) {
      for (int rule = 0; rule < classes.get(later).match().size(); rule++) {
        String shadow = shadowOf(classes.get(later).match().get(rule), later);
        if (!shadow.isEmpty()) {
          sections
              .get(later)
              .fault("match[" + rule + "]", "is never reached: class " + shadow + " takes it all");
        }
      }
    }
  }

  private String shadowOf(MatchRule rule, int later) {
    return classes.subList(0, later).stream()
        .filter(each -> each.match().stream().anyMatch(earlier -> earlier.covers(rule)))
        .map(ClassConfig::name)
        .findFirst()
        .orElse("");
  }
}
